"""What moves of the alerts that rules can send, rule by rule."""

from __future__ import annotations

import random

import pytest
from tests.differential import random_routes
from tests.prover.test_route_moves import changed_tree

from buckstop.alertmanager import read
from buckstop.language import only, region
from buckstop.language.domains import without
from buckstop.prometheus import read_rules
from buckstop.prometheus.model import AlertingRule
from buckstop.prover.given import Given
from buckstop.prover.moves.causes import groups_of_rules
from buckstop.prover.moves.model import ChangedRule
from buckstop.prover.moves.rule_pairs import pair_rules
from buckstop.prover.moves.rules import rule_changes, states


def rules_of(*rules: str, group: str = "g") -> tuple[AlertingRule, ...]:
    text = f"groups: [{{name: {group}, rules: [{', '.join(rules)}]}}]"
    rule_file, found = read_rules(text, "rules.yml")
    assert rule_file is not None, found
    return rule_file.alerts


def given(routes: str, *rules: str) -> Given:
    config, found = read(routes, "alertmanager.yml")
    assert config is not None, found
    rule_file, _ = read_rules(f"groups: [{{name: g, rules: [{', '.join(rules)}]}}]", "rules.yml")
    assert rule_file is not None
    return Given((rule_file,), config, team_label="team")


def changes(old: Given, new: Given) -> list[ChangedRule]:
    return list(rule_changes(*states(old, new)))


SLOW = "{alert: Slow, expr: a > 1, labels: {team: x}}"
SLOW_PAGE = "{alert: Slow, expr: a > 2, labels: {team: x, severity: page}}"
DRIFT = "{alert: Drift, expr: a > 1, labels: {team: x}}"
TREE = """
route:
  receiver: rest
  routes:
  - {matchers: ['team="x"'], receiver: x}
  - {matchers: ['team="y"'], receiver: y}
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: x, webhook_configs: [{url: 'http://127.0.0.1/x'}]}
- {name: y, webhook_configs: [{url: 'http://127.0.0.1/y'}]}
"""


@pytest.mark.parametrize(
    ("old", "new", "paired"),
    [
        ((SLOW, SLOW_PAGE), (SLOW_PAGE, SLOW), [(0, 1), (1, 0)]),
        ((SLOW, SLOW_PAGE), (SLOW_PAGE,), [(1, 0)]),
        ((SLOW,), (SLOW_PAGE,), [(0, 0)]),
        ((SLOW,), (DRIFT,), []),
        ((SLOW, SLOW), (SLOW, SLOW, SLOW), [(0, 0), (1, 1)]),
    ],
)
def test_rules_of_one_name_pair_by_what_they_agree_in(
    old: tuple[str, ...], new: tuple[str, ...], paired: list[tuple[int, int]]
) -> None:
    """Two severities of one alert are not mixed up, wherever they stand."""
    before, after = rules_of(*old), rules_of(*new, group="other")
    found = pair_rules(before, after)
    places = [
        (
            next(place for place, one in enumerate(before) if one is left),
            next(place for place, one in enumerate(after) if one is right),
        )
        for left, right in found.pairs
    ]
    assert places == paired
    assert len(found.removed) == len(old) - len(paired)
    assert len(found.added) == len(new) - len(paired)


def test_a_label_that_only_the_new_routes_ask_for_makes_no_alert_new() -> None:
    """The rule sets it and always did; the old routes did not look."""
    asking = TREE.replace(
        "receiver: x}", "receiver: x, routes: [{matchers: ['severity=\"page\"']}]}"
    )
    assert changes(given(TREE, SLOW_PAGE), given(asking, SLOW_PAGE)) == []


def test_a_rule_without_a_team_that_gets_one_moves_from_nobody() -> None:
    """The commonest mend is seen as what it is."""
    bare = "{alert: Slow, expr: a > 1}"
    groups = groups_of_rules(changes(given(TREE, bare), given(TREE, SLOW)))
    assert [(one.cause.kind, one.cause.teams_before, one.cause.teams_after) for one in groups] == [
        ("team", (), ("x",)),
        ("verdict", (), ()),
    ]


def test_what_is_taken_away_from_a_region_leaves_disjoint_rest() -> None:
    """The label sets of one and not of the other, each in one piece."""
    here = region({"a": only("1", "2"), "b": only("1", "2")})
    left = without(here, [region({"a": only("1"), "b": only("1")}), region({"c": only("x")})])
    for a in "12":
        for b in "12":
            for c in ("x", "y"):
                labels = {"a": a, "b": b, "c": c}
                expected = (a, b) != ("1", "1") and c != "x"
                assert sum(one.has(labels) for one in left) == expected, labels


def test_random_rules_move_as_the_concrete_routers_say() -> None:
    """An alert that goes elsewhere is in a move of its rule, and one in a move goes elsewhere."""
    seed = random.SystemRandom().randrange(2**32)
    rng = random.Random(seed)
    inside = outside = 0
    for _ in range(40):
        text = random_routes.config(rng)
        labels = {name: rng.choice(("a", "b", "ab")) for name in random_routes.NAMES[:2]}
        written = ", ".join(f"{name}: {value}" for name, value in labels.items())
        rule = f"{{alert: Slow, expr: a > 1, labels: {{{written}}}}}"
        before, after = states(given(text, rule), given(changed_tree(rng, text), rule))
        assert before.routing is not None
        assert after.routing is not None
        moves = [move for changed in rule_changes(before, after) for move in changed.moves]
        for _ in range(25):
            alert = {**random_routes.labels(rng), **labels, "alertname": "Slow"}
            outcomes = [
                routing.outcome(routing.router.route(alert), alert["team"])
                for routing in (before.routing, after.routing)
            ]
            found = [move for move in moves if move.region.has(alert)]
            moved = outcomes[0] != outcomes[1]
            assert len(found) == moved, f"seed {seed}: {alert}\n{text}"
            inside, outside = inside + moved, outside + (not moved)
    assert inside > 0
    assert outside > 0
