"""The walk of the route tree: for a concrete alert, and where only some labels are known."""

from __future__ import annotations

import random

import pytest
from tests.differential import random_routes

from buckstop.alertmanager import Decided, Router, Undecided, read

OBSERVED = """\
route:
  receiver: ops
  group_by: [alertname]
  routes:
  - {receiver: ledger, continue: true}
  - receiver: sre
    matchers: [team="sre"]
    group_wait: 0s
    routes:
    - {receiver: pager, matchers: [severity=~"critical|page"]}
  - {receiver: data, matchers: [team="data"], continue: true, group_by: ['...']}
receivers: [{name: ops}, {name: ledger}, {name: sre}, {name: pager}, {name: data}]
"""


def router(text: str = OBSERVED, version: str | None = None) -> Router:
    config, diagnostics = read(text, "alertmanager.yml", version)
    assert config is not None, diagnostics
    return Router(config)


def receivers(labels: dict[str, str], text: str = OBSERVED) -> list[str]:
    return [match.receiver for match in router(text).route(labels)]


def test_matched_child_suppresses_its_parent() -> None:
    """Only the pager is told of a critical alert, not the team's default as well."""
    assert receivers({"team": "sre", "severity": "page"}) == ["ledger", "pager"]
    assert receivers({"team": "sre", "severity": "minor"}) == ["ledger", "sre"]


def test_observer_as_first_child_makes_the_root_receiver_unreachable() -> None:
    """What matches nothing else reaches the observer alone: nobody is paged."""
    assert receivers({"team": "Infra_SRE"}) == ["ledger"]


def test_receiver_that_is_reached_twice_is_listed_twice() -> None:
    """Two routes to one receiver are two notifications."""
    text = "route: {receiver: a, routes: [{continue: true}, {}]}\nreceivers: [{name: a}]"
    assert receivers({}, text) == ["a", "a"]


def test_path_names_the_route_that_was_taken() -> None:
    """The path leads from the root, child by child, to the route that matched."""
    ledger, pager = router().route({"team": "sre", "severity": "critical"})
    assert (ledger.path, pager.path) == ((0,), (1, 0))
    assert pager.route.span.line == 10


def test_options_are_inherited_until_given() -> None:
    """A route has its parent's grouping and times where it says nothing itself."""
    _, pager = router().route({"team": "sre", "severity": "page"})
    assert pager.options.group_by == ("alertname",)
    assert pager.options.group_wait_seconds == 0
    assert pager.options.group_interval_seconds == 300
    assert pager.options.repeat_interval_seconds == 4 * 3600


def test_three_dots_group_by_all_labels() -> None:
    """`...` makes each label set a group; an empty label belongs to no group."""
    _, data = router().route({"team": "data"})
    assert data.options.group_by_all
    labels = {"team": "data", "model": "m", "env": ""}
    assert data.options.group_labels(labels) == {"team": "data", "model": "m"}
    ledger, _ = router().route({"team": "data"})
    assert ledger.options.group_labels({"alertname": "A", "team": "x"}) == {"alertname": "A"}


def test_three_dots_end_where_labels_are_named() -> None:
    """A list below `...` groups by that list again."""
    text = (
        "route: {receiver: a, group_by: ['...'], routes: [{group_by: [z]}]}\nreceivers: [{name: a}]"
    )
    (match,) = router(text).route({})
    assert match.options.group_by == ("z",)
    assert not match.options.group_by_all


@pytest.mark.parametrize(("version", "inherits"), [("0.30", True), ("0.31", False), (None, False)])
def test_empty_group_by_inherits_before_0_31_and_is_one_group_since(
    version: str | None,
    inherits: bool,  # noqa: FBT001 # a parameter
) -> None:
    """`group_by: []` is read as the version that is aimed at reads it."""
    text = "route: {receiver: a, group_by: [x], routes: [{group_by: []}]}\nreceivers: [{name: a}]"
    (match,) = router(text, version).route({})
    assert match.options.group_by == (("x",) if inherits else ())


@pytest.mark.parametrize(
    ("matcher", "missing_label_matches"),
    [('a!="x"', True), ('a=""', True), ('a=~".*"', True), ('a=~".+"', False), ('a!~"x"', True)],
)
def test_missing_label_is_the_empty_string(matcher: str, missing_label_matches: bool) -> None:  # noqa: FBT001 # a parameter
    """A matcher sees no difference between a label that is missing and one that is empty."""
    text = f"route: {{receiver: a, routes: [{{receiver: b, matchers: ['{matcher}']}}]}}\n"
    text += "receivers: [{name: a}, {name: b}]"
    expected = ["b"] if missing_label_matches else ["a"]
    assert receivers({}, text) == receivers({"a": ""}, text) == expected


def test_pattern_under_match_re_is_anchored_even_where_it_closes_the_anchor() -> None:
    """`a)|(?:b` under match_re matches whole values; under matchers it begins or ends them."""
    old = "{receiver: old, match_re: {x: 'a)|(?:b'}}"
    new = "{receiver: new, matchers: ['x=~\"a)|(?:b\"']}"
    text = f"route: {{receiver: r, routes: [{old}, {new}]}}\n"
    text += "receivers: [{name: r}, {name: old}, {name: new}]"
    assert receivers({"x": "a"}, text) == ["old"]
    assert receivers({"x": "a-b"}, text) == ["new"]


def test_what_is_known_decides_when_it_is_enough() -> None:
    """Labels that nobody asks for on the way may have any value."""
    explored = router().explore({"team": "sre", "severity": "page"}, absent=())
    assert isinstance(explored, Decided)
    assert [match.receiver for match in explored.matches] == ["ledger", "pager"]


def test_open_label_on_the_way_is_named_with_the_matcher_that_asks() -> None:
    """Where the severity is not known, it is said which label would decide, and where."""
    explored = router().explore({"team": "sre"}, absent=())
    assert isinstance(explored, Undecided)
    assert (explored.label, explored.matcher.operator) == ("severity", "=~")
    assert explored.matcher.span.line == 10


def test_label_known_to_be_absent_decides_as_the_empty_string() -> None:
    """A rule without a team label is known to reach no team."""
    explored = router().explore({}, absent=["team"])
    assert isinstance(explored, Decided)
    assert [match.receiver for match in explored.matches] == ["ledger"]


def test_failing_matcher_decides_whatever_the_open_ones_beside_it_say() -> None:
    """All matchers of a route must hold: one that fails is enough."""
    text = (
        "route: {receiver: a, routes: [{receiver: b, matchers: [open=x, team=sre]}]}\n"
        "receivers: [{name: a}, {name: b}]"
    )
    assert isinstance(router(text).explore({"team": "data"}, ()), Decided)
    assert isinstance(router(text).explore({"team": "sre"}, ()), Undecided)


@pytest.mark.parametrize(
    ("matcher", "decided"),
    [
        ('a=~"(?s).*"', ["b"]),
        ('a!~"(?s).*"', ["r"]),
        ('a=~"(.|\\n)*"', ["b"]),
        ('a=~".*"', None),
    ],
)
def test_matcher_that_holds_for_every_value_is_no_open_question(
    matcher: str, decided: list[str] | None
) -> None:
    """`.*` is none of them: a value may hold a newline, which the dot does not match."""
    text = f"route: {{receiver: r, routes: [{{receiver: b, matchers: ['{matcher}']}}]}}\n"
    text += "receivers: [{name: r}, {name: b}]"
    explored = router(text).explore({}, ())
    if decided is None:
        assert isinstance(explored, Undecided)
    else:
        assert isinstance(explored, Decided)
        assert [match.receiver for match in explored.matches] == decided


@pytest.mark.parametrize("seed", range(40))
def test_decided_walk_holds_for_every_completion(seed: int) -> None:
    """Whatever the open labels turn out to be, the alert takes the routes that were promised."""
    rng = random.Random(seed)
    decided = 0
    tested = router(random_routes.config(rng))
    for _ in range(60):
        kinds = {name: rng.choice(("known", "absent", "open")) for name in random_routes.NAMES}
        known = {
            name: rng.choice(("", *random_routes.VALUES))
            for name, kind in kinds.items()
            if kind == "known"
        }
        absent = [name for name, kind in kinds.items() if kind == "absent"]
        explored = tested.explore(known, absent)
        if isinstance(explored, Undecided):
            assert kinds[explored.label] == "open"
            continue
        decided += 1
        for _ in range(30):
            completion = {
                name: rng.choice(("", *random_routes.VALUES))
                for name, kind in kinds.items()
                if kind == "open" and rng.random() < 0.8
            }
            assert tested.route({**known, **completion}) == explored.matches, f"seed {seed}"
    assert decided, "some splits leave no question open"
