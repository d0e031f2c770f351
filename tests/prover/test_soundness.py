"""No wrong proof: what is proven of a rule holds for every alert that the rule can send."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from buckstop.alertmanager import Router, read
from buckstop.document import Emittable, emit
from buckstop.prometheus import read_rules
from buckstop.prover.examination import Given, examine
from buckstop.prover.model import Verdict
from buckstop.prover.ownership import claim

LABELS = ("team", "severity", "zone")
VALUES = ("a", "b", "c")
OPERATORS = ("=", "!=", "=~", "!~")
RECEIVERS = ("a", "b", "c", "rest")
PATTERNS = (*VALUES, "a|b", ".+", ".*", "")

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
values = st.sampled_from((*VALUES, "", "a\nb"))
owns = st.dictionaries(st.sampled_from(LABELS), values)


@settings(max_examples=200, deadline=None)
@given(
    tree=trees,
    own=st.builds(lambda team, rest: {**rest, "team": team}, values, owns),
    others=owns,
)
def test_what_is_proven_holds_whatever_the_series_carry(
    tree: list[Emittable], own: dict[str, str], others: dict[str, str]
) -> None:
    """Under A1, no label that the series may carry leads a proven rule to another team."""
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
        emit(
            {"groups": [{"name": "g", "rules": [{"alert": "A", "expr": "up == 0", "labels": own}]}]}
        ),
        "rules.yml",
    )
    assert config is not None
    assert rules is not None
    examination = examine(Given(rule_files=(rules,), config=config, team_label="team"))
    answer = examination.verdicts[0]
    # A1: where the rule does not set the team label, the series do not either.
    carried = {name: value for name, value in others.items() if name != "team"}
    labels = {name: value for name, value in {**carried, **own}.items() if value}
    taken = Router(config).route({**labels, "alertname": "A"})
    told = tuple(match.receiver for match in taken)
    if answer.verdict is not Verdict.UNKNOWN:
        assert told == answer.receivers or told in {part.receivers for part in answer.parts}
    if answer.verdict is Verdict.PROVEN:
        claims = [
            claim(examination.ownership, config, match, "team", labels.get("team"))
            for match in taken
        ]
        (team,) = {found.team for found in claims if found.kind == "accountable"}
        assert team in answer.teams
        assert own.get("team", "") in {"", team}
