"""The walk with regions: the same as the concrete walk, for every label set at once."""

from __future__ import annotations

import random

import pytest
from tests.differential import random_routes
from tests.volume import cases

from buckstop.alertmanager import Router, read
from buckstop.document import Emittable, emit
from buckstop.language import ALL_LABEL_SETS, Language, Region, matching, only, region
from buckstop.prover.walk import Unwalked, ways


def router_of(route: Emittable) -> Router:
    return router_from(emit({"route": route, "receivers": [{"name": "r"}]}))


def router_from(text: str) -> Router:
    config, found = read(text, "alertmanager.yml")
    assert config is not None, found
    return Router(config)


def told(router: Router, within: Region) -> list[tuple[Region, list[tuple[int, ...]]]]:
    return [
        (way.region, [match.path for match in way.matches]) for way in ways(router.root, within)
    ]


def test_each_part_takes_its_own_routes() -> None:
    """By equality, by pattern, and what is left over to the parent."""
    router = router_of(
        {
            "receiver": "r",
            "routes": [
                {"matchers": ['team="a"']},
                {"matchers": ['team="b"'], "routes": [{"matchers": ['severity="page"']}]},
                {"matchers": ['team=~"x.*"']},
            ],
        }
    )
    page = only("page")
    assert told(router, ALL_LABEL_SETS) == [
        (region({"team": only("a")}), [(0,)]),
        (region({"team": only("b"), "severity": page}), [(1, 0)]),
        (region({"team": only("b"), "severity": ~page}), [(1,)]),
        (region({"team": matching("x.*") & ~only("a", "b")}), [(2,)]),
        (region({"team": ~matching("x.*") & ~only("a", "b")}), [()]),
    ]


def test_a_route_that_continues_is_walked_past_with_what_it_matched() -> None:
    """An observer first, a team behind it, and nobody else: the root is never the match."""
    router = router_of(
        {
            "receiver": "r",
            "routes": [
                {"matchers": ['severity="page"'], "continue": True},
                {"matchers": ['team="a"']},
            ],
        }
    )
    parts = told(router, region({"team": only("a", "b")}))
    assert sorted(paths for _, paths in parts) == [[()], [(0,)], [(0,), (1,)], [(1,)]]


def test_a_matcher_that_holds_for_every_value_leaves_nothing_over() -> None:
    """`(?s).*` holds for every value; `.*` does not, for a value may hold a newline."""
    router = router_of({"receiver": "r", "routes": [{"matchers": ['team=~"(?s).*"']}]})
    assert told(router, ALL_LABEL_SETS) == [(ALL_LABEL_SETS, [(0,)])]
    router = router_of({"receiver": "r", "routes": [{"matchers": ['team=~".*"']}]})
    assert len(told(router, ALL_LABEL_SETS)) == 2


def test_a_walk_that_is_not_decided_names_the_matcher_that_asks() -> None:
    """The user is led to the route that asks for the label, not to any route."""
    routes: Emittable = [
        {"matchers": ['zone="eu"']},
        {"matchers": ['severity="page"', 'team="a"']},
        {"matchers": ['team="b"']},
    ]
    too_deep = matching("(" * 101 + "x" + ")" * 101 + "+")
    router = router_of({"receiver": "r", "routes": routes})
    with pytest.raises(Unwalked) as raised:
        ways(router.root, region({"team": too_deep, "zone": only("us")}))
    assert (raised.value.matcher.name, raised.value.matcher.value) == ("team", "a")
    assert "nested" in raised.value.why


def test_a_walk_with_too_many_parts_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever route the part beyond the limit takes: the root, which asks for nothing, too."""
    router = router_of({"receiver": "r", "routes": [{"matchers": ['team="a"']}]})
    monkeypatch.setattr("buckstop.prover.walk.MAX_WAYS", 2)
    assert len(ways(router.root, ALL_LABEL_SETS)) == 2
    monkeypatch.setattr("buckstop.prover.walk.MAX_WAYS", 1)
    with pytest.raises(Unwalked) as raised:
        ways(router.root, ALL_LABEL_SETS)
    assert (raised.value.matcher.name, raised.value.why) == ("team", "more than 1 regions")


@pytest.mark.parametrize("round_", range(4))
def test_the_parts_are_disjoint_complete_and_right(round_: int) -> None:
    """Random trees: each label set lies in one part, and takes the routes of that part."""
    seed = random.SystemRandom().randrange(2**32)
    random_ = random.Random(seed)
    for _ in range(cases(60)):
        tree = random_routes.config(random_)
        router = router_from(tree)
        asked = [random_routes.labels(random_) for _ in range(40)]
        within = random_region(random_)
        found = ways(router.root, within)
        for labels in asked:
            inside = [way for way in found if way.region.has(labels)]
            assert len(inside) == within.has(labels), f"seed {seed}: {tree} {within} {labels}"
            for way in inside:
                assert way.matches == router.route(labels), f"seed {seed}: {tree} {labels}"
        for way in found:
            labels = way.region.witness()
            assert way.matches == router.route(labels), f"seed {seed}: {tree} {labels}"


def random_region(random_: random.Random) -> Region:
    """Some labels known, some bounded, the rest open or missing."""
    named: dict[str, Language] = {}
    for name in random_routes.NAMES:
        values = only(*random_routes.labels(random_).values(), "")
        kind = random_.randrange(5)
        if kind == 0:
            named[name] = only(random_.choice(sorted(values.strings)))
        elif kind == 1:
            named[name] = values
        elif kind == 2:
            named[name] = ~values
    return region(named, only("") if random_.random() < 0.3 else ALL_LABEL_SETS.others)
