"""Which team label a rule's alerts carry, before any of them fires."""

from __future__ import annotations

import pytest

from buckstop.alertmanager import read
from buckstop.prometheus import read_config, read_rules
from buckstop.prover.examination import examine
from buckstop.prover.given import Declared, Given
from buckstop.prover.model import RuleAnswer, Verdict
from buckstop.prover.ownership import Holder

ROUTES = """
route:
  receiver: rest
  routes:
  - matchers: ['team="infra"']
    receiver: infra
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
"""
RESTS_TEAM = Declared("teams.yaml", {"rest": Holder("accountable", "ops")})
SENDS = "alerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:9093']}]}]}\n"


def answered(rules: str, *, prometheus: str | None = None, routes: str = ROUTES) -> RuleAnswer:
    """Who answers for the last rule, where ops answers for whatever no route takes."""
    rule_file, found = read_rules(f"groups:\n- name: g\n  rules:\n{rules}", "rules.yml")
    assert rule_file is not None, found
    config, _ = read(routes, "alertmanager.yml")
    server = None
    if prometheus is not None:
        server = read_config(f"rule_files: [rules.yml]\n{SENDS}{prometheus}", "prometheus.yml")[0]
    given = Given(
        rule_files=(rule_file,),
        config=config,
        team_label="team",
        declared=RESTS_TEAM,
        prometheus=server,
    )
    return examine(given).verdicts[-1]


@pytest.mark.parametrize(
    "expr",
    [
        'label_replace(up == 0, "team", "infra", "", "")',
        "label_replace(up == 0, 'team', 'infra', '', '')",
        'label_join(up, "team", "", "job") == 0',
        "sum by (team) (up) == 0",
        'count_values("team", up) > 0',
        "up == 0 and on (team) rate(x[5m]) > 0",
    ],
)
def test_a_team_that_the_expression_may_supply_is_not_taken_as_missing(expr: str) -> None:
    """The alert would go to another team than the one that answers for what has none."""
    answer = answered(f"  - alert: A\n    expr: {expr!r}\n".replace("\\'", "''"))
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.reason == (
        "not decided: label team (asked for at alertmanager.yml:5; the expression may supply it)"
    )


@pytest.mark.parametrize(
    "expr",
    [
        'up{team="infra"} == 0',
        'up == 0 and on (team) down{team="infra"}',
        'sum by (team) (up{team=~"infra"}) == 0',
        'count by (team, job) (up{team="infra"}) < 3 or absent(up{team="infra"})',
    ],
)
def test_a_team_that_the_expression_supplies_is_taken(expr: str) -> None:
    """Every series that the expression gives has the one team, and the routes know it."""
    answer = answered(f"  - alert: A\n    expr: {expr!r}\n")
    assert (answer.verdict, answer.team) == (Verdict.PROVEN, "infra")


@pytest.mark.parametrize("expr", ["up{steam='on'} == 0", "team_errors > 0", "up == 0 # by team"])
def test_a_word_that_only_holds_the_labels_name_supplies_nothing(expr: str) -> None:
    """Labels and metrics of similar names, and comments, say nothing of the team."""
    assert answered(f'  - {{alert: A, expr: "{expr}"}}\n').team == "ops"


def test_a_team_that_a_recorded_series_carries_is_not_taken_as_missing() -> None:
    """The files themselves say that the series have it, be it through other recorded series."""
    rules = (
        "  - {record: a:up, expr: up, labels: {team: infra}}\n"
        "  - {record: b:up, expr: sum without (pod) (a:up)}\n"
        "  - {record: c:up, expr: up}\n"
    )
    assert answered(f"{rules}  - {{alert: A, expr: 'b:up == 0'}}\n").team == "infra"
    assert answered(f"{rules}  - {{alert: A, expr: 'c:up == 0'}}\n").team == "ops"


BAD = "  - {alert: Bad, expr: 'up == 0', labels: {team: infra}}\n"
RECORDED = "  - {record: 'job:errors:rate5m', expr: 'rate(errors[5m])', labels: {team: infra}}\n"


@pytest.mark.parametrize(
    "expr",
    [
        'ALERTS{alertname="Bad", alertstate="firing"} == 1',
        'time() - ALERTS_FOR_STATE{alertname="Bad"} > 3600',
        '{"ALERTS", alertstate="firing"} == 1',
        '{alertname="Bad"} == 1',
    ],
)
def test_a_team_that_alerts_of_the_files_hand_on_is_not_taken_as_missing(expr: str) -> None:
    """Prometheus records each alert as a series with the labels of its rule, the team too."""
    assert answered(f"{BAD}  - alert: Meta\n    expr: '{expr}'\n").verdict is Verdict.UNKNOWN


def test_alerts_of_rules_without_a_team_hand_on_none() -> None:
    """No rule gives the series the label, so A1 speaks of them as of all others."""
    rules = "  - {alert: Bad, expr: 'up == 0'}\n  - {alert: Meta, expr: 'ALERTS == 1'}\n"
    assert answered(rules).team == "ops"


def test_a_team_goes_through_recorded_alerts() -> None:
    """What is recorded from the alerts' series has their labels."""
    rules = f"{BAD}  - {{record: 'bad:alerts', expr: 'ALERTS'}}\n"
    assert answered(f"{rules}  - {{alert: A, expr: 'bad:alerts > 0'}}\n").verdict is (
        Verdict.UNKNOWN
    )


@pytest.mark.parametrize(
    "expr",
    [
        '{__name__=~"job:errors:.*"} > 1',
        '{__name__!="up"} > 1',
        '{__name__!~"up|down", job="x"} > 1',
        '{job="x"} > 1',
        'up == 1 and {job="x"} > 1',
        'label_join(up, "x", "", "y") > 0 or max by (job) ({job="x"}) > 1',
        '{"__name__"=~"job:.+"} > 1',
        "up # all of\n  or {job='x'}",
        "rate({} [5m]) > 1",
    ],
)
def test_a_selector_that_may_take_a_recorded_series_is_not_decided(expr: str) -> None:
    """By a pattern of names or without a name, the series that has the team is selected too."""
    rule = f"  - alert: A\n    expr: |\n      {expr.replace(chr(10), chr(10) + '      ')}\n"
    assert answered(RECORDED + rule).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    "expr",
    [
        '{"job:errors:rate5m"} > 1',
        '{"job\\x3aerrors:rate5m"} > 1',
        '{__name__="job:errors:rate5m"} > 1',
    ],
)
def test_a_recorded_series_that_is_read_by_name_gives_its_team(expr: str) -> None:
    """However the name is written."""
    assert answered(f"{RECORDED}  - alert: A\n    expr: '{expr}'\n").team == "infra"


@pytest.mark.parametrize(
    "expr",
    [
        '{__name__=~"node_.*"} > 1',
        '{__name__="up", job="x"} == 0',
        '{"up", job="x"} == 0',
        'up {job="x"} == 0',
        '{__name__=~"job:.*", __name__!~".*:rate5m"} > 1',
        'up{job="a}"} == 0 or down{job="{"} == 0',
    ],
)
def test_a_selector_that_takes_no_recorded_series_is_decided(expr: str) -> None:
    """The names that it asks for are not those of a series with the team."""
    assert answered(f"{RECORDED}  - alert: A\n    expr: '{expr}'\n").team == "ops"


def test_an_escaped_name_of_the_team_label_is_read() -> None:
    r"""`"te\x61m"` is the string `team` to Prometheus."""
    rule = '  - alert: A\n    expr: \'label_replace(up, "te\\x61m", "infra", "", "") == 0\'\n'
    assert answered(rule).verdict is Verdict.UNKNOWN


def test_an_empty_label_of_the_rule_removes_what_the_expression_supplies() -> None:
    """Rule labels override: set to nothing, the label is dropped whatever the series have."""
    rule = "  - {alert: A, expr: 'sum by (team) (up) == 0', labels: {team: ''}}\n"
    assert answered(rule).team == "ops"


@pytest.mark.parametrize("null", ["null", "~", ""])
def test_a_null_team_is_no_team(null: str) -> None:
    """Prometheus reads null as empty text and drops the label; it is no team called `null`."""
    routes = ROUTES.replace('team="infra"', 'team=~"null|~"')
    assert answered(
        f"  - {{alert: A, expr: up, labels: {{team: {null}}}}}\n", routes=routes
    ).team == ("ops")


@pytest.mark.parametrize("value", ["${OWNER}", "$OWNER", "$$infra", "in$fra"])
def test_an_external_team_from_the_environment_is_not_decided(value: str) -> None:
    """Prometheus 3 fills `$` in external labels from its environment, older ones do not."""
    answer = answered(
        "  - {alert: A, expr: up}\n", prometheus=f"global: {{external_labels: {{team: '{value}'}}}}"
    )
    assert answer.verdict is Verdict.UNKNOWN
    assert "fills from its environment" in answer.reason


def test_a_null_external_team_fills_nothing() -> None:
    """An empty external label is none."""
    answer = answered(
        "  - {alert: A, expr: up}\n", prometheus="global: {external_labels: {team: null}}"
    )
    assert answer.team == "ops"


def test_the_rules_own_team_stands_above_an_external_one() -> None:
    """External labels fill only what is empty."""
    answer = answered(
        "  - {alert: A, expr: up, labels: {team: infra}}\n",
        prometheus="global: {external_labels: {team: '$OWNER'}}",
    )
    assert (answer.verdict, answer.team) == (Verdict.PROVEN, "infra")
