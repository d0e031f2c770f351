"""Every witness can be handed to amtool, and amtool tells the same receivers."""

from __future__ import annotations

from pathlib import Path

import pytest

from buckstop.alertmanager import read
from buckstop.prometheus import read_rules
from buckstop.prover.examination import examine
from buckstop.prover.given import Given
from buckstop.prover.model import Verdict
from buckstop.servers import Installation, route_test

ROUTES = """
route:
  receiver: rest
  routes:
  - matchers: ['severity="critical"']
    receiver: watchers
    continue: true
  - matchers: ['team="infra"']
    receiver: infra
    routes:
    - {matchers: ['severity=~"critical|page"'], receiver: pager, continue: true}
    - {matchers: ['severity!="minor"'], receiver: infra}
  - {matchers: ['team=~"data|features", zone!~"eu.*"'], receiver: data}
  - {matchers: ['zone=""', 'team!="lost"'], receiver: zoneless}
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/'}]}
- {name: watchers, webhook_configs: [{url: 'http://127.0.0.1/'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/'}]}
- {name: pager, webhook_configs: [{url: 'http://127.0.0.1/'}]}
- {name: data, webhook_configs: [{url: 'http://127.0.0.1/'}]}
- {name: zoneless, webhook_configs: [{url: 'http://127.0.0.1/'}]}
"""
TEAMS = ("infra", "Infra", "data", "features", "lost", "")
SEVERITIES = ("critical", "page", "minor")
ZONES = ("eu-1", "us", "")


@pytest.mark.servers
def test_amtool_sends_each_decided_rule_where_the_answer_says(
    tmp_path: Path, installation: Installation
) -> None:
    """Decided receivers are Alertmanager's own, for 54 label sets, proven and refuted alike."""
    rules = "".join(
        f"  - {{alert: A, expr: up == 0, labels: {{team: '{team}', severity: '{severity}', "
        f"zone: '{zone}'}}}}\n"
        for team in TEAMS
        for severity in SEVERITIES
        for zone in ZONES
    )
    rule_file, _ = read_rules(f"groups:\n- name: g\n  rules:\n{rules}", "rules.yml")
    config, found = read(ROUTES, "alertmanager.yml")
    assert rule_file is not None
    assert config is not None, found
    (tmp_path / "alertmanager.yml").write_text(ROUTES)
    examination = examine(Given(rule_files=(rule_file,), config=config, team_label="team"))
    verdicts = {answer.verdict for answer in examination.verdicts}
    assert verdicts >= {Verdict.PROVEN, Verdict.REFUTED}
    for one in examination.rules:
        if one.answer.cause == "undecided":
            continue
        told = route_test(installation, tmp_path / "alertmanager.yml", one.rule.static_labels)
        assert tuple(told) == one.answer.receivers, one.rule.static_labels
        if one.answer.verdict is Verdict.REFUTED:
            assert one.answer.witness == tuple(sorted(one.rule.static_labels.items()))
