"""Windows and thresholds of error budgets against the Site Reliability Workbook's table."""

from __future__ import annotations

import json

import pytest
from tests.compiler.charters import alert_of, built, charter_with, rules_of

from buckstop.compiler.budget_subject import HIGHEST_RATIO, Burn, burns
from buckstop.compiler.findings import errors_wrong
from buckstop.compiler.notation import Pace
from buckstop.compiler.serving import outcome_inputs

HOUR = 3600.0
DAY = 24 * HOUR


def burns_of(objective: str, window: str, scrape_seconds: float = 30) -> tuple[Burn, ...]:
    charter = charter_with(
        f"sli: success_ratio, objective: {objective}, window: {window}, severity: critical"
    )
    return burns(charter.models[0].slos[0], Pace(scrape_seconds, scrape_seconds))


def test_thirty_days_are_the_workbooks_table() -> None:
    """2 % of the budget in an hour and 5 % in six page, 10 % in three days is a ticket."""
    assert burns_of("99.9%", "30d") == (
        Burn(HOUR, HOUR / 12, 0.0144, slow=False),
        Burn(6 * HOUR, HOUR / 2, 0.006, slow=False),
        Burn(3 * DAY, 6 * HOUR, 0.001, slow=True),
    )


@pytest.mark.parametrize("window", ["7d", "28d", "30d", "90d"])
def test_share_of_the_budget_that_is_spent_does_not_depend_on_its_period(window: str) -> None:
    """Whatever the period, an alert means the same share of the budget is gone."""
    period = {"7d": 7, "28d": 28, "30d": 30, "90d": 90}[window] * DAY
    spent = [pair.ratio / 0.001 * pair.long_seconds / period for pair in burns_of("99.9%", window)]
    assert spent == pytest.approx([0.02, 0.05, 0.1])


def test_no_window_is_too_short_for_a_rate() -> None:
    """A month of ten minutes, scraped every second, keeps four scrapes in each window."""
    pairs = burns_of("99%", "10m", scrape_seconds=1)
    assert [(pair.long_seconds, pair.short_seconds) for pair in pairs] == [(4, 4), (5, 4), (60, 5)]


def test_large_budget_can_still_be_burnt() -> None:
    """14.4 times a budget of 10 % is more than all requests: such an alert could never fire."""
    assert [pair.ratio for pair in burns_of("90%", "30d")] == [HIGHEST_RATIO, 0.6, 0.1]


def test_windows_join_because_they_are_names_and_not_labels() -> None:
    """Recorded ratios differ in name alone, so `and` between two windows finds a partner."""
    made = built(charter_with("sli: success_ratio, objective: 99.9%, severity: critical"))
    recorded = [rule for rule in rules_of(made) if "error_ratio" in rule.get("record", "")]
    assert [rule["record"].rpartition(":rate")[2] for rule in recorded] == [
        "5m",
        "30m",
        "1h",
        "6h",
        "3d",
    ]
    assert {tuple(rule["labels"].items()) for rule in recorded} == {
        (("model", "m"), ("slo", "success_ratio"))
    }


def test_slow_burn_is_less_grave_and_has_the_team_of_its_own_severity() -> None:
    """The third pair is a ticket: one severity down, where the table may name another team."""
    charter = charter_with(
        "sli: success_ratio, objective: 99.9%, severity: critical",
        more="severities: [critical, minor]",
    )
    made = built(charter)
    fast = alert_of(made, "ModelErrorBudgetBurn", severity="critical")
    slow = alert_of(made, "ModelErrorBudgetBurn", severity="minor")
    assert "rate3d" in slow["expr"]
    assert "rate3d" not in fast["expr"]


def test_least_grave_budget_is_one_alert() -> None:
    """Where there is no lower severity, two rules with one label set would fight each other."""
    charter = charter_with(
        "sli: success_ratio, objective: 99.9%, severity: minor",
        more="severities: [critical, minor]",
    )
    assert "rate3d" in alert_of(built(charter), "ModelErrorBudgetBurn")["expr"]


@pytest.mark.parametrize(
    ("errors", "failed", "succeeded"),
    [
        ('code=~"5.."', 'r{model="m",code="500"}', 'r{model="m"}'),
        ('outcome!="ok"', 'r{model="m"}', 'r{model="m",outcome="ok"}'),
        ("status='failure'", 'r{model="m",status="failure"}', 'r{model="m"}'),
        ('a=~"x_.+|y", b="1"', 'r{model="m",a="x_0",b="1"}', 'r{model="m"}'),
        ('code!~"2..|3.."', 'r{model="m"}', 'r{model="m",code="200"}'),
    ],
)
def test_tests_find_requests_on_both_sides(errors: str, failed: str, succeeded: str) -> None:
    """Whatever tells failures from successes, a test has one of each."""
    charter = charter_with(
        "sli: success_ratio, objective: 99.9%, severity: minor",
        model=f"serving: {{requests: r, errors: {json.dumps(errors)}}}",
    )
    serving = charter.models[0].serving
    assert serving is not None
    assert outcome_inputs(serving) == (succeeded, failed)


def test_a_matcher_that_cannot_be_read_is_underlined_itself() -> None:
    """The finding stands at the value of `errors`, not at the key of the whole section."""
    charter = charter_with(
        "sli: success_ratio, objective: 99.9%, severity: minor", model='serving: {errors: "5.."}'
    )
    serving = charter.models[0].serving
    (found,) = errors_wrong(charter)
    assert serving is not None
    assert found.span == serving.errors_span
    assert (found.span.line, found.span.column) > (serving.span.line, serving.span.end_column)
