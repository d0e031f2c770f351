"""``# buckstop: ignore[CODE] until=DATE reason=…``: findings that somebody decided to live with."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.main import root
from buckstop.cli.waivers import read_waivers

KNOWN = ("rule-refuted", "rule-without-team", "secret-inline")
GOOD = "until=2999-12-31 reason=agreed"
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
  - alert: Slow{}
    expr: up == 0
"""
BOTH = f" # buckstop: ignore[rule-without-team, rule-refuted] {GOOD}"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "alertmanager.yml").write_text(ROUTES)
    (tmp_path / "teams.yaml").write_text("informed: [rest]\n")
    monkeypatch.chdir(tmp_path)


def check(comment: str, *words: str) -> Result:
    Path("rules.yml").write_text(RULES.format(comment))
    options = ("--team-label", "team", "--teams", "teams.yaml", *words)
    return CliRunner().invoke(root, ["check", *options, "rules.yml", "alertmanager.yml"])


def report(comment: str) -> dict[str, Any]:
    value = json.loads(check(comment, "--format", "json").stdout)
    assert isinstance(value, dict)
    return value


def codes(comment: str) -> list[str]:
    return [found["code"] for found in report(comment)["diagnostics"]]


def test_without_a_waiver_the_rule_fails() -> None:
    """What the other tests waive does count."""
    assert check("").exit_code == 1
    assert codes("") == ["rule-without-team"]


def test_a_waived_finding_and_a_waived_verdict_do_not_fail_the_pipeline() -> None:
    """The rule is still shown as it is, the waiver is said, and the exit code is 0."""
    result = check(BOTH)
    assert result.exit_code == 0, result.output
    assert "✗ refuted" in result.stdout
    assert "2 findings waived, until 2999-12-31; -v lists them." in result.stdout
    assert "rule-without-team, until 2999-12-31 (rules.yml:4:" in check(BOTH, "-v").stdout


def test_a_finding_is_waived_without_its_verdict() -> None:
    """A waiver for one code never hides another: the verdict has a code of its own."""
    assert check(f" # buckstop: ignore[rule-without-team] {GOOD}").exit_code == 1
    assert check(f" # buckstop: ignore[rule-refuted] {GOOD}").exit_code == 1


def test_what_is_not_decided_is_waived_by_its_own_code() -> None:
    """A verdict that turns from unknown into refuted is not covered by a waiver for unknown."""
    Path("alertmanager.yml").write_text(
        ROUTES.replace('team="infra"\'', 'team="infra"\', \'zone="eu"\'')
    )
    labelled = "\n    labels: {team: infra}"
    result = check(f" # buckstop: ignore[rule-not-decided] {GOOD}{labelled}")
    assert result.exit_code == 0, result.output
    assert check(f" # buckstop: ignore[rule-refuted] {GOOD}{labelled}").exit_code == 1


def test_of_several_rules_with_one_finding_each_is_waived_for_itself() -> None:
    """A finding that speaks of three rules stays for those whose own line says nothing."""
    comment = f" # buckstop: ignore[rule-without-team] {GOOD}"
    rest = "\n    expr: up == 0\n  - alert: Next{}\n    expr: up == 0\n  - alert: Last"
    (found,) = report(f"{comment}{rest.format('')}")["diagnostics"]
    assert (found["line"], found["message"].endswith("(1 of 3 waived)")) == (6, True)
    assert [one["line"] for one in found["related"]] == [8]
    (found,) = report(rest.format(comment))["diagnostics"]
    assert (found["line"], [one["line"] for one in found["related"]]) == (4, [8])
    value = report(f"{comment}{rest.format(comment)}{comment}")
    assert value["diagnostics"] == []
    assert [one["line"] for one in value["waived"]] == [4, 6, 8]


def test_json_lists_what_is_waived() -> None:
    """A dashboard can count down to the day on which a waiver ends."""
    value = report(BOTH)
    assert value["summary"]["waived"] == 2
    assert value["diagnostics"] == []
    first, second = value["waived"]
    assert (first["code"], second["code"]) == ("rule-without-team", "rule-refuted")
    assert (first["until"], first["reason"]) == ("2999-12-31", "agreed")
    assert first["waiver"] == {"file": "rules.yml", "line": 4}


def test_sarif_has_the_reason_as_a_suppression() -> None:
    """Code scanning shows the finding as dismissed, and by what words."""
    log = json.loads(check(BOTH, "--format", "sarif").stdout)
    results = {one["ruleId"]: one["suppressions"] for one in log["runs"][0]["results"]}
    assert results == {
        "rule-without-team": [{"kind": "inSource", "justification": "agreed"}],
        "rule-refuted": [{"kind": "inSource", "justification": "agreed"}],
    }
    comment = f" # buckstop: ignore[rule-without-team] {GOOD}"
    log = json.loads(check(comment, "--format", "sarif").stdout)
    results = {one["ruleId"]: one["suppressions"] for one in log["runs"][0]["results"]}
    assert results["rule-refuted"] == []


def test_github_shows_nothing_of_what_is_waived() -> None:
    """A pull request is not asked about what was decided before it."""
    assert check(BOTH, "--format", "github").stdout == ""


def test_a_waiver_holds_on_its_last_day_and_not_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """An expired waiver is an error of its own, and what it waived counts again."""
    comment = BOTH.replace("2999-12-31", date(2020, 1, 1).isoformat())
    value = report(comment)
    assert [one["code"] for one in value["diagnostics"]] == [
        "rule-without-team",
        "waiver-expired",
        "waiver-expired",
    ]
    assert value["waived"] == []
    assert "mend the finding" in value["diagnostics"][1]["hint"]
    monkeypatch.setattr("buckstop.cli.check.date", _LastDay)
    assert check(comment).exit_code == 0


class _LastDay(date):
    @classmethod
    def today(cls) -> _LastDay:
        return cls(2020, 1, 1)


def test_a_waiver_that_waives_nothing_is_named() -> None:
    """What was mended leaves no open door behind."""
    comment = BOTH.replace("rule-refuted", "rule-refuted, secret-inline")
    value = report(comment)
    (found,) = value["diagnostics"]
    assert (found["code"], found["line"]) == ("waiver-unused", 4)
    assert RULES.format(comment).splitlines()[3][found["column"] - 1 :].startswith("secret-inline]")
    assert check(comment).exit_code == 0


def test_routes_and_charters_have_waivers_too() -> None:
    """Wherever a finding stands, the line above can waive it."""
    Path("alertmanager.yml").write_text(
        ROUTES.replace(
            "    receiver: infra",
            f"    # buckstop: ignore[key-unknown] {GOOD}\n    recipient: x\n    receiver: infra",
        )
    )
    assert "key-unknown" not in codes(BOTH)
    assert "key-unknown" in [one["code"] for one in report(BOTH)["waived"]]
    Path("charter.yaml").write_text(
        f"version: 1\nteamz: {{}} # buckstop: ignore[charter-key-unknown] {GOOD}\nteams: {{}}\n"
    )
    result = CliRunner().invoke(root, ["check", "--format", "json", "charter.yaml"])
    assert [one["code"] for one in json.loads(result.stdout)["waived"]] == ["charter-key-unknown"]


def test_kubernetes_objects_have_waivers_too() -> None:
    """A PrometheusRule that none selects has a name of its own; its lines are those of the file."""
    Path("object.yml").write_text(
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: r}\n"
        "spec:\n  groups:\n  - name: g\n    rules:\n"
        f"    # buckstop: ignore[rule-refuted, rule-without-team] {GOOD}\n"
        "    - {alert: A, expr: up == 0}\n"
    )
    words = ["--team-label", "team", "--teams", "teams.yaml", "object.yml", "alertmanager.yml"]
    result = CliRunner().invoke(root, ["check", *words])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("comment", "marked", "said"),
    [
        ("ignore", "# buckstop: ignore", "this is none"),
        ("ignore[] until=2999-01-01 reason=x", None, "names the kinds of finding"),
        ("ignore[rule-refutd] until=2999-01-01 reason=x", "rule-refutd", "rule-refuted"),
        ("ignore[waiver-unused] until=2999-01-01 reason=x", "waiver-unused", "can be waived"),
        ("ignore[rule-refuted] reason=x", None, "`until=` is missing"),
        ("ignore[rule-refuted] until=2999-01-01", None, "`reason=` is missing"),
        ("ignore[rule-refuted] until=2999-01-01 reason=", None, "`reason=` is missing"),
        ('ignore[rule-refuted] until=2999-01-01 reason=" "', None, "`reason=` is missing"),
        ("ignore[rule-refuted] until=2999-02-30 reason=x", "2999-02-30", "is no day"),
        ("ignore[rule-refuted] until=tomorrow reason=x", "tomorrow", "is no day"),
        ("ignore[rule-refuted] untl=2999-01-01 reason=x", "untl=2999-01-01 reason=x", "neither"),
        ("ignore[rule-refuted] reason=x reason=y until=2999-01-01", "y", "given twice"),
    ],
)
def test_a_waiver_with_a_slip_waives_nothing_and_says_so(
    comment: str, marked: str | None, said: str
) -> None:
    """A waiver that cannot be read must not look like one that holds."""
    line = f"a: 1 # buckstop: {comment}"
    waivers, (found,) = read_waivers(line, "f.yml", KNOWN)
    assert waivers == ()
    assert found.code.name == "waiver-invalid"
    assert said in f"{found.message} {found.hint}"
    assert found.span is not None
    pointed_at = line[found.span.column - 1 : found.span.end_column - 1]
    assert pointed_at == (marked or line[5:].rstrip())
    assert "waiver-invalid" in codes(f" # buckstop: {comment}")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ('until=2999-01-01 reason="until=never, # said"', "until=never, # said"),
        ("reason='the vendor mends it' until=2999-01-01", "the vendor mends it"),
        ("reason=the vendor mends it until=2999-01-01", "the vendor mends it"),
        ("until = 2999-01-01  reason = see #12", "see #12"),
    ],
)
def test_a_reason_may_have_quotes_and_stand_on_either_side(fields: str, reason: str) -> None:
    """People write it as it comes."""
    (waiver,), found = read_waivers(
        f"a: 1 # buckstop: ignore[rule-refuted] {fields}", "f.yml", KNOWN
    )
    assert found == ()
    assert (waiver.reason, waiver.until) == (reason, date(2999, 1, 1))
