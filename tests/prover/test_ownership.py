"""Whose receiver it is, as far as the routes say it: nothing is given to a team on a guess."""

from __future__ import annotations

import pytest

from buckstop.alertmanager import read
from buckstop.prometheus import read_rules
from buckstop.prover.examination import examine
from buckstop.prover.given import Declared, Given
from buckstop.prover.model import RuleAnswer, Verdict
from buckstop.prover.ownership import Holder


def answered(labels: str, routes: str, teams: dict[str, Holder] | None = None) -> RuleAnswer:
    """Who answers for a rule with `labels`, where `routes` stand below a catch-all ``rest``."""
    rules = f"groups: [{{name: g, rules: [{{alert: Slow, expr: up == 0, labels: {{{labels}}}}}]}}]"
    receivers = "".join(
        f"- {{name: {name}, webhook_configs: [{{url: 'http://127.0.0.1/{name}'}}]}}\n"
        for name in ("rest", "dba", "sre")
    )
    rule_file, _ = read_rules(rules, "rules.yml")
    config, found = read(
        f"route:\n  receiver: rest\n  routes:\n{routes}receivers:\n{receivers}", "a"
    )
    assert rule_file is not None
    assert config is not None, found
    declared = None if teams is None else Declared("teams.yaml", teams)
    return examine(
        Given(rule_files=(rule_file,), config=config, team_label="team", declared=declared)
    ).verdicts[0]


TWO_ROUTES = """
  - {matchers: ['team="sre"', 'db="1"'], receiver: dba}
  - {matchers: ['team="dba"'], receiver: dba}
"""
ONE_ROUTE = """
  - {matchers: ['team=~"dba|sre"'], receiver: dba}
"""
NARROWED_BELOW = """
  - matchers: ['team=~"dba|sre"']
    receiver: dba
    routes:
    - {matchers: ['team="dba"'], group_wait: 1s}
    - {matchers: ['team="sre"'], receiver: sre}
"""


@pytest.mark.parametrize(
    ("labels", "routes"),
    [
        ("team: sre, db: '1'", TWO_ROUTES),
        ("team: dba", TWO_ROUTES),
        ("team: dba", ONE_ROUTE),
        ("team: sre", ONE_ROUTE),
        ("team: dba", NARROWED_BELOW),
    ],
)
def test_a_receiver_of_several_teams_is_nobodys_until_it_is_said(labels: str, routes: str) -> None:
    """The routes do not say whose it is; a teams file does.

    It makes no difference whether two routes lead there or one that lists both teams: who reads
    that channel may take every alert for the other team's.
    """
    answer = answered(labels, routes)
    assert (answer.verdict, answer.team, answer.cause) == (Verdict.UNKNOWN, None, "owner not known")
    assert answer.reason.startswith("the routes lead to dba for ")
    assert answer.reason.endswith(" alike; say whose it is with --teams FILE")
    declared = answered(labels, routes, {"dba": Holder("accountable", "dba")})
    assert declared.verdict is (Verdict.PROVEN if "dba" in labels else Verdict.REFUTED)


def test_a_receiver_of_its_own_below_a_shared_route_is_its_teams() -> None:
    """Below the route that lists both, only one team is led to it."""
    assert answered("team: sre", NARROWED_BELOW).team == "sre"


def test_a_team_whose_route_inherits_the_default_receiver_is_not_proven_to_answer() -> None:
    """The default serves whoever has no route of their own; nobody has said it is this team's."""
    routes = """
  - matchers: ['team="sre"']
    routes:
    - {matchers: ['severity="critical"'], receiver: sre}
"""
    assert answered("team: sre, severity: critical", routes).verdict is Verdict.PROVEN
    minor = answered("team: sre, severity: minor", routes)
    assert (minor.verdict, minor.receivers, minor.cause) == (
        Verdict.UNKNOWN,
        ("rest",),
        "owner not known",
    )


@pytest.mark.parametrize(
    "condition",
    [
        'alertname!=""',
        'alertname=~".+"',
        'severity=~".*"',
        'team=""',
        'team!="dba"',
        'team!~"dba|x"',
        'team=~"x|"',
    ],
)
def test_a_route_for_whatever_is_left_is_a_catch_all(condition: str) -> None:
    """It picks out no team's alerts, so a rule without a team is not its receiver's team's."""
    routes = f"""
  - {{matchers: ['team="sre"'], receiver: sre}}
  - {{matchers: ['{condition}'], receiver: sre}}
"""
    answer = answered("severity: minor", routes)
    assert (answer.verdict, answer.cause) == (Verdict.REFUTED, "no team label")
    said = answered("severity: minor", routes, {"sre": Holder("accountable", "sre")})
    assert (said.verdict, said.team) == (Verdict.PROVEN, "sre")


def test_an_alert_that_names_its_team_may_reach_it_by_the_catch_all() -> None:
    """Told of what is left over, and named by the alert: the team and its receiver agree."""
    routes = """
  - {matchers: ['team!="dba"'], receiver: sre}
  - {matchers: ['team="sre"'], receiver: sre}
"""
    assert answered("team: sre", routes).team == "sre"


def test_a_condition_that_picks_something_out_gives_its_alerts_to_the_receivers_team() -> None:
    """A namespace's route to a team's receiver: the receiver is the team's, as its route shows."""
    routes = """
  - {matchers: ['team="sre"'], receiver: sre}
  - {matchers: ['namespace="payments"'], receiver: sre}
"""
    assert answered("namespace: payments", routes).team == "sre"


@pytest.mark.parametrize(
    "conditions", ["", "matchers: ['team!=\"b\"'], ", "matchers: ['alertname!=\"\"'], "]
)
def test_an_alert_that_pages_another_teams_own_receiver_too_has_two_owners(
    conditions: str,
) -> None:
    """A receiver that elsewhere is one team's is not merely informed by an open route."""
    routes = f"""
  - {{{conditions}receiver: sre, continue: true}}
  - {{matchers: ['team="dba"'], receiver: dba}}
  - {{matchers: ['team="sre"'], receiver: sre}}
  - {{receiver: rest}}
"""
    answer = answered("team: dba", routes)
    assert (answer.verdict, answer.cause) == (Verdict.REFUTED, "several teams")
    assert answer.reason == "sre and dba would both answer"
    own = answered("team: sre", routes)
    assert (own.verdict, own.team) == (Verdict.PROVEN, "sre")
    rest = answered("severity: minor", routes, {"rest": Holder("accountable", "ops")})
    assert rest.reason == "sre and ops would both answer"
    assert answered("severity: minor", routes).cause == "no team label"


def test_an_open_route_to_a_receiver_of_several_teams_is_not_decided() -> None:
    """Told in passing, though it is the receiver of teams: whose, no route says."""
    routes = """
  - {receiver: sre, continue: true}
  - {matchers: ['team="dba"'], receiver: dba}
  - {matchers: ['team=~"sre|net"'], receiver: sre}
"""
    assert answered("team: dba", routes).verdict is Verdict.UNKNOWN
