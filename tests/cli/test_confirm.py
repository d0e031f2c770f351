"""``check --confirm``: the label sets beside verdicts, walked by amtool itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buckstop import servers
from buckstop.cli import replay
from buckstop.cli.main import root

ARTICLE = Path(__file__).parents[2] / "examples" / "article"
ROUTES = """route:
  receiver: rest
  routes:
  - matchers: ['team="infra"']
    receiver: infra
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
"""
RULES = """groups:
- name: g
  rules:
  - {alert: Slow, expr: sum(up) == 0, labels: {team: Infra}}
  - {alert: Slower, expr: sum(up) == 0, labels: {team: Infra}}
  - {alert: Lost, expr: sum(up) == 0, labels: {team: nobody}}
"""
TOOL = """#!/bin/sh
case "$1" in
--version) echo "amtool, version 0.28.1" ;;
*) {answer} ;;
esac
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "alertmanager.yml").write_text(ROUTES)
    (tmp_path / "rules.yml").write_text(RULES)
    monkeypatch.chdir(tmp_path)


def put_amtool(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """An amtool on PATH that answers all alike."""
    programs = folder / "programs"
    programs.mkdir()
    (programs / "amtool").write_text(TOOL.format(answer=answer))
    (programs / "amtool").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")


def check(*words: str) -> Result:
    return CliRunner().invoke(
        root, ["check", "--team-label", "team", *words, "rules.yml", "alertmanager.yml"]
    )


def report() -> dict[str, Any]:
    value = json.loads(check("--confirm", "--format", "json").stdout)
    assert isinstance(value, dict)
    return value


@pytest.mark.servers
def test_the_real_amtool_confirms_what_is_printed(
    debian13: servers.Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alerts that no route can tell apart are walked once, and it is said how many they are."""
    monkeypatch.setenv("PATH", str(debian13.amtool.parent), prepend=":")
    result = check("--confirm")
    assert result.exit_code == 1
    version = debian13.alertmanager_version
    said = f"Confirmed by amtool {version}: 2 of 2 alerts, which stand for 3 rules."
    assert said in result.stdout
    assert report()["confirmation"] == {
        "version": version,
        "replayed": 2,
        "agreed": 2,
        "witnesses": 3,
        "left_out": 0,
        "refused": [],
    }


@pytest.mark.servers
def test_the_routes_of_a_charter_and_of_objects_are_written_for_amtool(
    debian13: servers.Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Routes that stand in no file of the user's are confirmed too."""
    monkeypatch.setenv("PATH", str(debian13.amtool.parent), prepend=":")
    Path("object.yml").write_text(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: alertmanager-main, namespace: n}\n"
        "stringData:\n  alertmanager.yaml: |\n"
        + "".join(f"    {line}\n" for line in ROUTES.splitlines())
    )
    words = ["check", "--confirm", "--team-label", "team", "rules.yml", "object.yml"]
    assert "Confirmed by amtool" in CliRunner().invoke(root, words).stdout
    Path("rules.yml").write_text(
        "groups: [{name: g, rules: [{alert: Lost, expr: sum(up) == 0, labels: {accountable_team: x,"
        " fault: cost, severity: critical, model: m, slo: s, feature: f}}]}]"
    )
    words = ["check", "--confirm", "rules.yml", str(ARTICLE / "charter")]
    assert "Confirmed by amtool" in CliRunner().invoke(root, words).stdout


@pytest.mark.servers
def test_a_file_that_amtool_refuses_as_well_is_no_disagreement(
    debian13: servers.Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The article's routes load nowhere: that is said above, and nothing can be walked."""
    monkeypatch.setenv("PATH", str(debian13.amtool.parent), prepend=":")
    result = CliRunner().invoke(root, ["check", "--confirm", str(ARTICLE / "original")])
    assert "does not take" in result.stdout
    assert "amtool-disagrees" not in result.stdout


def test_another_answer_is_an_error_that_names_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is wrong, a verdict that the original contradicts must not look confirmed."""
    put_amtool(tmp_path, monkeypatch, "echo infra")
    value = report()
    assert (value["confirmation"]["replayed"], value["confirmation"]["agreed"]) == (2, 0)
    found = [one for one in value["diagnostics"] if one["code"] == "amtool-disagrees"]
    assert [one["line"] for one in found] == [4, 6]
    assert "team='Infra' goes to rest; amtool 0.28.1 says: infra" in found[0]["message"]
    assert "please report it" in found[0]["hint"]
    assert check("--confirm", "--write-baseline", "b.json").exit_code == 1
    assert check("--confirm", "--baseline", "b.json").exit_code == 1


def test_a_refusal_where_no_error_was_found_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that does not load tells nobody, whatever was proven of it."""
    put_amtool(tmp_path, monkeypatch, "echo 'no such field' >&2; exit 1")
    value = report()
    (found,) = [one for one in value["diagnostics"] if one["code"] == "amtool-disagrees"]
    assert (found["file"], "no such field" in found["message"]) == ("alertmanager.yml", True)
    assert value["confirmation"]["refused"] == ["alertmanager.yml"]


def test_replays_have_a_limit_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree with a thousand refuted rules does not start amtool a thousand times."""
    put_amtool(tmp_path, monkeypatch, "echo rest")
    monkeypatch.setattr(replay, "MAX_REPLAYS", 1)
    result = check("--confirm")
    assert "Confirmed by amtool 0.28.1: 1 of 1 alerts, which stand for 2 rules." in result.stdout
    assert "1 more was not replayed" in result.stdout


def test_nothing_to_confirm_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without rules there is no label set to walk, and no word that sounds like a proof."""
    put_amtool(tmp_path, monkeypatch, "echo rest")
    result = CliRunner().invoke(root, ["check", "--confirm", "alertmanager.yml"])
    assert "Nothing to confirm by amtool 0.28.1" in result.stdout


def test_without_amtool_it_exits_2_and_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is fetched by itself, and no run without it passes for a confirmed one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    result = check("--confirm")
    assert result.exit_code == 2
    assert "python -m buckstop.servers" in result.output
