"""Why no alert gets to a route."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from buckstop.alertmanager import RouteNode
from buckstop.alertmanager.model import Matcher
from buckstop.language import ALL_LABEL_SETS, Region
from buckstop.prover.arrivals import Arrival, satisfying, split

MAX_REGIONS: Final = 1_000
"""What is left of a route behind earlier ones, in regions; beyond it, these are not named."""

MAX_NAMED: Final = 50
"""Earlier routes of which it is tried whether fewer of them take everything."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """No label set satisfies all `matchers`, which are the route's own."""

    matchers: tuple[Matcher, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """The route `by`, above it, lets no alert through that it asks for."""

    by: RouteNode


@dataclass(frozen=True, slots=True)
class Taken:
    """Earlier routes take for good all that it asks for.

    Attributes:
        by: as few as are seen to do it together; none where there are too many to tell.
    """

    by: tuple[RouteNode, ...]


def why_dead(arrival: Arrival) -> Contradiction | Excluded | Taken:
    """Why nothing arrives at a route whose parent is reached."""
    own = satisfying(ALL_LABEL_SETS, arrival.node.conditions)
    if own is None:
        return Contradiction(tuple(one.matcher for one in arrival.node.conditions))
    wanted: Region | None = own
    above = tuple(_above(arrival))
    for parent in above:
        alone = satisfying(own, parent.node.conditions)
        wanted = None if wanted is None else satisfying(wanted, parent.node.conditions)
        if alone is None or wanted is None:
            return Excluded(parent.node)
    assert wanted is not None, "what a route above excludes has been seen"
    return Taken(_takers(wanted, tuple(_before((arrival, *above), wanted))))


def _above(arrival: Arrival) -> Iterator[Arrival]:
    while arrival.parent is not None:
        arrival = arrival.parent
        yield arrival


def _before(path: Sequence[Arrival], wanted: Region) -> Iterator[RouteNode]:
    """The earlier siblings of all routes on the way, from the root down."""
    for one in reversed(path):
        yield from (before.node for before in one.earlier(wanted))


def _takers(wanted: Region, candidates: Iterable[RouteNode]) -> tuple[RouteNode, ...]:
    left: tuple[Region, ...] = (wanted,)
    taking: list[RouteNode] = []
    for node in candidates:
        after = tuple(_without(left, node))
        if after != left:
            if not tuple(_without((wanted,), node)):
                return (node,)
            taking.append(node)
        if not after:
            break
        if len(after) > MAX_REGIONS:
            return ()
        left = after
    else:
        return ()
    if len(taking) <= MAX_NAMED:
        for node in tuple(taking):
            others = [other for other in taking if other is not node]
            if _take_all(wanted, others):
                taking = others
    return tuple(taking)


def _take_all(wanted: Region, nodes: Iterable[RouteNode]) -> bool:
    left: tuple[Region, ...] = (wanted,)
    for node in nodes:
        left = tuple(_without(left, node))
        if len(left) > MAX_REGIONS:
            return False
    return not left


def _without(regions: Iterable[Region], node: RouteNode) -> Iterator[Region]:
    for region in regions:
        yield from split(region, node.conditions)[1]
