"""Defects that other checkers pass over, each planted in a small tree that is sound without it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from buckstop.alertmanager import read
from buckstop.prometheus import read_rules
from buckstop.prometheus.model import RuleFile
from buckstop.prover.examination import Examination, examine
from buckstop.prover.given import Given

URLS = {"a": "a", "b": "b", "c": "c", "rest": "rest"}
TWO_TEAMS = """
  - {matchers: ['team="a"'], receiver: a}
  - {matchers: ['team="b"'], receiver: b}
"""
RULES_OF_TWO = """
  - {alert: Down, expr: sum by (zone) (up) == 0, labels: {team: a, severity: critical}}
  - {alert: Slow, expr: max by (zone) (p95) > 1, labels: {team: b, severity: minor}}
"""
CRITICAL_FIRST = """
- source_matchers: ['severity="critical"']
  target_matchers: ['severity="minor"']
  equal: """
OFFICE = "{name: office, time_intervals: [{weekdays: ['monday:friday']}]}"
WEEKEND = "{name: weekend, time_intervals: [{weekdays: [saturday, sunday]}]}"
SUNDAY = "{name: weekend, time_intervals: [{weekdays: [sunday]}]}"


@dataclass(frozen=True, slots=True)
class Tree:
    """A configuration and the rules beside it.

    Attributes:
        routes: below the root.
        root: further lines of the root.
        hooks: receiver to what its URL ends with, where not with its own name.
    """

    routes: str
    root: str = ""
    rules: str = ""
    inhibit: str = ""
    intervals: tuple[str, ...] = ()
    hooks: tuple[tuple[str, str], ...] = ()
    pagerduty: bool = False

    @property
    def config(self) -> str:
        """The text of the ``alertmanager.yml``; it has the receivers that the routes name."""
        used = [name for name in URLS if name == "rest" or f"receiver: {name}" in self.routes]
        hooks = URLS | dict(self.hooks)
        kind, field = ("pagerduty", "routing_key") if self.pagerduty else ("webhook", "url")
        receivers = "".join(
            f"- {{name: {name}, {kind}_configs: [{{{field}: 'http://127.0.0.1/{hooks[name]}'}}]}}\n"
            for name in used
        )
        inhibit = f"inhibit_rules:{self.inhibit}\n" if self.inhibit else ""
        intervals = "".join(f"- {one}\n" for one in self.intervals)
        return (
            f"route:\n  receiver: rest\n{self.root}  routes:{self.routes}\n"
            f"receivers:\n{receivers}{inhibit}"
            + (f"time_intervals:\n{intervals}" if intervals else "")
        )


def examined(tree: Tree) -> Examination:
    config, found = read(tree.config, "alertmanager.yml")
    assert config is not None, found
    assert found == ()
    rule_files: tuple[RuleFile, ...] = ()
    if tree.rules:
        rule_file, refused = read_rules(f"groups:\n- name: g\n  rules:{tree.rules}", "rules.yml")
        assert rule_file is not None, refused
        rule_files = (rule_file,)
    return examine(Given(rule_files=rule_files, config=config, team_label="team"))


def codes(tree: Tree) -> set[str]:
    return {found.code.name for found in examined(tree).diagnostics}


PLANTED = {
    "partial overlap": (
        "route-loses-part",
        Tree("""
  - {matchers: ['team=~"a|b"'], receiver: a}
  - {matchers: ['team=~"b|c"'], receiver: b}
"""),
        Tree("""
  - {matchers: ['team=~"a|b"'], receiver: a}
  - {matchers: ['team=~"c|d"'], receiver: b}
"""),
    ),
    "union shadowing": (
        "route-dead",
        Tree("""
  - {matchers: ['sev="critical"'], receiver: a}
  - {matchers: ['sev!="critical"'], receiver: b}
  - {matchers: ['team="c"'], receiver: c}
"""),
        Tree("""
  - {matchers: ['sev="critical"'], receiver: a}
  - {matchers: ['sev!="critical"', 'sev!=""'], receiver: b}
  - {matchers: ['team="c"'], receiver: c}
"""),
    ),
    "a child that contradicts its parent": (
        "route-dead",
        Tree("""
  - matchers: ['team="a"']
    receiver: a
    routes: [{matchers: ['team="b"'], receiver: b}]
"""),
        Tree("""
  - matchers: ['team=~"a|b"']
    receiver: a
    routes: [{matchers: ['team="b"'], receiver: b}]
"""),
    ),
    "continue that reaches two teams": (
        "continue-tells-two-teams",
        Tree("""
  - {matchers: ['team="a"'], receiver: a, continue: true}
  - {matchers: ['zone="x"'], receiver: b}
  - {matchers: ['team="b"'], receiver: b}
"""),
        Tree("""
  - {matchers: ['team="a"'], receiver: a}
  - {matchers: ['zone="x"'], receiver: b}
  - {matchers: ['team="b"'], receiver: b}
"""),
    ),
    "continue that reaches two teams, by a rule": (
        "several-teams-answer",
        Tree(
            """
  - {matchers: ['team="a"'], receiver: a, continue: true}
  - {matchers: ['severity="critical"'], receiver: b}
  - {matchers: ['team="b"'], receiver: b}
""",
            rules=RULES_OF_TWO,
        ),
        Tree(TWO_TEAMS, rules=RULES_OF_TWO),
    ),
    "a negated matcher that takes alerts without a team": (
        "matcher-takes-missing",
        Tree("""
  - {matchers: ['team!="b"'], receiver: a}
  - {matchers: ['team="b"'], receiver: b}
"""),
        Tree("""
  - {matchers: ['team!="b"', 'team!=""'], receiver: a}
  - {matchers: ['team="b"'], receiver: b}
"""),
    ),
    "a pattern that is a catch-all": (
        "matcher-always-holds",
        Tree("""
  - {matchers: ['team=~".*|x"'], receiver: a}
"""),
        Tree("""
  - {matchers: ['team=~"a.*|x"'], receiver: a}
"""),
    ),
    "inhibition across teams": (
        "inhibited-by-others",
        Tree(TWO_TEAMS, rules=RULES_OF_TWO, inhibit=CRITICAL_FIRST + "[zone]"),
        Tree(TWO_TEAMS, rules=RULES_OF_TWO, inhibit=CRITICAL_FIRST + "[zone, team]"),
    ),
    "an equal label that neither side has": (
        "inhibit-equal-absent",
        Tree(TWO_TEAMS, rules=RULES_OF_TWO, inhibit=CRITICAL_FIRST + "[cluster, team]"),
        Tree(TWO_TEAMS, rules=RULES_OF_TWO, inhibit=CRITICAL_FIRST + "[zone, team]"),
    ),
    "a weekend without anybody": (
        "team-untold-at-times",
        Tree(
            """
  - {matchers: ['team="a"'], receiver: a, mute_time_intervals: [weekend]}
  - {matchers: ['team="b"'], receiver: b}
""",
            rules=RULES_OF_TWO,
            intervals=(WEEKEND,),
        ),
        Tree(
            """
  - {matchers: ['team="a"'], receiver: a, mute_time_intervals: [weekend], continue: true}
  - {matchers: ['team="a"'], receiver: a, active_time_intervals: [weekend]}
  - {matchers: ['team="b"'], receiver: b}
""",
            rules=RULES_OF_TWO,
            intervals=(WEEKEND,),
        ),
    ),
    "complementary intervals with a hole": (
        "team-untold-at-times",
        Tree(
            """
  - {matchers: ['team="a"'], receiver: a, active_time_intervals: [office], continue: true}
  - {matchers: ['team="a"'], receiver: a, active_time_intervals: [weekend]}
  - {matchers: ['team="b"'], receiver: b}
""",
            rules=RULES_OF_TWO,
            intervals=(OFFICE, SUNDAY),
        ),
        Tree(
            """
  - {matchers: ['team="a"'], receiver: a, active_time_intervals: [office], continue: true}
  - {matchers: ['team="a"'], receiver: a, active_time_intervals: [weekend]}
  - {matchers: ['team="b"'], receiver: b}
""",
            rules=RULES_OF_TWO,
            intervals=(OFFICE, WEEKEND),
        ),
    ),
    "a shared receiver that is not grouped by team": (
        "teams-share-group",
        Tree("\n  - {matchers: ['team=~\"a|b\"'], receiver: a, group_by: [alertname]}\n"),
        Tree("\n  - {matchers: ['team=~\"a|b\"'], receiver: a, group_by: [alertname, team]}\n"),
    ),
    "one team's route to another's receiver": (
        "receiver-of-two-teams",
        Tree("""
  - {matchers: ['team="a"'], receiver: a}
  - {matchers: ['team="b"'], receiver: a}
"""),
        Tree(TWO_TEAMS),
    ),
    "one team's alert at another's receiver": (
        "team-routed-elsewhere",
        Tree(
            """
  - {matchers: ['severity="minor"'], receiver: a}
  - {matchers: ['team="a"'], receiver: a}
  - {matchers: ['team="b"'], receiver: b}
""",
            rules=RULES_OF_TWO,
        ),
        Tree(TWO_TEAMS, rules=RULES_OF_TWO),
    ),
    "one PagerDuty key for two teams": (
        "endpoint-shared",
        Tree(TWO_TEAMS, hooks=(("b", "a"),), pagerduty=True),
        Tree(TWO_TEAMS, pagerduty=True),
    ),
    "a parent whose children do not match": (
        "route-falls-to-default",
        Tree("""
  - matchers: ['team="a"']
    routes: [{matchers: ['sev="critical"'], receiver: a}]
"""),
        Tree("""
  - matchers: ['team="a"']
    routes: [{matchers: ['sev="critical"'], receiver: a}, {receiver: a}]
"""),
    ),
    "a route of options alone that goes on": (
        "route-options-only",
        Tree("""
  - {matchers: ['sev="critical"'], group_wait: 0s, continue: true}
  - {matchers: ['team="a"'], receiver: a}
"""),
        Tree("""
  - {matchers: ['team="a"', 'sev="critical"'], receiver: a, group_wait: 0s}
  - {matchers: ['team="a"'], receiver: a}
"""),
    ),
    "a reminder after four weeks": (
        "repeat-too-long",
        Tree(TWO_TEAMS, root="  repeat_interval: 4w\n"),
        Tree(TWO_TEAMS, root="  repeat_interval: 1d\n"),
    ),
}
"""What is planted: the code that reports it, the tree that has it, and one that nearly has it."""


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_defect_is_found_and_its_sound_twin_is_left_alone(planted: str) -> None:
    """What others miss is reported, and the mend is rid of it."""
    code, bad, good = PLANTED[planted]
    assert code in codes(bad)
    assert code not in codes(good)


def test_an_alert_without_a_team_is_seen_behind_a_route_that_asks_what_series_decide() -> None:
    """The route that some series take first does not hide that of the others nobody answers."""
    routes = """
  - {matchers: ['pod=~"gpu-.*"'], receiver: a}
  - {matchers: ['team="a"'], receiver: a}
"""
    rule = "\n  - {alert: Down, expr: up == 0, labels: {severity: critical}}\n"
    (answer,) = examined(Tree(routes, rules=rule)).verdicts
    assert (answer.verdict, answer.open_label) == ("unknown", "pod")
    assert [(part.verdict, part.team) for part in answer.parts] == [
        ("proven", "a"),
        ("refuted", None),
    ]
    owned = rule.replace("{severity", "{team: a, severity")
    (answer,) = examined(Tree(routes, rules=owned)).verdicts
    assert (answer.verdict, answer.team) == ("proven", "a")
