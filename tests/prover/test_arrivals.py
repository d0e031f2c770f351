"""What arrives at each route: never less than the concrete walk brings there."""

from __future__ import annotations

import random
import time

import pytest
from tests.differential import random_routes
from tests.volume import cases

from buckstop.alertmanager import Router, read
from buckstop.language import Region, Undecided
from buckstop.prover.arrivals import Arrival, arrivals
from buckstop.prover.dead_routes import Contradiction, Excluded, Taken, why_dead

QUICK_TREES = cases(60)
NIGHTLY_TREES = 3_000


def router_of(routes: str) -> Router:
    text = f"receivers: [{{name: r}}]\nroute:\n  receiver: r\n  routes:\n{routes}"
    config, found = read(text, "alertmanager.yml")
    assert config is not None, found
    return Router(config)


def route(*matchers: str, more: str = "") -> str:
    listed = ", ".join(f"'{matcher}'" for matcher in matchers)
    return f"  - {{matchers: [{listed}]{more}}}\n"


def above(matcher: str, child: str) -> str:
    """A route with one child."""
    return route(matcher, more=f", routes: [{child.strip()[2:]}]")


def dead_in(root: Arrival) -> list[Arrival]:
    return [one for one in root.every() if not one.matched]


def compare(seed: int) -> int:
    """Hold one random tree against concrete walks; how many of its routes are said to be dead."""
    rng = random.Random(seed)
    text = random_routes.config(rng)
    config, found = read(text, "alertmanager.yml")
    assert config is not None, found
    router = Router(config)
    by_path = {one.node.match.path: one for one in arrivals(router.root).every()}
    for labels in random_routes.label_sets(rng, 60):
        if has_newline(labels):
            continue
        for match in router.route(labels):
            assert has(by_path[match.path].own, labels), f"seed {seed}: {labels} {match.path}"
            for length in range(len(match.path)):
                above = by_path[match.path[:length]]
                assert has(above.matched, labels), f"seed {seed}: {labels} {above.node.match.path}"
    for path, one in by_path.items():
        for region in one.own:
            assert_tells(router, region, path, seed)
    return len(dead_in(by_path[()]))


def has_newline(labels: dict[str, str]) -> bool:
    """Of these a ``.`` is taken to match more than Alertmanager's does."""
    return any("\n" in value for value in labels.values())


def has(regions: tuple[Region, ...], labels: dict[str, str]) -> bool:
    return any(region.has(labels) for region in regions)


def assert_tells(router: Router, region: Region, path: tuple[int, ...], seed: int) -> None:
    try:
        labels = region.witness()
    except Undecided:
        return
    if has_newline(labels):
        return
    told = [match.path for match in router.route(labels)]
    assert path in told, f"seed {seed}: {labels} goes to {told}, and not to {path}"


def test_what_arrives_is_what_the_concrete_walk_brings() -> None:
    """Random trees: no label set is left out, and each region's own example goes there."""
    assert sum(compare(seed) for seed in range(QUICK_TREES)) > QUICK_TREES


@pytest.mark.nightly
def test_what_arrives_is_what_the_concrete_walk_brings_in_volume() -> None:
    """The same for thousands of trees."""
    assert sum(compare(seed) for seed in range(1_000_000, 1_000_000 + NIGHTLY_TREES)) > 0


def why(routes: str) -> Contradiction | Excluded | Taken:
    """Why the one route that is dead, of those whose parent is not, is so."""
    root = arrivals(router_of(routes).root)
    (dead,) = (one for one in dead_in(root) if one.parent is not None and one.parent.matched)
    return why_dead(dead)


def takers(routes: str) -> list[tuple[int, ...]]:
    found = why(routes)
    assert isinstance(found, Taken)
    return [node.match.path for node in found.by]


def test_one_earlier_route_that_takes_everything_is_named_alone() -> None:
    """Others that take a part of it are no reason."""
    part = route('x=~"a.*"')
    assert takers(part + route('x=~".+"') + route('x="ab"', 'y="1"')) == [(0,)]
    assert takers(part + route('x=~".+"') + route('x=~"[ab]c"')) == [(1,)]


def test_routes_that_take_everything_only_together_are_all_named() -> None:
    """The union of several, over two labels, without one that is not needed."""
    routes = (
        route('x="1"', 'y="1"')
        + route('z="1"')
        + route('x="1"', 'y!="1"')
        + route('x!="1"')
        + route('y=~"1|2"')
    )
    assert takers(routes) == [(0,), (2,), (3,)]


def test_a_route_before_the_parent_may_take_what_a_child_asks_for() -> None:
    """The parent is reached, and the child is not."""
    routes = route('sev="1"') + above('team="a"', route('sev="1"'))
    assert takers(routes) == [(0,)]


def test_a_route_that_goes_on_takes_nothing() -> None:
    """What it matched still arrives behind it."""
    root = arrivals(router_of(route('x="1"', more=", continue: true") + route('x="1"')).root)
    assert dead_in(root) == []


def test_matchers_that_contradict_each_other_or_those_above_are_told_apart() -> None:
    """The mend is another."""
    assert isinstance(why(route('x="1"', 'x="2"')), Contradiction)
    found = why(above('x="1"', route('x=~"2.*"')))
    assert isinstance(found, Excluded)
    assert found.by.match.path == (0,)


@pytest.mark.parametrize(
    ("count", "asked"),
    [(3_000, 'team="t{}"'), (1_000, 'team=~"t{}-.*"'), (1_000, 'team=~".*-t{}x"')],
)
def test_many_siblings_take_time_in_proportion_to_their_number(count: int, asked: str) -> None:
    """Ten times as many may take at most twice ten times the time."""

    def seconds(number: int) -> float:
        router = router_of("".join(route(asked.format(index)) for index in range(number)))
        begin = time.process_time()
        arrivals(router.root)
        return time.process_time() - begin

    seconds(10)
    few = max(seconds(count // 10), 0.01)
    assert seconds(count) < 20 * few + 1


def test_beyond_the_limits_nothing_is_said_to_be_dead() -> None:
    """Hundreds of routes over hundreds of labels: too many regions, and then all arrives."""
    routes = "".join(route(f'a{index}="x"', f'b{index}="y"') for index in range(100))
    late = 'a99="x"'
    router = router_of(routes + route(late))
    assert dead_in(arrivals(router.root)) == []
