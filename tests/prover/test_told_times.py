"""The property *always*: whether mute and active intervals leave a team untold at times."""

from __future__ import annotations

from datetime import date

import pytest

from buckstop.alertmanager import read
from buckstop.diagnostics import Diagnostic
from buckstop.prometheus import read_rules
from buckstop.prover.codes import TEAM_UNTOLD_AT_TIMES
from buckstop.prover.examination import Examination, examine
from buckstop.prover.given import Declared, Given
from buckstop.prover.model import Judgement, Property, Verdict
from buckstop.prover.ownership import Holder

RULES = """
groups:
- name: g
  rules:
  - {alert: Slow, expr: up == 0, labels: {team: a, severity: critical}}
  - {alert: Down, expr: up == 0, labels: {team: a}}
"""
RECEIVERS = """
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: chat, webhook_configs: [{url: 'http://127.0.0.1/chat'}]}
- {name: pager, webhook_configs: [{url: 'http://127.0.0.1/pager'}]}
- {name: status, webhook_configs: [{url: 'http://127.0.0.1/status'}]}
time_intervals:
- name: office
  time_intervals:
  - weekdays: ['monday:friday']
    times: [{start_time: '08:00', end_time: '18:00'}]
    location: Europe/Berlin
- name: weekend
  time_intervals: [{weekdays: [saturday, sunday], location: Europe/Berlin}]
- name: holidays
  time_intervals: [{months: [december], days_of_month: ['24:26']}]
- name: there
  time_intervals: [{weekdays: [sunday], location: Local}]
- {name: old, time_intervals: [{years: ['2020:2027']}]}
"""
CHAT = """{matchers: ['team="a"'], receiver: chat, continue: true"""
PAGER = """{matchers: ['team="a"'], receiver: pager"""
HOLDERS = {
    "chat": Holder("accountable", "a"),
    "pager": Holder("accountable", "a"),
    "status": Holder("informed"),
}


def examined(*routes: str, since: date = date(2026, 11, 30)) -> Examination:
    rule_file, _ = read_rules(RULES, "rules.yml")
    listed = "".join(f"  - {route}\n" for route in routes)
    text = f"route:\n  receiver: rest\n  routes:\n{listed}{RECEIVERS}"
    config, found = read(text, "alertmanager.yml")
    assert rule_file is not None
    assert config is not None, found
    assert found == ()
    declared = Declared("teams.yaml", HOLDERS)
    return examine(Given((rule_file,), config, team_label="team", declared=declared, since=since))


def always(*routes: str) -> Judgement:
    return examined(*routes).verdicts[0].judgement(Property.ALWAYS)


def untold(examination: Examination) -> list[Diagnostic]:
    return [one for one in examination.diagnostics if one.code is TEAM_UNTOLD_AT_TIMES]


@pytest.mark.parametrize(
    "routes",
    [
        [f"{PAGER}}}"],
        [f"{CHAT}, active_time_intervals: [office]}}", f"{PAGER}, mute_time_intervals: [office]}}"],
        [f"{CHAT}, active_time_intervals: [there]}}", f"{PAGER}}}"],
        ["{receiver: status, continue: true, mute_time_intervals: [weekend]}", f"{PAGER}}}"],
    ],
)
def test_a_team_that_is_always_told_by_one_of_its_routes_is_proven(routes: list[str]) -> None:
    """Chat in office hours and a pager else; whoever is only informed may be muted."""
    examination = examined(*routes)
    assert [answer.verdict for answer in examination.verdicts] == [Verdict.PROVEN] * 2
    assert untold(examination) == []


@pytest.mark.parametrize(
    ("routes", "hours", "moment"),
    [
        (
            [f"{PAGER}, mute_time_intervals: [weekend]}}"],
            "Sat 00:00–Sun 24:00 Europe/Berlin",
            "2026-12-04T23:00Z",
        ),
        (
            [
                f"{CHAT}, active_time_intervals: [office]}}",
                f"{PAGER}, mute_time_intervals: [office, weekend]}}",
            ],
            "Sat 00:00–Sun 24:00 Europe/Berlin",
            "2026-12-04T23:00Z",
        ),
        (
            [f"{PAGER}, mute_time_intervals: [holidays]}}"],
            "the whole week UTC in some weeks (by days_of_month, months)",
            "2026-12-24T00:00Z",
        ),
        (
            [f"{PAGER}, mute_time_intervals: [weekend, holidays]}}"],
            (
                "Sat 00:00–Sun 24:00 Europe/Berlin and, in some weeks (by days_of_month, months), "
                "Mon 00:00–Fri 24:00"
            ),
            "2026-12-04T23:00Z",
        ),
        (
            [
                "{receiver: status, continue: true}",
                f"{PAGER}, active_time_intervals: [weekend, office]}}",
            ],
            "Mon 00:00–08:00, Mon–Thu 18:00–08:00 the day after, Fri 18:00–24:00 Europe/Berlin",
            "2026-11-30T00:00Z",
        ),
    ],
)
def test_hours_in_which_nobody_of_the_team_is_told_refute(
    routes: list[str], hours: str, moment: str
) -> None:
    """With the hours, in the zone of the intervals, and a moment to try."""
    judged = always(*routes)
    assert (judged.verdict, judged.cause) == (Verdict.REFUTED, "muted at times")
    assert judged.reason.startswith(f"nobody of a is told {hours}, such as at {moment} (time ")


def test_a_zone_that_is_not_known_here_leaves_it_open() -> None:
    """Local is the zone of the machine that will run the server."""
    judged = always(f"{PAGER}, mute_time_intervals: [there]}}")
    assert (judged.verdict, judged.cause) == (Verdict.UNKNOWN, "muted at times")
    assert "the zone Local" in judged.reason
    assert untold(examined(f"{PAGER}, mute_time_intervals: [there]}}")) == []


def test_rules_that_a_team_misses_at_the_same_hours_are_one_finding() -> None:
    """At the intervals of the route, with the rules as further places."""
    (found,) = untold(examined(f"{PAGER}, mute_time_intervals: [weekend]}}"))
    assert found.message == (
        "nobody of a is told of Slow (2 rules): Sat 00:00–Sun 24:00 Europe/Berlin; such as at "
        "2026-12-04T23:00Z"
    )
    assert found.span is not None
    assert (found.span.line, found.span.column) == (4, 68)
    assert [related.span.line for related in found.related] == [5, 6]


def test_rules_that_a_team_misses_at_different_hours_are_told_apart() -> None:
    """Each with its own hours and routes."""
    slow = """{matchers: ['team="a"', 'alertname="Slow"'], receiver: pager"""
    found = untold(
        examined(
            f"{slow}, mute_time_intervals: [holidays]}}",
            f"{PAGER}, mute_time_intervals: [weekend]}}",
        )
    )
    assert ["Slow" in one.message for one in found] == [True, False]


def test_times_that_are_over_do_not_count() -> None:
    """Asked since a day after the last year of the interval, nothing is left of it."""
    route = f"{PAGER}, mute_time_intervals: [old]}}"
    assert len(untold(examined(route, since=date(2027, 12, 31)))) == 1
    assert untold(examined(route, since=date(2028, 1, 1))) == []
