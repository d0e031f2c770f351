"""``--baseline`` and ``--write-baseline``: only what is new fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.baseline import BaselineError, Entry, baseline_text, read_baseline
from buckstop.cli.main import root

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
  - alert: Owned
    expr: up == 0
    labels: {team: infra}
  - alert: Slow
    expr: up == 0
  - alert: Lost
    expr: up == 0
    labels: {team: nobody}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "alertmanager.yml").write_text(ROUTES)
    (tmp_path / "rules.yml").write_text(RULES)
    monkeypatch.chdir(tmp_path)
    assert check("--write-baseline", "b.json").exit_code == 0


def check(*words: str) -> Result:
    return CliRunner().invoke(root, ["check", "--team-label", "team", *words])


def report() -> dict[str, Any]:
    value = json.loads(check("--baseline", "b.json", "--format", "json").stdout)
    assert isinstance(value, dict)
    return value


def test_what_was_there_does_not_fail_and_the_rest_does() -> None:
    """A team with a hundred findings can start with the check today."""
    assert check().exit_code == 1
    result = check("--baseline", "b.json")
    assert result.exit_code == 0, result.output
    assert "5 findings known from b.json; -v lists them." in result.stdout
    assert "error[" not in result.stdout
    assert "rule-refuted (rules.yml:7:" in check("--baseline", "b.json", "-v").stdout
    Path("rules.yml").write_text(RULES + "  - {alert: New, expr: up == 0}\n")
    result = check("--baseline", "b.json")
    assert result.exit_code == 1
    assert "2 of 4 rules set no team: only rest is told, and that is no team's " in result.stdout
    assert "(1 of 2 known from b.json)\n  --> rules.yml:12:" in result.stdout


def test_lines_may_come_and_go_above() -> None:
    """A comment at the top of a file makes nothing new of what stands below."""
    Path("rules.yml").write_text("# ours\n\n" + RULES)
    Path("alertmanager.yml").write_text("# ours\n" + ROUTES)
    value = report()
    assert value["diagnostics"] == []
    assert len(value["baseline"]["known"]) == 5
    assert value["baseline"]["gone"] == []


def test_the_same_slip_in_another_rule_is_new() -> None:
    """Mending one rule does not make room for the same mistake in the next."""
    Path("rules.yml").write_text(
        RULES.replace("{team: nobody}", "{team: infra}").replace(
            "    labels: {team: infra}\n  - alert: Slow",
            "    labels: {team: nobody}\n  - alert: Slow",
        )
    )
    value = report()
    assert [found["line"] for found in value["diagnostics"]] == [6]
    assert {entry["alert"] for entry in value["baseline"]["gone"]} == {"Lost"}
    assert check("--baseline", "b.json").exit_code == 1


def test_a_verdict_that_changes_is_new() -> None:
    """A rule that was refuted for one cause may not be refuted for another unseen."""
    Path("alertmanager.yml").write_text(
        ROUTES.replace(
            "receivers:",
            "  - matchers: ['team=\"nobody\"']\n    receiver: none\nreceivers:\n- name: none",
        )
    )
    value = report()
    refuted = [one for one in value["rules"] if one["alert"] == "Lost"]
    assert [one["verdict"] for one in refuted] == ["refuted"]
    assert ("rule-refuted", "Lost") in {(e["code"], e["alert"]) for e in value["baseline"]["gone"]}
    assert check("--baseline", "b.json").exit_code == 1


def test_what_is_mended_is_said() -> None:
    """A baseline shrinks; what is left in it would cover the next slip of the same kind."""
    Path("rules.yml").write_text(RULES.replace("{team: nobody}", "{team: infra}"))
    result = check("--baseline", "b.json")
    assert result.exit_code == 0
    assert "2 findings in b.json no longer there: renew it with --write-baseline." in result.stdout
    assert "rule-refuted (rules.yml) Lost" in check("--baseline", "b.json", "-v").stdout
    check("--write-baseline", "b.json")
    assert "no longer there" not in check("--baseline", "b.json").stdout


def test_the_file_is_the_same_every_time_and_readable_in_a_review() -> None:
    """One entry a line, sorted, without line numbers or words that change by themselves."""
    text = Path("b.json").read_text()
    check("--write-baseline", "again.json")
    assert Path("again.json").read_text() == text
    lines = [line for line in text.splitlines() if '"fingerprint"' in line]
    assert len(lines) == 5
    assert lines == sorted(lines)
    assert '"file": "rules.yml", "alert": "Lost", "code": "rule-refuted"' in text


def test_sarif_and_github_tell_old_from_new() -> None:
    """Code scanning is told the state of each; a pull request sees what it brings alone."""
    Path("rules.yml").write_text(RULES + "  - {alert: New, expr: up == 0}\n")
    log = json.loads(check("--baseline", "b.json", "--format", "sarif").stdout)
    states = [one["baselineState"] for one in log["runs"][0]["results"]]
    assert sorted(set(states)) == ["new", "unchanged"]
    assert states.count("unchanged") == 5
    lines = check("--baseline", "b.json", "--format", "github").stdout.splitlines()
    assert all("line=12," in line for line in lines)
    log = json.loads(check("--format", "sarif").stdout)
    assert not any("baselineState" in one for one in log["runs"][0]["results"])


def test_an_expired_waiver_is_never_accepted() -> None:
    """What somebody promised to mend by a day is not settled by writing a baseline."""
    comment = " # buckstop: ignore[rule-without-team] until=2020-01-01 reason=soon"
    Path("rules.yml").write_text(RULES.replace("alert: Slow", f"alert: Slow{comment}"))
    result = check("--write-baseline", "b.json")
    assert result.exit_code == 1
    assert "waiver-expired" in result.stdout
    assert "waiver-expired" not in Path("b.json").read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "b.json does not exist"),
        ("", "b.json is no baseline: no JSON"),
        ("[1]", "b.json is no baseline: no object"),
        ('{"version": 9, "found": []}', "of version 9"),
        ('{"version": 1, "found": [{"code": "x"}]}', "has not the keys"),
    ],
)
def test_a_baseline_that_cannot_be_read_exits_2(text: str | None, said: str) -> None:
    """A pipeline without its baseline neither passes nor drowns."""
    Path("b.json").unlink()
    if text is not None:
        Path("b.json").write_text(text)
    result = check("--baseline", "b.json")
    assert result.exit_code == 2
    assert said in result.output
    assert "--write-baseline FILE" in result.output


def test_both_options_at_once_are_a_slip() -> None:
    """One reads the file and the other writes it."""
    assert check("--baseline", "b.json", "--write-baseline", "c.json").exit_code == 2


def test_nothing_is_written_of_half_an_input() -> None:
    """A baseline without a file's findings would fail the run in which the file is back."""
    Path("z.yml").symlink_to("gone.yml")
    result = check("--write-baseline", "c.json")
    assert result.exit_code == 2
    assert not Path("c.json").exists()


def test_what_is_written_is_read() -> None:
    """Every character that a name may have comes back."""
    entries = (Entry("ä\u2028.yml", '"\\', "a-b", "0:1"), Entry("", "", "c", "1:1"))
    assert read_baseline(baseline_text(entries).encode()) == tuple(sorted(entries))
    assert read_baseline(baseline_text(()).encode()) == ()
    with pytest.raises(BaselineError):
        read_baseline(baseline_text(entries).encode()[:-4])
