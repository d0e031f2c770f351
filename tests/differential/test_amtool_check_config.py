"""What we accept and refuse as ``alertmanager.yml`` is what ``amtool check-config`` does."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.differential.amtool import judge
from tests.differential.receiver_configs import receiver_cases
from tests.differential.routing_configs import routing_cases

from buckstop import alertmanager, servers
from buckstop.diagnostics import Level


@pytest.mark.servers
def test_we_refuse_exactly_the_configurations_that_amtool_refuses(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """Nothing that loads is called wrong, and nothing that does not load passes."""
    cases = routing_cases() | receiver_cases()
    version = ".".join(each_installation.alertmanager_version.split(".")[:2])
    refused = judge(each_installation, cases, tmp_path)
    disagreements = []
    for name, text in cases.items():
        _, diagnostics = alertmanager.read(text, "alertmanager.yml", version=version)
        errors = [found for found in diagnostics if found.level is Level.ERROR]
        if bool(errors) != (name in refused):
            ours = errors[0].message if errors else "accepted"
            disagreements.append(f"{name}\n  ours: {ours}\n  amtool: {refused.get(name)}")
    assert not disagreements, "\n".join(disagreements)
