"""``--format sarif`` and ``--format github``: what a pipeline shows beside the lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from buckstop.cli.main import root

ROUTES = """route:
  receiver: rest
  routes:
  - matchers: ['team="infra"']
    receiver: infra
  - matchers: ['zone="eu"', 'team="eu"']
    receiver: eu
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
- {name: eu, webhook_configs: [{url: 'http://127.0.0.1/eu'}]}
"""
RULES = """groups:
- name: g
  rules:
  - {alert: Proven, expr: up == 0, labels: {team: infra}}
  - {alert: Refuted, expr: up == 0, labels: {team: nobody}}
  - {alert: Undecided, expr: up == 0, labels: {team: eu}}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules.yml").write_text(RULES)
    (tmp_path / "alertmanager.yml").write_text(ROUTES)
    monkeypatch.chdir(tmp_path)


def results(*words: str) -> list[dict[str, Any]]:
    run = CliRunner().invoke(root, ["check", "--format", "sarif", *words])
    assert run.exit_code == 1, run.output
    found = json.loads(run.stdout)["runs"][0]["results"]
    assert isinstance(found, list)
    return found


def test_a_verdict_that_fails_the_pipeline_is_shown_at_its_rule() -> None:
    """Nobody is left with a failed step and no line that says why."""
    of_rules = [
        (result["ruleId"], result["locations"][0]["physicalLocation"]["region"]["startLine"])
        for result in results("--team-label", "team")
        if result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "rules.yml"
        and result["level"] != "note"
    ]
    assert [line for _, line in of_rules] == [5, 6]
    assert of_rules[1][0] == "rule-not-decided"


def test_every_verdict_has_one_error_at_most_in_its_line() -> None:
    """A finding that says more than the verdict stands alone, not beside it."""
    errors = [
        (result["locations"][0]["physicalLocation"]["region"]["startLine"])
        for result in results("--team-label", "team", "-q")
    ]
    assert errors == [5]


def test_github_gets_one_command_a_line_and_quiet_leaves_the_errors() -> None:
    """The runner reads the output line by line; what is no command there is lost."""
    run = CliRunner().invoke(root, ["check", "--format", "github", "--team-label", "team", "."])
    assert run.exit_code == 1
    lines = run.stdout.splitlines()
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    assert any("file=rules.yml,line=6," in line for line in lines)
    quiet = CliRunner().invoke(root, ["check", "-q", "--format", "github", "--team-label", "team"])
    assert {line.partition(" ")[0] for line in quiet.stdout.splitlines()} == {"::error"}


@pytest.mark.parametrize("form", ["sarif", "github"])
def test_build_reports_the_charters_findings_the_same_way(form: str) -> None:
    """A charter with a slip is shown in the pull request that brings it."""
    Path("charter.yaml").write_text("version: 1\nteamz: {}\n")
    run = CliRunner().invoke(root, ["build", "charter.yaml", "-o", "out", "--format", form])
    assert run.exit_code == 1
    assert "charter-key-unknown" in run.stdout
    assert "Traceback" not in run.output
