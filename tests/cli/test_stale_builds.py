"""A charter beside a build of it: each rule once, and no proof for a build that is not of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.main import root

CHARTER = """
version: 1
severities: [critical, minor]
teams:
  ops: {notify: {default: [{slack: {channel: "#ops", api_url: {file: slack}}}]}}
  data: {notify: {default: [{slack: {channel: "#data", api_url: {file: slack}}}]}}
accountability:
  - {when: {fault: quality}, accountable: ops}
  - {otherwise: true, accountable: data}
models:
  churn: {slos: [{sli: auc, objective: ">= 0.8", severity: minor}]}
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(root, list(words))


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a charter and the build of it, to be run in."""
    (tmp_path / "charter").mkdir()
    (tmp_path / "charter" / "charter.yaml").write_text(CHARTER)
    monkeypatch.chdir(tmp_path)
    assert run("build", "charter", "-o", "build").exit_code == 0
    return tmp_path


@pytest.fixture
def stale(built: Path) -> Path:
    """The same after other teams were made accountable, and before the next build."""
    swapped = CHARTER.replace("accountable: ops", "accountable: both")
    swapped = swapped.replace("accountable: data", "accountable: ops")
    swapped = swapped.replace("accountable: both", "accountable: data")
    (built / "charter" / "charter.yaml").write_text(swapped)
    return built


def report(*words: str) -> tuple[int, dict[str, Any]]:
    result = run("check", "--format", "json", *words)
    value = json.loads(result.stdout)
    assert isinstance(value, dict)
    return result.exit_code, value


def test_each_rule_is_listed_once_where_the_build_is_of_the_charter(built: Path) -> None:
    """The rules that a server would load are judged, and the charter adds none to them."""
    _, alone = report("charter")
    exit_code, both = report("charter", "build")
    assert exit_code == 0
    # What is remarkable in the build's own routes is noted where a build is read.
    same = {"errors": 0, "warnings": 1, "notes": both["summary"]["notes"]}
    (warning,) = [one for one in both["diagnostics"] if one["level"] == "warning"]
    # The ledger's own alerts are of two severities, and the charter names one contact for both.
    assert warning["code"] == "severity-not-routed"
    assert both["summary"] == {**alone["summary"], **same}
    assert all(rule["file"].startswith("build/") for rule in both["rules"])


def test_a_rule_that_is_missing_in_the_build_is_answered_from_the_charter(built: Path) -> None:
    """Nothing of the charter is lost where the build at hand is not whole."""
    (built / "build" / "prometheus" / "rules" / "churn.yml").unlink()
    _, alone = report("charter")
    _, both = report("charter", "build")
    assert both["summary"]["rules"] == alone["summary"]["rules"]
    assert {rule["file"] for rule in both["rules"]} >= {"charter/charter.yaml"}


def test_a_stale_build_is_an_error_with_the_command_that_mends_it(stale: Path) -> None:
    """No rule is listed with two teams, and no script takes the pair for proven."""
    _, alone = report("charter")
    exit_code, both = report("charter", "build")
    assert exit_code == 1
    assert both["summary"]["rules"] == alone["summary"]["rules"]
    (found,) = (one for one in both["diagnostics"] if one["code"] == "build-stale")
    assert found["file"] == "build/accountability.json"
    said = run("check", "charter", "build").stdout
    assert "run `buckstop build charter -o build`" in said


def test_a_build_in_a_searched_folder_is_compared_and_named(stale: Path) -> None:
    """The build lies where it is passed over, and yet the servers load it."""
    result = run("check", ".")
    assert result.exit_code == 1
    assert "Passed over: build (a build)." in result.stdout
    assert "error[build-stale]" in result.stdout
    assert run("build", "charter", "-o", "build").exit_code == 0
    result = run("check", ".")
    assert result.exit_code == 0, result.stdout
    assert "Passed over: build (a build)." in result.stdout


def test_a_build_that_cannot_be_compared_is_stale(built: Path) -> None:
    """Another version's manifest says nothing that this one could rely on."""
    (built / "build" / "accountability.json").write_text('{"version": 1, "charter_digest": "x"}')
    exit_code, found = report(".")
    assert exit_code == 1
    assert [one["code"] for one in found["diagnostics"]] == ["build-stale"]


def test_who_explains_the_build_once_and_says_that_it_is_stale(built: Path) -> None:
    """One rule has one explanation; that of a stale build is no proof."""
    fresh = run("who", "charter", "build", "ModelAucLow", "--format", "json")
    assert fresh.exit_code == 0, fresh.stdout
    assert len(json.loads(fresh.stdout)["rules"]) == 1
    (built / "charter" / "charter.yaml").write_text(CHARTER + "# changed\n")
    stale = run("who", "charter", "build", "ModelAucLow", "--format", "json")
    assert stale.exit_code == 1
    assert len(json.loads(stale.stdout)["rules"]) == 1
    assert "build-stale" in stale.stderr
