"""The router's look-ups and what it remembers change nothing: it is the plain walk, only sooner."""

from __future__ import annotations

import json
import random

import pytest
from tests.differential import random_routes

from buckstop.alertmanager import Router, read, routing, siblings
from buckstop.alertmanager.conditions import condition
from buckstop.alertmanager.model import Route

SEED = 20_261_122


def plain_walk(
    route: Route, labels: dict[str, str], path: tuple[int, ...]
) -> list[tuple[int, ...]]:
    """The paths of the routes that `labels` take: every child asked in turn, nothing remembered."""
    for matcher in route.matchers:
        if not condition(matcher).holds(labels.get(matcher.name, "")):
            return []
    found: list[tuple[int, ...]] = []
    for place, child in enumerate(route.routes):
        below = plain_walk(child, labels, (*path, place))
        found += below
        if below and not child.continues:
            break
    return found or [path]


@pytest.mark.parametrize("limit", [1, 50, 200_000])
def test_router_is_the_plain_walk(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same routes in the same order, however little or much is remembered."""
    monkeypatch.setattr(routing, "MAX_REMEMBERED", limit)
    monkeypatch.setattr(siblings, "MAX_REMEMBERED_CHILDREN", limit)
    rng = random.Random(SEED)
    for tree in range(60):
        config, _ = read(random_routes.config(rng), "alertmanager.yml")
        assert config is not None
        router = Router(config)
        for _ in range(60):
            labels = random_routes.labels(rng)
            ours = [match.path for match in router.route(labels)]
            assert ours == plain_walk(config.route, labels, ()), (
                f"seed {SEED}, tree {tree}: {labels}"
            )


def test_siblings_that_list_several_values_are_found_by_each() -> None:
    """`a|b`, `a` together with `a|c`, and a pattern that needs an engine, in the order written."""
    text = """
route:
  receiver: r
  routes:
  - {receiver: both, continue: true, matchers: ['x=~"a|b"']}
  - {receiver: engine, continue: true, matchers: ['x=~"[ab].*"']}
  - {receiver: only-a, continue: true, matchers: ['x=~"a|c"', x=a]}
  - {receiver: empty, continue: true, matchers: ['x=~"a|"']}
receivers: [{name: r}, {name: both}, {name: engine}, {name: only-a}, {name: empty}]
"""
    config, diagnostics = read(text, "alertmanager.yml")
    assert config is not None, diagnostics
    told = {
        value: [match.receiver for match in Router(config).route({"x": value})]
        for value in ("a", "b", "c", "")
    }
    assert told == {
        "a": ["both", "engine", "only-a", "empty"],
        "b": ["both", "engine"],
        "c": ["r"],
        "": ["empty"],
    }
    assert [match.receiver for match in Router(config).route({})] == ["empty"]


def test_patterns_that_are_found_by_how_they_start_are_the_plain_walk() -> None:
    """Hundreds of patterns, some with a fixed start, and values that begin like several of them."""
    rng = random.Random(SEED)
    starts = ["team-1", "team-12", "team-2", "T", "", "é", "\ufffd", "a|b"]
    ends = [".*", "(-x)?", "[0-9]+", "", "$", "(?i:Y)", "|z"]
    patterns = [rng.choice(starts) + rng.choice(ends) for _ in range(60)]
    children = [
        {
            "matchers": [f"x{rng.choice(['=~', '=~', '!~'])}{json.dumps(pattern)}"],
            "continue": rng.random() < 0.7,
        }
        for pattern in patterns
    ]
    text = json.dumps(
        {"route": {"receiver": "r", "routes": children}, "receivers": [{"name": "r"}]}
    )
    config, found = read(text, "alertmanager.yml")
    assert config is not None, found
    router = Router(config)
    values = [
        *starts,
        *(start + end for start in starts for end in ("-x", "7", "Y", "z", "\ud800")),
    ]
    values += ["", "\ud800", "\udfff7", "b", "none"]
    for value in values:
        labels = {"x": value}
        assert [match.path for match in router.route(labels)] == plain_walk(
            config.route, labels, ()
        )
