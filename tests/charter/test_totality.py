"""All that is wrong with a decision table in one run, and no noise of other slips."""

from __future__ import annotations

from datetime import date

import pytest

from buckstop.charter import read

TODAY = date(2026, 7, 1)
TEAM = "{notify: {default: [{webhook: {url: 'http://pager.internal/x'}}]}}"
MODEL = "{slos: [{sli: p95, objective: '<= 500ms', severity: minor}], owner: {team: infra}}"
COMMON = f"""severities: [critical, minor]
teams:
  infra: {TEAM}
  data: {TEAM}
models:
  churn: {MODEL}
"""
REST = "- {otherwise: true, accountable: infra}"
CONFLICT = """- {when: {fault: latency}, accountable: infra}
- {when: {severity: minor}, accountable: data}"""


def found(rows: str, common: str = COMMON) -> list[tuple[str, int]]:
    """Code and line of all errors; the rows begin in line 9."""
    text = f"{common}# rows\naccountability:\n{rows}\n"
    _, diagnostics = read({"charter.yaml": text}, TODAY)
    return [(one.code.name, one.span.line if one.span else 0) for one in diagnostics]


def test_an_overlap_is_found_beside_other_errors() -> None:
    """A misspelt team, an unreadable objective and the overlap: one run, each at its line."""
    common = COMMON.replace("<= 500ms", "<= 500 parsecs")
    wrong = found(
        f"{CONFLICT}\n- {{when: {{fault: drift, severity: critical}}, accountable: dta}}\n{REST}",
        common,
    )
    assert sorted(wrong) == [
        ("decision-overlap", 10),
        ("objective-invalid", 6),
        ("team-unknown", 11),
    ]


def test_a_hole_is_found_beside_other_errors() -> None:
    """What no row covers stays a hole whatever else is wrong; a missing last row too."""
    wrong = found("- {when: {fault: latency}, accountable: dta}")
    assert wrong.count(("team-unknown", 9)) == 1
    assert ("decision-otherwise-missing", 8) in wrong
    holes = [line for code, line in wrong if code == "decision-hole"]
    assert holes == [6, 6, 6, 6]


def test_the_row_of_a_misspelt_team_covers_its_cases() -> None:
    """Its slip is one finding, not also a hole for what it decides."""
    rows = "\n".join(
        f"- {{when: {{fault: {fault}}}, accountable: {team}}}"
        for fault, team in (
            ("latency", "infr"),
            ("availability", "infra"),
            ("traffic", "infra"),
            ("drift", "data"),
            ("quality", "data"),
        )
    )
    assert found(rows) == [("team-unknown", 9), ("decision-otherwise-missing", 8)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("{when: {fault: latencyy}, accountable: data}", "fault-unknown"),
        ("{when: {falt: latency}, accountable: data}", "charter-key-unknown"),
        ("{when: {fault: [latency, drft]}, accountable: data}", "fault-unknown"),
        ("{when: {fault: latency}, acountable: data}", "charter-key-unknown"),
        ("{when: {fault: latency}, accountable: data, from: soon}", "charter-value-invalid"),
    ],
)
def test_what_a_row_with_a_slip_may_decide_is_not_judged(row: str, code: str) -> None:
    """Mended, it may fill the hole; what it cannot decide is judged all the same."""
    rows = f"""- {{when: {{fault: [availability, traffic, drift, quality]}}, accountable: infra}}
- {{when: {{model: churn, severity: minor, fault: drift}}, accountable: infra}}
- {row}"""
    names = [name for name, _ in found(rows)]
    assert names.count(code) >= 1
    assert "decision-hole" not in names
    assert "decision-overlap" not in names


def test_an_overlap_that_a_row_with_a_slip_may_settle_is_not_judged() -> None:
    """The row for both conditions is there; its model is misspelt."""
    settling = "- {when: {fault: latency, severity: minor, model: chrn}, accountable: infra}"
    # Of no model, and of any other, the two rows would still overlap: those cases are in doubt too,
    # for the misspelt word may be any.
    assert found(f"{CONFLICT}\n{settling}\n{REST}") == [("model-unknown", 11)]
    elsewhere = settling.replace("latency", "drift")
    assert ("decision-overlap", 10) in found(f"{CONFLICT}\n{elsewhere}\n{REST}")


def test_a_slip_in_the_last_row_does_not_make_it_missing() -> None:
    """`otherwise` is there, its team cannot be read."""
    assert found("- {otherwise: true, acountable: infra}") == [("charter-key-unknown", 9)]


def test_rows_that_name_a_model_with_errors_are_in_doubt() -> None:
    """Which of two rows is the more specific depends on a model that could not be read."""
    common = COMMON + "  broken: {use: [nothing]}\n"
    rows = """- {when: {model: [churn, broken]}, accountable: infra}
- {when: {model: churn}, accountable: data}"""
    names = [name for name, _ in found(f"{rows}\n{REST}", common)]
    assert names == ["profile-unknown"]


@pytest.mark.parametrize(
    "text",
    [
        COMMON + "accountability: infra\n",
        COMMON + "acountability: [{otherwise: true, accountable: infra}]\n",
        COMMON.replace("[critical, minor]", "{critical: 1}")
        + "accountability: [{otherwise: true, accountable: infra}]\n",
    ],
)
def test_a_table_that_cannot_be_read_at_all_is_one_finding(text: str) -> None:
    """Neither holes nor a missing last row are said of rows that are there."""
    _, diagnostics = read({"charter.yaml": text}, TODAY)
    names = {one.code.name for one in diagnostics}
    assert len(names) == 1
    assert not any(name.startswith("decision") for name in names)


def test_what_is_dead_is_said_of_a_charter_without_errors_only() -> None:
    """A row that decides nothing may do so because of the slip."""
    dead = "- {when: {task: ranking}, accountable: data}"
    assert found(f"{dead}\n{REST}") == [("decision-row-dead", 9)]
    assert found(f"{dead}\n- {{when: {{fault: drift}}, accountable: dta}}\n{REST}") == [
        ("team-unknown", 10)
    ]
