"""Alertmanager's own templates: their names by version, and that they execute."""

from __future__ import annotations

import pytest

from buckstop.gotemplate import (
    Executes,
    TemplateSet,
    alertmanager_engine,
    judge,
    parse,
    parsed_version,
)
from buckstop.gotemplate.default_templates import default_templates
from buckstop.servers import Installation


@pytest.mark.servers
def test_each_versions_own_templates_are_known_by_name_and_execute(
    each_installation: Installation,
) -> None:
    """A reference to one of them is a proof only while it is defined, and executes on all data."""
    version = parsed_version(each_installation.alertmanager_version)
    engine = alertmanager_engine(version)
    templates = TemplateSet()
    assert each_installation.working_folder is not None
    for path in sorted(each_installation.working_folder.rglob("usr/share/prometheus/*/*.tmpl")):
        parsed = parse(path.read_text(encoding="utf-8"), engine.knows)
        assert not parsed.faults
        templates = templates.adding(parsed.definitions)
    known, uncertain = default_templates(version)
    assert known.keys() == templates.definitions.keys()
    assert not uncertain
    for name, template in known.items():
        dots = (".Alerts", ".Alerts.Firing") if template.of_alerts else (".", "$")
        for dot in dots:
            judged = judge(f'{{{{ template "{name}" {dot} }}}}', engine, templates)
            assert judged.executes is Executes.ALWAYS, (name, judged.reason)
