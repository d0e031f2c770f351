"""Where all alerts of a region go: the route tree walked with a region instead of an alert.

A matcher splits a region into the part that satisfies it and the rest; the matchers m1 … mk of a
route split it into the disjoint parts ¬m1, m1∧¬m2, …, m1∧…∧mk. The walk is Alertmanager's own
(`buckstop.alertmanager.routing`), taken for every part at once: the children in order, on behind
one that continues, and the route itself where no child matched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from buckstop.alertmanager import RouteMatch, RouteNode, walk_routes
from buckstop.alertmanager.conditions import Condition
from buckstop.alertmanager.model import Matcher
from buckstop.language import Language, Region, Undecided, is_empty, only
from buckstop.language.sets import CoFinite, Finite

MAX_WAYS: Final = 200_000
"""Parts of one region that take different routes; beyond it, the walk is not decided."""


@dataclass(frozen=True, slots=True)
class Way:
    """Label sets that take the same routes.

    Attributes:
        matches: the routes that notify, in the order of notification.
    """

    region: Region
    matches: tuple[RouteMatch, ...]


@dataclass(frozen=True, slots=True)
class Unwalked(Exception):  # noqa: N818 # an answer, and no error
    """The walk has no answer: what `matcher` asks could not be decided, for the reason `why`."""

    matcher: Matcher
    why: str


def ways(root: RouteNode, region: Region) -> tuple[Way, ...]:
    """The parts of `region` that take different routes; they are disjoint, and none is left out.

    Raises:
        Unwalked: if a matcher's pattern is beyond the limits of what can be decided, or there are
            more than `MAX_WAYS` parts.
    """
    inside, outside = split(region, root.conditions)
    # A root that asks for something is refused; until it is mended, what it does not take ends
    # nowhere, as in the concrete walk.
    found = [Way(part, ()) for part in outside]
    for way in () if inside is None else ways_below(root, inside):
        found.append(way)
        if len(found) > MAX_WAYS:
            # The way beyond the limit may be that of a route without matchers; some route has one.
            asking = (asked for route in walk_routes(root.match.route) for asked in route.matchers)
            raise Unwalked(next(asking), f"more than {MAX_WAYS:,} regions")
    return tuple(found)


def ways_below(node: RouteNode, region: Region) -> Iterator[Way]:
    """The ways of `region`, of which all label sets match `node`."""
    if not node.children.all:
        yield Way(region, (node.match,))
        return
    for part, places in parts_by_value(node, region):
        yield from _past(node, part, places, ())


def parts_by_value(node: RouteNode, region: Region) -> Iterator[tuple[Region, tuple[int, ...]]]:
    """`region` by the values that the children ask for by name, and which children can match each.

    Thousands of children that compare one label for equality are a look-up each, not a scan.

    Raises:
        Unwalked: if it is not decided whether other values are left.
    """
    children = node.children
    if children.label is None:
        yield region, tuple(range(len(children.all)))
        return
    language = region.language(children.label)
    if isinstance(language, Finite) and len(language.strings) == 1:
        (value,) = language.strings
        yield region, tuple(children.places(value))
        return
    if isinstance(language, Finite):
        listed = sorted(language.strings)
        rest = None
    else:
        listed = [value for value in children.listed_values if value in language]
        rest = language & CoFinite(frozenset(listed)) if listed else language
    by_places: dict[tuple[int, ...], list[str]] = {}
    for value in listed:
        by_places.setdefault(tuple(children.places(value)), []).append(value)
    for places, values in by_places.items():
        yield region.replaced(children.label, only(*values)), places
    if rest is not None and not _is_empty(rest, node, children.label):
        yield region.replaced(children.label, rest), tuple(children.unlisted_places)


def _past(
    node: RouteNode, region: Region, places: tuple[int, ...], matches: tuple[RouteMatch, ...]
) -> Iterator[Way]:
    """The ways of `region` past the children at `places`, with `matches` of those before."""
    waiting = [(region, 0, matches)]
    while waiting:
        part, begin, found = waiting.pop()
        for index in range(begin, len(places)):
            child = node.children.all[places[index]]
            inside, outside = split(part, child.conditions)
            if inside is not None:
                for way in ways_below(child, inside):
                    both = (*found, *way.matches)
                    if child.continues:
                        waiting.append((way.region, index + 1, both))
                    else:
                        yield Way(way.region, both)
            if not outside:
                break
            part = outside[-1]
            waiting += [(other, index + 1, found) for other in outside[:-1]]
        else:
            yield Way(part, found or (node.match,))


def split(
    region: Region, conditions: Iterable[Condition]
) -> tuple[Region | None, tuple[Region, ...]]:
    """The part of `region` that satisfies all `conditions`, and the parts that do not."""
    outside: list[Region] = []
    inside = region
    for asked in conditions:
        try:
            yes = inside.narrowed(asked.matcher.name, asked.language)
            if yes is None:
                return None, (*outside, inside)
            no = None if yes is inside else inside.narrowed(asked.matcher.name, ~asked.language)
        except Undecided as undecided:
            raise Unwalked(asked.matcher, str(undecided)) from None
        if no is not None:
            outside.append(no)
            inside = yes
    return inside, tuple(outside)


def _is_empty(language: Language, node: RouteNode, label: str) -> bool:
    try:
        return is_empty(language)
    except Undecided as undecided:
        raise Unwalked(_asking(node, label), str(undecided)) from None


def _asking(node: RouteNode, label: str) -> Matcher:
    """The first matcher of a child of `node` that asks for `label`."""
    return next(
        asked.matcher
        for child in node.children.all
        for asked in child.conditions
        if asked.matcher.name == label
    )
