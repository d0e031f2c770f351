"""No wrong proof: what is proven of a rule holds for every alert that the rule can send."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.volume import cases

from buckstop.alertmanager import Router, read
from buckstop.document import Emittable, emit
from buckstop.prometheus import read_rules
from buckstop.prover.given import Given
from buckstop.prover.grounds import answers_on
from buckstop.prover.model import Verdict
from buckstop.prover.ownership import claim

LABELS = ("team", "severity", "zone")
VALUES = ("a", "b", "c")
OPERATORS = ("=", "!=", "=~", "!~")
RECEIVERS = ("a", "b", "c", "rest")
PATTERNS = (
    *VALUES,
    "a|b",
    ".+",
    ".*",
    "",
    "[ab]",
    "a.*",
    ".*b",
    "(?i)A|c",
    "[^b]*",
    "a.b",
    "(?s)a.b",
)
COPIES = "{{ $labels.zone }}"
"""A label's text that stands for the zone of the series."""

Labels = dict[str, str]

matchers = st.builds(
    lambda name, operator, value: f'{name}{operator}"{value}"',
    st.sampled_from(LABELS),
    st.sampled_from(OPERATORS),
    st.sampled_from(PATTERNS),
)


def routes(children: st.SearchStrategy[list[Emittable]]) -> st.SearchStrategy[list[Emittable]]:
    odd: st.SearchStrategy[Emittable] = st.fixed_dictionaries(
        {
            "matchers": st.lists(matchers, max_size=2),
            "continue": st.booleans(),
            "routes": children,
        },
        # Without one of its own a route has its parent's.
        optional={"receiver": st.sampled_from(RECEIVERS)},
    )
    of_a_team: st.SearchStrategy[Emittable] = st.builds(
        lambda team, below: {"matchers": [f'team="{team}"'], "receiver": team, "routes": below},
        st.sampled_from(VALUES),
        children,
    )
    return st.lists(of_a_team | odd, max_size=4)


nothing: st.SearchStrategy[list[Emittable]] = st.builds(list)
trees = routes(nothing | routes(nothing))
values = st.sampled_from((*VALUES, "", "ab", "A", "a\nb"))
texts = values | st.just(COPIES)
owns = st.dictionaries(st.sampled_from(LABELS), texts)


def _kept(*names: str) -> Callable[[Labels], Labels]:
    return lambda series: {name: series[name] for name in names if name in series}


EXPRESSIONS: dict[str, Callable[[Labels], Labels | None]] = {
    "up == 0": lambda series: series,
    'up{zone=~"a|b"}': lambda series: series if series.get("zone") in {"a", "b"} else None,
    'up{severity!~"a.*",zone!=""}': lambda series: (
        series if series.get("zone") and not series.get("severity", "").startswith("a") else None
    ),
    'up{zone=""} or up{severity=~"b|c"}': lambda series: (
        series if not series.get("zone") or series.get("severity") in {"b", "c"} else None
    ),
    "sum by (zone) (up)": _kept("zone"),
    "sum without (zone) (up)": _kept("team", "severity"),
    "count(up)": _kept(),
    'label_replace(up, "severity", "$1", "zone", "(a|b)")': lambda series: (
        {**series, "severity": series["zone"]} if series.get("zone") in {"a", "b"} else series
    ),
}
"""Expressions, and the labels that they give a series; None where they leave it out."""


@settings(max_examples=cases(200), deadline=None)
@given(
    tree=trees,
    expr=st.sampled_from(sorted(EXPRESSIONS)),
    own=st.builds(lambda team, rest: {**rest, "team": team}, texts, owns) | owns,
    series=st.dictionaries(st.sampled_from(LABELS), values),
)
def test_what_is_proven_holds_whatever_the_series_carry(
    tree: list[Emittable], expr: str, own: Labels, series: Labels
) -> None:
    """Under A1, no label that the series may carry leads a proven rule to another team."""
    # A1: where the rule does not set the team label, the series do not either.
    carried = {name: value for name, value in series.items() if name != "team" or "team" in own}
    given = EXPRESSIONS[expr](carried)
    assume(given is not None)
    assert given is not None
    set_by_rule = {
        name: given.get("zone", "") if text == COPIES else text for name, text in own.items()
    }
    labels = {name: value for name, value in {**given, **set_by_rule}.items() if value}
    config, _ = read(
        emit(
            {
                "route": {"receiver": "rest", "routes": tree},
                "receivers": [
                    {"name": name, "webhook_configs": [{"url": f"http://127.0.0.1/{name}"}]}
                    for name in RECEIVERS
                ],
            }
        ),
        "alertmanager.yml",
    )
    rules, _ = read_rules(
        emit({"groups": [{"name": "g", "rules": [{"alert": "A", "expr": expr, "labels": own}]}]}),
        "rules.yml",
    )
    assert config is not None
    assert rules is not None
    answers, _ = answers_on(Given(rule_files=(rules,), config=config, team_label="team"))
    answer, parts = answers.answer_and_parts(rules.alerts[0])
    taken = Router(config).route({**labels, "alertname": "A"})
    told = tuple(match.receiver for match in taken)
    inside = [part for part in parts if part.region.has(labels)]
    assert {part.receivers for part in inside} == {told}
    if answer.verdict is Verdict.PROVEN:
        claims = [
            claim(answers.ownership, config, match, "team", labels.get("team")) for match in taken
        ]
        (team,) = {found.team for found in claims if found.kind == "accountable"}
        assert team in answer.teams
        assert {part.team for part in inside} == {team}
        assert labels.get("team", "") in {"", team}
