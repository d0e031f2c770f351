"""Who answers for a rule, as the routes decide it."""

from __future__ import annotations

import pytest

from buckstop.alertmanager import read
from buckstop.prometheus import read_config, read_rules
from buckstop.prover.examination import Examination, examine
from buckstop.prover.given import Declared, Given
from buckstop.prover.grounds import answers_on
from buckstop.prover.model import Property, RuleAnswer, Verdict
from buckstop.prover.ownership import Holder

ROUTES = """
route:
  receiver: rest
  routes:
  - matchers: ['accountable_team="infra"']
    receiver: infra
    routes:
    - matchers: ['severity="critical"']
      receiver: infra-pager
  - matchers: ['accountable_team=~"data|features"']
    receiver: data
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
- {name: infra-pager, webhook_configs: [{url: 'http://127.0.0.1/pager'}]}
- {name: data, webhook_configs: [{url: 'http://127.0.0.1/data'}]}
"""


def examined(
    labels: str,
    routes: str = ROUTES,
    *,
    teams: dict[str, Holder] | None = None,
    prometheus: str | None = None,
    team_label: str | None = None,
) -> Examination:
    rules = f"groups: [{{name: g, rules: [{{alert: Slow, expr: up == 0, labels: {{{labels}}}}}]}}]"
    rule_file, found = read_rules(rules, "rules.yml")
    assert rule_file is not None, found
    config, load_diagnostics = read(routes, "alertmanager.yml")
    assert config is not None, load_diagnostics
    server = None
    if prometheus is not None:
        server = read_config(f"rule_files: [rules.yml]\n{prometheus}", "prometheus.yml")[0]
    return examine(
        Given(
            rule_files=(rule_file,),
            config=config,
            load_diagnostics=load_diagnostics,
            team_label=team_label,
            declared=None if teams is None else Declared("teams.yaml", teams),
            prometheus=server,
        )
    )


def answered(labels: str, routes: str = ROUTES, **given: object) -> RuleAnswer:
    return examined(labels, routes, **given).verdicts[0]  # type: ignore[arg-type]


def test_a_rule_whose_label_leads_to_its_team_is_proven() -> None:
    """Team, receivers and every property, from the rule's own labels alone."""
    answer = answered("accountable_team: infra, severity: critical")
    assert (answer.verdict, answer.team) == (Verdict.PROVEN, "infra")
    assert answer.receivers == ("infra-pager",)
    assert {judged.verdict for _, judged in answer.properties} == {Verdict.PROVEN}
    assert answer.witness is None


def test_a_rule_without_a_team_is_refuted_with_its_labels_as_witness() -> None:
    """Under A1 the label is absent, so only the catch-all hears of it."""
    answer = answered("severity: critical")
    assert (answer.verdict, answer.team, answer.receivers) == (Verdict.REFUTED, None, ("rest",))
    assert answer.cause == "no team label"
    assert answer.witness == (("alertname", "Slow"), ("severity", "critical"))


def answered_for(expr: str, carried: dict[str, str]) -> RuleAnswer:
    """Of a rule with this expression and no team, for an alert that carried these labels."""
    rules = (
        f'groups: [{{name: g, rules: [{{alert: Slow, expr: "{expr}", labels: {{severity: x}}}}]}}]'
    )
    rule_file, found = read_rules(rules, "rules.yml")
    assert rule_file is not None, found
    config, _ = read(ROUTES, "alertmanager.yml")
    answers, _ = answers_on(Given(rule_files=(rule_file,), config=config))
    return answers.answer(rule_file.alerts[0], carried)


def test_an_alert_that_carries_what_the_rule_cannot_send_is_answered_as_the_rule_is() -> None:
    """Even where its expression gives no alert at all."""
    answer = answered_for("foo{env='a', env='b'}", {"accountable_team": "infra"})
    assert (answer.verdict, answer.receivers) == (Verdict.REFUTED, ("rest",))
    assert answer.witness == (("alertname", "Slow"), ("severity", "x"))


def test_the_witness_of_an_alert_at_hand_is_that_alert() -> None:
    """Of a label for which no route asks, the value at hand says more than the shortest one."""
    answer = answered_for("up{pod=~'api-.*'} == 0", {"pod": "api-17"})
    assert answer.witness == (("alertname", "Slow"), ("pod", "api-17"), ("severity", "x"))


def test_a_team_from_the_server_that_is_routed_elsewhere_is_found_at_the_rule() -> None:
    """Where the rule has no label to point at, the finding is at the rule itself."""
    found = examined(
        "severity: x",
        ROUTES.replace("    receiver: infra\n", "    receiver: data\n", 1),
        prometheus="global: {external_labels: {accountable_team: infra}}\n"
        "alerting: {alertmanagers: [{static_configs: [{targets: ['am:9093']}]}]}",
        teams={name: Holder("accountable", name) for name in ("infra", "data")},
    )
    (elsewhere,) = (one for one in found.diagnostics if one.code.name == "team-routed-elsewhere")
    assert "it names infra, but data is data's" in elsewhere.message
    assert elsewhere.span == found.verdicts[0].span


def test_a_typo_in_the_team_is_refuted() -> None:
    """`Infra` is not `infra`: the alert falls to the catch-all."""
    answer = answered("accountable_team: Infra")
    assert (answer.verdict, answer.cause) == (Verdict.REFUTED, "team without route")
    assert "no route knows the team Infra" in answer.reason


def test_an_empty_team_label_is_no_team_label() -> None:
    """Prometheus drops a label that a rule sets to nothing."""
    assert answered("accountable_team: ''").cause == "no team label"


def test_a_label_that_the_rule_does_not_set_need_not_decide() -> None:
    """Severity comes from the series and a route asks for it, yet both ways lead to the team."""
    answer = answered("accountable_team: infra")
    assert (answer.verdict, answer.team) == (Verdict.PROVEN, "infra")
    assert {(part.where, part.receivers) for part in answer.parts} == {
        ((("severity", "critical"),), ("infra-pager",)),
        ((("severity", "not critical"),), ("infra",)),
    }


def test_what_the_rule_does_not_set_is_not_decided() -> None:
    """One way leads to nobody: the label is named, and what would happen for which value."""
    routes = ROUTES.replace("receiver: infra-pager", "receiver: lost") + "- {name: lost}\n"
    answer = answered("accountable_team: infra", routes)
    assert (answer.verdict, answer.team) == (Verdict.UNKNOWN, None)
    assert "not decided: label severity (asked for at alertmanager.yml:8" in answer.reason
    assert [(part.where, part.verdict) for part in answer.parts] == [
        ((("severity", "critical"),), Verdict.REFUTED),
        ((("severity", "not critical"),), Verdict.PROVEN),
    ]


def test_an_open_label_of_which_every_value_shows_the_same_refutes() -> None:
    """Whatever the severity is, nobody answers: that is no open question."""
    routes = ROUTES.replace("infra-pager\n", "lost\n").replace(
        "receiver: infra\n", "receiver: lost\n"
    )
    answer = answered("accountable_team: infra", routes + "- {name: lost}\n")
    assert (answer.verdict, answer.cause) == (Verdict.REFUTED, "cannot deliver")
    assert answer.witness is not None


def test_each_value_of_a_label_may_have_a_team_of_its_own() -> None:
    """Teams by namespace: every alert has exactly one, which one its namespace says."""
    routes = """
route:
  receiver: rest
  routes:
  - {matchers: ['namespace="pay"'], receiver: payments}
  - {matchers: ['namespace!="pay"'], receiver: platform}
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: payments, webhook_configs: [{url: 'http://127.0.0.1/p'}]}
- {name: platform, webhook_configs: [{url: 'http://127.0.0.1/q'}]}
"""
    teams = {name: Holder("accountable", name) for name in ("payments", "platform")}
    answer = answered("severity: minor", routes, teams=teams)
    assert (answer.verdict, answer.team) == (Verdict.PROVEN, None)
    assert answer.teams == ("payments", "platform")
    assert [(part.where, part.team) for part in answer.parts] == [
        ((("namespace", "pay"),), "payments"),
        ((("namespace", "not pay"),), "platform"),
    ]


def test_a_templated_team_label_is_not_decided() -> None:
    """A team that the rule fills in when it fires is not guessed."""
    answer = answered("accountable_team: '{{ $labels.owner }}', severity: minor")
    assert answer.verdict is Verdict.UNKNOWN
    assert "label accountable_team" in answer.reason


def test_a_team_label_with_the_name_of_the_series_is_not_decided() -> None:
    """Templates see the name of the series, which the alert itself has not."""
    answer = answered("accountable_team: 'infra{{ $labels.__name__ }}', severity: minor")
    assert answer.verdict is Verdict.UNKNOWN
    assert "label accountable_team" in answer.reason


def test_a_templated_team_label_is_not_decided_where_no_route_asks_for_it() -> None:
    """The receiver is known then, but whether the label agrees is not."""
    routes = """
route: {receiver: infra}
receivers: [{name: infra, webhook_configs: [{url: 'http://127.0.0.1/'}]}]
"""
    answer = answered(
        "accountable_team: '{{ $labels.owner }}'",
        routes,
        teams={"infra": Holder("accountable", "infra")},
        team_label="accountable_team",
    )
    assert answer.judgement(Property.ANSWERED).verdict is Verdict.PROVEN
    assert answer.judgement(Property.AGREES).verdict is Verdict.UNKNOWN
    assert answer.verdict is Verdict.UNKNOWN


def test_the_catch_all_answers_only_where_a_file_names_its_team() -> None:
    """With `--teams` the unrecognised has somebody who answers for it."""
    teams = {"rest": Holder("accountable", "default_ops")}
    answer = answered("severity: critical", teams=teams)
    assert (answer.verdict, answer.team) == (Verdict.PROVEN, "default_ops")


def test_the_catch_all_is_not_a_teams_because_that_team_has_a_route_to_it() -> None:
    """Whoever is told of the unrecognised has not agreed to answer for it."""
    routes = ROUTES.replace("receiver: rest", "receiver: infra")
    answer = answered("severity: critical", routes)
    assert (answer.verdict, answer.team) == (Verdict.REFUTED, None)


def test_a_named_catch_all_still_disagrees_with_a_typo() -> None:
    """The default team answers, yet the label names another: refuted, not proven."""
    teams = {"rest": Holder("accountable", "default_ops")}
    answer = answered("accountable_team: Infra", teams=teams)
    assert answer.judgement(Property.ANSWERED).verdict is Verdict.PROVEN
    assert answer.judgement(Property.AGREES).verdict is Verdict.REFUTED


def test_what_is_dropped_on_purpose_is_proven() -> None:
    """A receiver declared as needing no answer: nobody is missing."""
    answer = answered("severity: none", teams={"rest": Holder("not accountable")})
    assert (answer.verdict, answer.cause) == (Verdict.PROVEN, "nobody needs to answer")


def test_a_rule_that_names_a_team_is_not_dropped_on_purpose() -> None:
    """The team that it names believes that it is told, and never hears of it."""
    answer = answered(
        "accountable_team: ghost, severity: none", teams={"rest": Holder("not accountable")}
    )
    assert (answer.verdict, answer.cause) == (Verdict.REFUTED, "nobody answers")
    assert answer.reason == ("it names ghost, but only rest is told, where nobody needs to answer")


def test_a_team_that_every_alert_has_from_the_server_may_be_dropped_on_purpose() -> None:
    """External labels are the server's; a heartbeat of it is nobody's all the same."""
    answer = answered(
        "severity: none",
        teams={"rest": Holder("not accountable")},
        prometheus="alerting: {alertmanagers: [{static_configs: [{targets: ['a:9093']}]}]}\n"
        "global: {external_labels: {accountable_team: ghost}}",
    )
    assert (answer.verdict, answer.cause) == (Verdict.PROVEN, "nobody needs to answer")


SEVERITY_FIRST = """
route:
  receiver: rest
  routes:
  - matchers: ['severity="critical"']
    receiver: pager
    CONTINUE
  - matchers: ['accountable_team="infra"']
    receiver: infra
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
- {name: pager, webhook_configs: [{url: 'http://127.0.0.1/pager'}]}
"""


def test_a_receiver_that_no_route_gives_to_a_team_is_unknown() -> None:
    """Not a guess: the receiver is named, and how to say whose it is."""
    routes = SEVERITY_FIRST.replace("    CONTINUE\n", "")
    answer = answered("accountable_team: infra, severity: critical", routes)
    assert (answer.verdict, answer.cause) == (Verdict.UNKNOWN, "owner not known")
    assert "pager" in answer.reason
    assert "--teams" in answer.reason


def test_a_receiver_told_in_passing_is_informed() -> None:
    """A `continue` route that names no team, before the team's own, does not make two owners."""
    routes = SEVERITY_FIRST.replace("CONTINUE", "continue: true")
    answer = answered("accountable_team: infra, severity: critical", routes)
    assert (answer.verdict, answer.team) == (Verdict.PROVEN, "infra")
    assert answer.receivers == ("pager", "infra")
    assert answer.informed == ("pager",)


def test_two_teams_are_refuted() -> None:
    """Both receivers are told; exactly one team may be accountable."""
    routes = SEVERITY_FIRST.replace("CONTINUE", "continue: true")
    answer = answered(
        "accountable_team: infra, severity: critical",
        routes,
        teams={"pager": Holder("accountable", "data")},
    )
    assert answer.judgement(Property.SINGLE).verdict is Verdict.REFUTED
    assert (answer.verdict, answer.cause) == (Verdict.REFUTED, "several teams")


def test_a_receiver_without_integrations_delivers_nothing() -> None:
    """The team is known, and it will never hear of it."""
    routes = ROUTES.replace(
        "{name: infra-pager, webhook_configs: [{url: 'http://127.0.0.1/pager'}]}",
        "{name: infra-pager}",
    )
    answer = answered("accountable_team: infra, severity: critical", routes)
    assert answer.team == "infra"
    assert answer.judgement(Property.DELIVERS).verdict is Verdict.REFUTED
    assert "infra-pager has no integration" in answer.reason


def test_a_file_that_alertmanager_rejects_delivers_nothing_at_all() -> None:
    """An error in one receiver keeps the whole file from loading."""
    routes = ROUTES.replace(
        "webhook_configs: [{url: 'http://127.0.0.1/rest'}]", "slack_configs: [{channel: x}]"
    )
    answer = answered("accountable_team: infra, severity: critical", routes)
    assert answer.judgement(Property.DELIVERS).verdict is Verdict.REFUTED
    assert "does not load" in answer.reason


def test_a_root_that_takes_only_some_alerts_delivers_nothing_either() -> None:
    """Alertmanager refuses it; what it would not take is answered for all the same: by nobody."""
    conditional = ROUTES.replace("route:\n", "route:\n  matchers: ['severity=\"critical\"']\n", 1)
    taken = answered("accountable_team: infra, severity: critical", conditional)
    assert taken.verdict is Verdict.REFUTED
    assert "does not load" in taken.reason
    left = answered("accountable_team: infra, severity: minor", conditional)
    assert (left.verdict, left.receivers) == (Verdict.REFUTED, ())


def test_a_template_that_is_not_read_leaves_delivery_open() -> None:
    """No proof is claimed for what stands in a template file."""
    routes = ROUTES.replace(
        "{name: infra-pager, webhook_configs: [{url: 'http://127.0.0.1/pager'}]}",
        "{name: infra-pager, opsgenie_configs: "
        "[{api_key: k, message: '{{ template \"ours\" . }}'}]}",
    )
    routes += "templates: ['*.tmpl']\n"
    answer = answered("accountable_team: infra, severity: critical", routes)
    assert (answer.verdict, answer.cause) == (Verdict.UNKNOWN, "delivery not known")


def test_external_labels_fill_the_team_that_a_rule_leaves_out() -> None:
    """A prometheus.yml that names the team for all its rules settles them."""
    prometheus = (
        "global: {external_labels: {accountable_team: infra}}\n"
        "alerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:9093']}]}]}\n"
    )
    examination = examined("severity: critical", prometheus=prometheus)
    assert examination.verdicts[0].team == "infra"
    assert [assumption.name for assumption in examination.assumptions] == ["A1"]


@pytest.mark.parametrize(
    "alerting",
    [
        "alertmanagers: [{GROUP}], alert_relabel_configs: [{action: labeldrop, regex: severity}]",
        "alertmanagers: [{GROUP, alert_relabel_configs: [{action: labeldrop, regex: severity}]}]",
    ],
)
def test_alert_relabelling_is_followed(alerting: str) -> None:
    """Without its severity the alert goes to the team's chat, not to its pager."""
    alerting = alerting.replace("GROUP", "dns_sd_configs: [{names: [alertmanager]}]")
    answer = answered(
        "accountable_team: infra, severity: critical", prometheus=f"alerting: {{{alerting}}}"
    )
    assert (answer.verdict, answer.receivers) == (Verdict.PROVEN, ("infra",))


SENT = "alertmanagers: [{static_configs: [{targets: ['a:9093']}]}]"


@pytest.mark.parametrize(
    ("step", "verdict", "said"),
    [
        ("{source_labels: [severity], regex: critical, action: drop}", Verdict.REFUTED, "drop eve"),
        ("{source_labels: [severity], regex: minor, action: drop}", Verdict.PROVEN, ""),
        ("{source_labels: [zone], regex: eu, action: drop}", Verdict.UNKNOWN, "label zone (alert_"),
        ("{source_labels: [zone, pod], regex: eu;.*, action: drop}", Verdict.UNKNOWN, "zone and"),
        ("{source_labels: [zone, pod], regex: x, action: drop}", Verdict.PROVEN, ""),
        ("{target_label: accountable_team, replacement: x}", Verdict.REFUTED, "the team x"),
        ("{source_labels: [zone], target_label: severity}", Verdict.PROVEN, ""),
        # Whether there is a zone like that, no file says; where there is none, infra answers.
        (
            "{source_labels: [zone], regex: eu-.*, target_label: accountable_team, replacement: x}",
            Verdict.UNKNOWN,
            "label zone",
        ),
    ],
)
def test_relabelling_may_take_the_owner_away(step: str, verdict: Verdict, said: str) -> None:
    """An alert that is dropped, or renamed to another team's, reaches nobody who answers."""
    answer = answered(
        "accountable_team: infra, severity: critical",
        prometheus=f"alerting: {{{SENT}, alert_relabel_configs: [{step}]}}",
    )
    assert answer.verdict is verdict
    assert said in answer.reason


def test_an_alert_that_one_alertmanager_is_not_sent_is_not_lost() -> None:
    """Two groups of Alertmanagers: what the steps of one drop, the other is sent."""
    group = "static_configs: [{targets: ['a:9093']}]"
    drop = "{source_labels: [zone], action: drop, regex: eu}"
    groups = f"[{{{group}, alert_relabel_configs: [{drop}]}}, {{{group}}}]"
    answer = answered(
        "accountable_team: infra, severity: critical",
        prometheus=f"alerting: {{alertmanagers: {groups}}}",
    )
    assert answer.verdict is Verdict.PROVEN


def test_a_rule_that_names_its_team_may_copy_the_one_of_the_series() -> None:
    """A1 speaks of rules that set no team: the series of others may have one, even another's."""
    first = "  - {matchers: ['zone=\"data\"'], receiver: rest}\n"
    routes = ROUTES.replace("  routes:\n", f"  routes:\n{first}", 1)
    infra = Holder("accountable", "infra")
    answer = answered(
        "accountable_team: infra, zone: '{{ $labels.accountable_team }}'",
        routes,
        teams={"rest": Holder("informed"), "infra": infra, "infra-pager": infra},
    )
    assert (answer.verdict, answer.open_label) == (Verdict.UNKNOWN, "zone")


def test_a_rule_that_can_never_fire_is_said_to_be_one() -> None:
    """Operands that ask for different values of one label never meet: no alert comes of them."""
    rule_file, _ = read_rules(
        "groups: [{name: g, rules: [{alert: A, labels: {accountable_team: infra},"
        ' expr: \'hits{result="hit"} / hits{result="miss"} > 2\'}]}]',
        "r.yml",
    )
    config, _ = read(ROUTES, "alertmanager.yml")
    assert rule_file is not None
    answer = examine(Given(rule_files=(rule_file,), config=config)).verdicts[0]
    assert answer.verdict is Verdict.REFUTED
    assert answer.cause == "never fires"
    assert answer.reason.startswith("it never fires")


def test_without_routes_nothing_is_decided() -> None:
    """Rules alone say who should answer, never who is told."""
    rule_file, _ = read_rules(
        "groups: [{name: g, rules: [{alert: A, expr: up, labels: {accountable_team: x}}]}]", "r.yml"
    )
    assert rule_file is not None
    answer = examine(Given(rule_files=(rule_file,), config=None)).verdicts[0]
    assert (answer.verdict, answer.cause) == (Verdict.UNKNOWN, "no routes")


@pytest.mark.parametrize(
    ("labels", "routes", "expected"),
    [
        ("accountable_team: infra, team: a", ROUTES, ("accountable_team", "found")),
        ("squad: infra", SEVERITY_FIRST.replace("accountable_team", "squad"), ("squad", "guessed")),
        (
            "severity: x",
            "route: {receiver: a}\nreceivers: [{name: a}]",
            ("accountable_team", "assumed"),
        ),
    ],
)
def test_the_team_label_is_found_guessed_or_assumed(
    labels: str, routes: str, expected: tuple[str, str]
) -> None:
    """Zero configuration: the label that the files use, and it is said how it was found."""
    routes = routes.replace("    CONTINUE\n", "")
    label = examined(labels, routes).team_label
    assert (label.name, label.source) == expected
