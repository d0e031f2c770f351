"""Not silenced and not buried: promises about other alerts, held against every pair of them."""

from __future__ import annotations

import json
from itertools import product

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from buckstop.alertmanager import read
from buckstop.alertmanager.inhibition import Inhibitor
from buckstop.prometheus import read_rules
from buckstop.prover.checks.subject import Answered
from buckstop.prover.examination import Examination, examine
from buckstop.prover.given import Given
from buckstop.prover.model import Judgement, Property, RuleAnswer, Verdict

BOTH = frozenset({Property.NOT_SILENCED, Property.NOT_BURIED})
LABELS = {
    "team": ("a", "b"),
    "severity": ("high", "low", ""),
    "model": ("m", "n", ""),
    "site": ("x", "y", ""),
}
Labels = dict[str, str]


def routes(group_by: str, inhibit_rules: str = "") -> str:
    return f"""
route:
  receiver: rest
  group_by: [{group_by}]
  routes:
  - receiver: a
    matchers: ['team="a"']
    routes: [{{receiver: a-high, matchers: ['severity="high"'], group_by: [site]}}]
  - {{receiver: b, matchers: ['team="b"']}}
inhibit_rules: [{inhibit_rules}]
receivers: {json.dumps([receiver(name) for name in ("rest", "a", "a-high", "b")])}
"""


def receiver(name: str) -> dict[str, object]:
    return {"name": name, "webhook_configs": [{"url": f"http://127.0.0.1/{name}"}]}


def rule(alert: str, labels: Labels, expr: str = "sum(up) == 0") -> str:
    return json.dumps({"alert": alert, "expr": expr, "labels": labels})


def examined(config_text: str, *rules: str, promises: frozenset[Property] = BOTH) -> Examination:
    config, _ = read(config_text, "alertmanager.yml")
    rule_file, _ = read_rules(f"groups: [{{name: g, rules: [{', '.join(rules)}]}}]", "rules.yml")
    assert config is not None
    assert rule_file is not None
    return examine(Given((rule_file,), config, team_label="team", promises=promises))


def first(config_text: str, *rules: str) -> RuleAnswer:
    return examined(config_text, *rules).verdicts[0]


NEVER_QUIET = """{source_matchers: [severity="high"], target_matchers: [severity="low"]}"""
OWN_TEAM = (
    """{source_matchers: [severity="high"], target_matchers: [severity="low"], equal: [team]}"""
)
OUR_LOW = rule("A", {"team": "a", "severity": "low"})


@pytest.mark.parametrize(
    ("inhibit_rules", "others", "verdict"),
    [
        ("", [rule("B", {"team": "b", "severity": "high"})], Verdict.PROVEN),
        (NEVER_QUIET, [rule("B", {"team": "b", "severity": "high"})], Verdict.REFUTED),
        (NEVER_QUIET, [rule("B", {"team": "b", "severity": "low"})], Verdict.PROVEN),
        (NEVER_QUIET, [rule("B", {"team": "a", "severity": "high"})], Verdict.PROVEN),
        # Nobody answers for it, so whoever is to be told of A hears of neither.
        (NEVER_QUIET, [rule("B", {"severity": "high"})], Verdict.REFUTED),
        (OWN_TEAM, [rule("B", {"team": "b", "severity": "high"})], Verdict.PROVEN),
        # Its own team's, but it always fires: A is never heard of.
        (OWN_TEAM, [rule("B", {"team": "a", "severity": "high"}, "vector(1)")], Verdict.REFUTED),
    ],
)
def test_whose_alert_silences_decides(
    inhibit_rules: str, others: list[str], verdict: Verdict
) -> None:
    """A team may quiet its own lesser alerts; nobody else may, and nothing may for ever."""
    answer = first(routes("...", inhibit_rules), OUR_LOW, *others)
    assert answer.judgement(Property.NOT_SILENCED).verdict is verdict
    assert answer.verdict is verdict
    if verdict is Verdict.REFUTED:
        assert answer.cause == "silenced by others"
        assert "B fires" in answer.reason
        assert "alertmanager.yml" in answer.reason
        assert dict(answer.witness or ())["severity"] == "low"


def test_one_rule_of_several_teams_may_silence_itself() -> None:
    """Its alert of one team quiets that of another; told apart by the team that answers."""
    of_both = rule("A", {"severity": "low"}, 'sum by (team) (up{team=~"a|b"}) == 0')
    crosswise = "{source_matchers: [team=a], target_matchers: [team=b]}"
    answer = first(routes("...", crosswise), of_both)
    assert (answer.verdict, answer.cause) == (Verdict.REFUTED, "silenced by others")
    assert dict(answer.witness or ())["team"] == "b"
    by_team = "{source_matchers: [team=a], target_matchers: [team=b], equal: [team]}"
    assert first(routes("...", by_team), of_both).verdict is Verdict.PROVEN


@pytest.mark.parametrize(
    ("group_by", "labels", "verdict", "said"),
    [
        ("...", {"team": "a", "severity": "info"}, Verdict.PROVEN, ""),
        ("team", {"team": "a", "severity": "info"}, Verdict.REFUTED, "with severity info"),
        ("team", {"team": "a", "severity": "low"}, Verdict.PROVEN, ""),
        ("team, severity", {"team": "a", "severity": "info"}, Verdict.PROVEN, ""),
        ("alertname", {"team": "a", "severity": "info"}, Verdict.PROVEN, ""),
        ("team", {"team": "a", "severity": "low", "model": "m"}, Verdict.PROVEN, ""),
        # Another team's lies on a route, and so in a group, of its own.
        ("severity", {"team": "b", "severity": "low"}, Verdict.PROVEN, ""),
    ],
)
def test_what_a_group_holds_decides(
    group_by: str, labels: Labels, verdict: Verdict, said: str
) -> None:
    """Of alerts in one notification the last are not read; so one severity and one model each."""
    answer = first(routes(group_by), OUR_LOW, rule("B", labels))
    judged = answer.judgement(Property.NOT_BURIED)
    assert judged.verdict is verdict
    assert said in judged.reason


def test_two_models_of_one_rule_share_a_group() -> None:
    """The rule of all models that groups by alertname hides the second model behind the first."""
    listed = rule("A", {"team": "a"}, 'sum by (model) (up{model=~"m|n"}) == 0')
    answer = first(routes("alertname"), listed)
    assert answer.cause == "buried"
    assert "with model" in answer.reason
    kept = first(routes("alertname, model"), listed)
    assert kept.verdict is Verdict.PROVEN


def test_a_label_that_series_decide_is_named() -> None:
    """Neither proven nor refuted: the label on which it hangs is said, and what would settle it."""
    answer = first(routes("alertname, severity"), rule("A", {"team": "a"}, "up == 0"))
    assert (answer.verdict, answer.cause) == (Verdict.UNKNOWN, "promise not decided")
    assert "hangs on the label model" in answer.reason


def test_nothing_is_judged_that_nobody_promised() -> None:
    """Trees that were written without these promises are not drowned in them."""
    found = examined(routes("team", NEVER_QUIET), OUR_LOW, promises=frozenset())
    assert not BOTH & dict(found.verdicts[0].properties).keys()


def test_what_nobody_answers_has_the_graver_reason() -> None:
    """One reason is enough."""
    answer = first(routes("team", NEVER_QUIET), rule("A", {"severity": "low"}))
    assert answer.cause == "no team label"
    for promise in BOTH:
        assert answer.judgement(promise) == Judgement(Verdict.NOT_APPLICABLE)


def matchers() -> st.SearchStrategy[str]:
    pairs = [
        f"{name}{operator}{json.dumps(value)}"
        for name, values in LABELS.items()
        for value in values
        for operator in ("=", "!=")
    ]
    return st.lists(st.sampled_from(pairs), min_size=1, max_size=2).map(json.dumps)


def inhibit_rules() -> st.SearchStrategy[str]:
    equal = st.lists(st.sampled_from([*LABELS, "alertname"]), max_size=2, unique=True)
    one = st.builds(
        "{{source_matchers: {}, target_matchers: {}, equal: {}}}".format,
        matchers(),
        matchers(),
        equal.map(json.dumps),
    )
    return st.lists(one, max_size=2).map(", ".join)


@settings(max_examples=150, deadline=None)
@drawn(
    st.lists(st.sampled_from([*LABELS, "alertname"]), min_size=1, max_size=3, unique=True),
    inhibit_rules(),
    st.lists(
        st.fixed_dictionaries({name: st.sampled_from(values) for name, values in LABELS.items()}),
        min_size=1,
        max_size=5,
    ),
)
def test_both_say_what_all_pairs_of_alerts_show(
    group_by: list[str], inhibiting: str, label_sets: list[Labels]
) -> None:
    """Proven and refuted are what Alertmanager's own inhibition and groups do with each pair."""
    found = examined(
        routes(", ".join(group_by), inhibiting),
        *(rule(f"R{number}", labels) for number, labels in enumerate(label_sets)),
    )
    config, _ = read(routes(", ".join(group_by), inhibiting), "alertmanager.yml")
    assert config is not None
    alerts = [
        {"alertname": f"R{number}", **{name: value for name, value in labels.items() if value}}
        for number, labels in enumerate(label_sets)
    ]
    every = list(zip(found.rules, alerts, strict=True))
    for one, alert in every:
        silenced = any(
            Inhibitor(config.inhibit_rules, [source]).inhibition(alert) is not None
            for other, source in every
            if other.answer.team != one.answer.team
        )
        buried = any(_together(one, alert, other, beside) for other, beside in every)
        for promise, broken in ((Property.NOT_SILENCED, silenced), (Property.NOT_BURIED, buried)):
            expected = Verdict.REFUTED if broken else Verdict.PROVEN
            assert one.answer.judgement(promise).verdict is expected, (promise, alert, alerts)


def _together(one: Answered, alert: Labels, other: Answered, beside: Labels) -> bool:
    """Whether a route that tells the team of `one` puts both into one group, unlike as they are."""
    unlike = one.answer.team != other.answer.team or any(
        alert.get(name) and beside.get(name) and alert[name] != beside[name]
        for name in ("model", "severity")
    )
    telling = [
        {claim.match.path: claim.match for claim in answered.parts[0].claims}
        for answered in (one, other)
    ]
    return unlike and any(
        path == another and match.group_key(alert) == match.group_key(beside)
        for (path, match), another in product(telling[0].items(), telling[1])
    )
