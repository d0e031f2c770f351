"""What moves between two route trees, for every label set at once."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
import yaml
from tests.differential import random_routes
from tests.volume import cases

from buckstop.alertmanager import Router, read
from buckstop.document import Emittable, emit
from buckstop.prover.given import Given
from buckstop.prover.grounds import answers_on
from buckstop.prover.moves.causes import cause_of
from buckstop.prover.moves.model import Move
from buckstop.prover.moves.outcomes import Routing
from buckstop.prover.moves.routes import route_moves
from buckstop.prover.ownership import Ownership

RECEIVERS: Emittable = [{"name": name} for name in ("rest", "a", "b", "c")]


def routing_of(text: str) -> Routing:
    config, found = read(text, "alertmanager.yml")
    assert config is not None, found
    answers, team_label = answers_on(Given((), config, team_label="owner"))
    assert answers.router is not None
    return Routing(config, answers.router, answers.ownership, team_label.name)


def tree(*children: Emittable, **root: Emittable) -> str:
    route: Emittable = {"receiver": "rest", **root, "routes": [*children]}
    return emit({"route": route, "receivers": RECEIVERS})


def child(receiver: str, *matchers: str, **more: Emittable) -> dict[str, Any]:
    return {"receiver": receiver, "matchers": [*matchers], **more}


def moved(old: str, new: str) -> list[Move]:
    return list(route_moves(routing_of(old), routing_of(new)))


A, B = child("a", 'owner="x"'), child("b", 'owner="y"')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(tree(A), tree(child("a", 'owner=~"x"')), id="an equality as a pattern"),
        pytest.param(
            tree(child("a", 'owner=~"x|y"')), tree(child("a", 'owner=~"y|x|y"')), id="a list"
        ),
        pytest.param(
            tree(child("a", 'owner=~"(x.*|y.+)"')),
            tree(child("a", 'owner=~"x(.*)|y.(.*)"')),
            id="a pattern that is spelt otherwise",
        ),
        pytest.param(
            tree(child("a", 'owner="x"', 'env!="dev"')),
            tree(child("a", 'env!="dev"', 'owner="x"')),
            id="matchers in another order",
        ),
        pytest.param(tree(A, B), tree(B, A), id="siblings that have nothing in common"),
        pytest.param(
            tree(child("a", 'owner=~"x.*"'), child("b", 'owner=~"y.*"')),
            tree(child("b", 'owner=~"y.*"'), child("a", 'owner=~"x.*"')),
            id="patterns that have nothing in common",
        ),
        pytest.param(
            tree(child("a", 'owner=~"x|y"')),
            tree(A, child("a", 'owner="y"')),
            id="one route as two",
        ),
        pytest.param(tree(A, child("b", 'owner="x"')), tree(A), id="a route that nothing reached"),
        pytest.param(
            tree({**A, "continue": True}), tree({**A, "continue": False}), id="a last continue"
        ),
        pytest.param(
            tree({**A, "continue": True}, {**A, "receiver": "b"}),
            tree({**A, "receiver": "b", "continue": True}, A),
            id="two who are both told, in another order",
        ),
        pytest.param(
            tree(A, group_by=["owner", "env"]), tree(A, group_by=["env", "owner"]), id="group_by"
        ),
        pytest.param(
            tree(A, group_wait="60s"), tree({**A, "group_wait": "1m"}, group_wait="1m"), id="timers"
        ),
    ],
)
def test_what_is_only_written_otherwise_is_no_move(old: str, new: str) -> None:
    """A tool that compares text, or samples, calls these changes."""
    assert moved(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "inside", "outside"),
    [
        pytest.param(
            tree(child("a", 'owner=~"x|y"'), child("b", 'owner=~"y|z"')),
            tree(child("b", 'owner=~"y|z"'), child("a", 'owner=~"x|y"')),
            [{"owner": "y"}],
            [{"owner": "x"}, {"owner": "z"}, {}],
            id="siblings that overlap, in another order",
        ),
        pytest.param(
            tree(child("a", 'owner=~"x.*"'), child("b", 'owner=~".*y"')),
            tree(child("b", 'owner=~".*y"'), child("a", 'owner=~"x.*"')),
            [{"owner": "xy"}, {"owner": "x-y"}],
            [{"owner": "x"}, {"owner": "y"}, {"owner": "yx"}],
            id="patterns that overlap, in another order",
        ),
        pytest.param(
            tree({**A, "continue": True}, child("b", 'env="prod"')),
            tree(A, child("b", 'env="prod"')),
            [{"owner": "x", "env": "prod"}],
            [{"owner": "x"}, {"env": "prod"}],
            id="no more continue",
        ),
        pytest.param(
            tree(child("a", 'owner=~"x.+"')),
            tree(child("a", 'owner=~"x.*"')),
            [{"owner": "x"}],
            [{"owner": "xx"}, {"owner": ""}],
            id="one value more",
        ),
        pytest.param(
            tree(A),
            tree(A, receiver="b"),
            [{}, {"owner": "y"}],
            [{"owner": "x"}],
            id="another catch-all",
        ),
    ],
)
def test_a_move_is_found_where_it_is_and_nowhere_else(
    old: str, new: str, inside: list[dict[str, str]], outside: list[dict[str, str]]
) -> None:
    """The regions say which alerts; who is not concerned is in none."""
    found = moved(old, new)
    for labels in inside:
        assert sum(move.region.has(labels) for move in found) == 1, labels
    for labels in outside:
        assert not any(move.region.has(labels) for move in found), labels


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (tree(A), tree({**A, "group_by": ["env"]}), "timing"),
        (tree(A), tree({**A, "repeat_interval": "1d"}), "timing"),
        (tree(A, B), tree({**A, "receiver": "b"}, B), "team"),
        (tree(A), tree(), "team"),
        (tree(A), tree({**A, "receiver": "b"}), "receivers"),
    ],
)
def test_each_move_has_its_kind(old: str, new: str, kind: str) -> None:
    """Another team counts before other receivers, and these before other times."""
    assert {cause_of(move).kind for move in moved(old, new)} == {kind}


def test_an_interval_that_is_renamed_is_no_move_and_one_that_holds_otherwise_is() -> None:
    """What counts is when nobody is told, not what that time is called."""

    def muted(name: str, day: str) -> str:
        interval: Emittable = {"name": name, "time_intervals": [{"weekdays": [day]}]}
        return emit(
            {
                "route": {"receiver": "rest", "routes": [{**A, "mute_time_intervals": [name]}]},
                "receivers": RECEIVERS,
                "time_intervals": [interval],
            }
        )

    assert moved(muted("rest-day", "sunday"), muted("quiet", "sunday")) == []
    (move,) = moved(muted("quiet", "saturday"), muted("quiet", "sunday"))
    assert cause_of(move).kind == "timing"


def test_a_team_is_other_where_the_receiver_is_not() -> None:
    """A file may say that the same pager is another team's: nobody touched the routes."""
    before, after = routing_of(tree(A)), routing_of(tree(A))
    after.ownership = Ownership(None, {}, {"a": ("z",)}, ("z",))
    moves = list(route_moves(before, after))
    assert {cause_of(move).teams_after for move in moves} == {("z",)}
    assert {cause_of(move).teams_before for move in moves} == {("x",)}


def test_a_change_behind_a_route_that_goes_on_moves_what_took_its_finer_routes() -> None:
    """Alike as far as that route goes, and told elsewhere by the one that follows."""
    finer = child("b", 'y="1"')
    first = {**child("a", 'x="1"'), "continue": True, "routes": [finer]}
    old, new = (tree(first, child(last, 'x="1"')) for last in ("rest", "c"))
    moves = moved(old, new)
    for y in ("1", "2"):
        assert sum(move.region.has({"x": "1", "y": y}) for move in moves) == 1
    assert not any(move.region.has({"x": "2", "y": "1"}) for move in moves)


def test_ten_changes_among_a_thousand_routes_are_found_alone() -> None:
    """By equality and by pattern; the regions are those ten."""
    for matcher in ('owner="t{}"', 'owner=~"t{}-.*"'):
        routes = [child("a", matcher.format(number)) for number in range(1000)]
        changed: list[Any] = [*routes]
        for number in range(0, 1000, 100):
            changed[number] = {**changed[number], "receiver": "b"}
        assert len(moved(tree(*routes), tree(*changed))) == 10


def test_a_thousand_patterns_sorted_anew_move_what_two_of_them_match() -> None:
    """The order counts for routes that an alert may both match, and for no others."""
    routes = [child("a", f'owner=~"t{number}-.*"') for number in range(1000)]
    both = child("b", 'owner=~"t[67]-.*"')
    shuffled = random.Random(7).sample(routes, len(routes))
    assert moved(tree(*routes), tree(*shuffled)) == []
    assert moved(tree(both, *routes), tree(both, *shuffled)) == []
    moves = moved(tree(both, *routes), tree(*shuffled, both))
    for owner, is_moved in (("t6-x", True), ("t7-", True), ("t8-x", False), ("t66-x", False)):
        assert sum(move.region.has({"owner": owner}) for move in moves) == is_moved, owner


def test_patterns_sorted_anew_are_told_apart_by_any_label() -> None:
    """By the label that most routes ask for, or by another that both ask for."""
    routes = [
        child("a", f'team=~"t{number % 5}.*"', f'owner=~"{"xy"[number % 2]}{number}-.*"')
        for number in range(50)
    ]
    assert moved(tree(*routes), tree(*routes[::-1])) == []
    everything = child("c", 'severity="page"')
    moves = moved(tree(*routes, everything), tree(everything, *routes[::-1]))
    assert sum(
        move.region.has({"team": "t3", "owner": "y3-", "severity": "page"}) for move in moves
    )
    assert not any(move.region.has({"team": "t3", "owner": "y3-"}) for move in moves)


def change(rng: random.Random, route: dict[str, Any]) -> None:
    """Change `route` in one way, as somebody does."""
    match rng.randrange(7):
        case 0:
            route["receiver"] = f"r{rng.randrange(3)}"
        case 1:
            rng.shuffle(route.get("routes", []))
        case 2:
            route["routes"] = route.get("routes", [])[1:]
        case 3:
            route["group_by"] = [rng.choice(random_routes.NAMES)]
        case 4:
            route["continue"] = rng.random() < 0.5
        case 5:
            route["matchers"] = route.get("matchers", [])[1:]
        case _:
            route["repeat_interval"] = rng.choice(("1h", "2h"))


def changed_tree(rng: random.Random, text: str) -> str:
    """The tree of `text` with a few changes, as somebody makes them."""
    whole = yaml.safe_load(text)
    routes: list[dict[str, Any]] = []

    def walk(route: dict[str, Any]) -> None:
        for each in route.get("routes", []):
            routes.append(each)
            walk(each)

    walk(whole["route"])
    for _ in range(rng.randrange(1, 4) if routes else 0):
        change(rng, rng.choice(routes))
    if rng.random() < 0.3:
        rng.shuffle(whole["route"].get("routes", []))
    return yaml.safe_dump(whole, allow_unicode=False)


def check_pairs(seed: int, pairs: int, label_sets: int) -> tuple[int, int]:
    """Hold moves against the concrete routers; how many moved and how many did not."""
    rng = random.Random(seed)
    inside = outside = 0
    for _ in range(pairs):
        old = random_routes.config(rng)
        new = changed_tree(rng, old) if rng.random() < 0.7 else random_routes.config(rng)
        before, after = routing_of(old), routing_of(new)
        moves = list(route_moves(before, after))
        for move in moves:
            assert move.before is not None
            assert move.after is not None
            for routing, shown in ((before, move.before), (after, move.after)):
                concrete = told_by(routing, dict(shown.witness))
                assert concrete == Counter(shown.outcome.tellings), f"seed {seed}\n{old}\n{new}"
            assert move.before.outcome != move.after.outcome, f"seed {seed}\n{old}\n{new}"
        for _ in range(label_sets):
            labels = random_routes.labels(rng)
            told = told_by(before, labels), told_by(after, labels)
            found = [move for move in moves if move.region.has(labels)]
            assert len(found) <= 1, f"seed {seed}: {labels}\n{old}\n{new}"
            assert found or told[0] == told[1], f"seed {seed}: {labels}\n{old}\n{new}"
            for move in found:
                shown_ = (move.before, move.after)
                outcomes = [Counter(one.outcome.tellings) for one in shown_ if one is not None]
                assert outcomes == [*told], f"seed {seed}: {labels}\n{old}\n{new}"
            inside, outside = inside + len(found), outside + (not found)
    return inside, outside


def told_by(routing: Routing, labels: dict[str, str]) -> Counter[object]:
    router = Router(routing.config)
    return Counter(routing.telling(match) for match in router.route(labels))


def test_random_trees_move_as_the_concrete_routers_say() -> None:
    """A label set that goes elsewhere is in one region, and every witness goes elsewhere."""
    inside, outside = check_pairs(random.SystemRandom().randrange(2**32), cases(40), 25)
    assert inside > cases(20)
    assert outside > cases(20)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_many_random_trees_move_as_the_concrete_routers_say() -> None:
    """As above, a hundred thousand label sets."""
    for _ in range(20):
        check_pairs(random.SystemRandom().randrange(2**32), 50, 100)
