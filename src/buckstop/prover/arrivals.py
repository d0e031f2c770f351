"""What arrives at each route: the tree walked once, with every label set that there is.

The walk never leaves a label set out. Where a pattern is beyond the limits, or there would be too
many regions, it lets more arrive than does: a route is then not said to be dead that may be alive.
A ``.`` is taken to match a newline too, which Alertmanager's does not: nobody writes ``.*`` to
leave out values with one, and no route should be said to be alive for these alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from buckstop.alertmanager import RouteNode
from buckstop.alertmanager.conditions import Condition
from buckstop.language import ALL_LABEL_SETS, Language, Region, matching
from buckstop.language.domains import narrowed, simplified
from buckstop.language.overlaps import Overlaps
from buckstop.language.sets import Finite, every
from buckstop.prover.walk import Unwalked, parts_by_value

MAX_PIECES: Final = 64
"""Regions side by side under one route; beyond it, what a route takes is not taken away."""

MAX_WORK: Final = 50_000
"""Regions from which the part of a route is taken away, in one tree; beyond it, it is not."""

MAX_UNSIMPLIFIED: Final = 100
"""Regions that arrive at one route; more are put together where that can be done."""


@dataclass(slots=True, eq=False)
class Arrival:
    """A route and the label sets that get to it; all as regions that may be more than there are.

    Attributes:
        parent: None for the root.
        matched: those that arrive and that its matchers hold of; none where it is dead.
        own: those of `matched` of which the route itself tells, since no child matched.
        observed: those of `matched` that children took that go on, and no other.
        children: in their order.
    """

    node: RouteNode
    parent: Arrival | None
    matched: tuple[Region, ...]
    own: tuple[Region, ...]
    observed: tuple[Region, ...]
    children: tuple[Arrival, ...] = ()
    _overlaps: Overlaps | None = field(default=None, init=False)

    @property
    def place(self) -> int:
        """Its place among its siblings; 0 for the root."""
        path = self.node.match.path
        return path[-1] if path else 0

    def every(self) -> Iterator[Arrival]:
        """It and all below it, parents before children, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.every()

    def later(self) -> Iterator[Arrival]:
        """The siblings after it that may take some of the same alerts."""
        if self.parent is not None:
            places = (self.parent.places(region) for region in self.matched)
            for place in sorted({place for found in places for place in found}):
                if place > self.place:
                    yield self.parent.children[place]

    def earlier(self, wanted: Region) -> Iterator[Arrival]:
        """The siblings before it that may take some of `wanted` for good."""
        if self.parent is not None and self.place > 0:
            for place in self.parent.places(wanted):
                before = self.parent.children[place]
                if place < self.place and not before.node.continues:
                    yield before

    def places(self, region: Region) -> Iterator[int]:
        """The places of the children that may take some of `region`, in order."""
        label = self.node.children.label
        if label is None:
            return iter(range(len(self.children)))
        if self._overlaps is None:
            self._overlaps = Overlaps()
            for child in self.children:
                self._overlaps.add(_language(child.node, label))
        return self._overlaps.with_strings_of(region.language(label))


def arrivals(root: RouteNode) -> Arrival:
    """What arrives at `root` and everywhere below it."""
    inside = satisfying(ALL_LABEL_SETS, root.conditions)
    return _arrival(root, None, () if inside is None else (inside,), _Work())


def split(
    region: Region, conditions: Iterable[Condition]
) -> tuple[Region | None, tuple[Region, ...]]:
    """The part of `region` that satisfies all `conditions`, and the parts that do not.

    Where a pattern is beyond the limits, the parts overlap.
    """
    outside: list[Region] = []
    inside = region
    for asked in conditions:
        language = asked_language(asked)
        no = narrowed(inside, asked.matcher.name, ~language)
        if no is None:
            continue
        outside.append(no)
        yes = narrowed(inside, asked.matcher.name, language)
        if yes is None:
            return None, tuple(outside)
        inside = yes
    return inside, tuple(outside)


def satisfying(region: Region, conditions: Iterable[Condition]) -> Region | None:
    """The part of `region` that satisfies all `conditions`, as `split` has it; None for none."""
    inside = region
    for asked in conditions:
        language = asked_language(asked)
        # Of a list of values it is seen at once that a part is outside or that all is inside.
        if not isinstance(language, Finite):
            no = narrowed(inside, asked.matcher.name, ~language)
            if no is None:
                continue
        yes = narrowed(inside, asked.matcher.name, language)
        if yes is None:
            return None
        inside = yes
    return inside


def asked_language(asked: Condition) -> Language:
    """The values that satisfy `asked`; of a pattern, as if ``.`` matched a newline too."""
    if asked.matcher.operator in {"=", "!="}:
        return asked.language
    matched = matching(asked.expected, dot_newline=True)
    return matched if asked.matcher.operator == "=~" else ~matched


def both(left: Iterable[Region], right: Sequence[Region]) -> Region | None:
    """Label sets that are in a region of `left` and in one of `right`; None where there are none.

    Raises:
        Undecided: if that cannot be told.
    """
    for one in left:
        for other in right:
            found = one.intersection(other)
            if found is not None:
                return found
    return None


def _arrival(
    node: RouteNode, parent: Arrival | None, matched: tuple[Region, ...], work: _Work
) -> Arrival:
    if len(matched) > MAX_UNSIMPLIFIED:
        matched = simplified(matched)
    if not node.children.all:  # as with most routes
        return Arrival(node, parent, matched, own=matched, observed=())
    below = _Below(node, work)
    for region in matched:
        below.take(region)
    here = Arrival(node, parent, matched, tuple(below.untouched), tuple(below.observed))
    here.children = tuple(
        _arrival(child, here, tuple(taken), work)
        for child, taken in zip(node.children.all, below.taken, strict=True)
    )
    return here


class _Below:
    """What the children of one route take, and what they leave."""

    def __init__(self, node: RouteNode, work: _Work) -> None:
        self._node = node
        self._work = work
        self.taken: list[list[Region]] = [[] for _ in node.children.all]
        self.untouched: list[Region] = []
        self.observed: list[Region] = []

    def take(self, region: Region) -> None:
        """Let `region` run past the children."""
        for part, places in _parts(self._node, region):
            going_on = [place for place in places if self._node.children.all[place].continues]
            for piece in self._past(part, places):
                self._end(piece, going_on)

    def _past(self, part: Region, places: Sequence[int]) -> Sequence[Region]:
        """What no child takes for good."""
        label = self._node.children.label
        flow: tuple[Region, ...] = (part,)
        aside = None
        if label is not None and not isinstance(part.language(label), Finite):
            aside = _Aside(label, self._work)
        for place in places:
            child = self._node.children.all[place]
            stands_aside = aside is not None and _asks_alone_for(child, label)
            # What is outside of most need not be told.
            needs_outside = not child.continues and not stands_aside
            inside, outside = _divided(flow, child, needs_outside=needs_outside)
            self.taken[place] += inside if aside is None else aside.taken_from(inside)
            if aside is not None and stands_aside and not child.continues:
                aside.add(child)
            if not needs_outside:
                continue
            flow = outside
            if self._work.is_too_much(flow):
                flow = (part,)
            if not flow:
                break
        return flow if aside is None else aside.left_of(flow)

    def _end(self, piece: Region, going_on: Iterable[int]) -> None:
        """Divide what is left by whether a child that goes on has taken it."""
        untouched: tuple[Region, ...] = (piece,)
        for place in going_on:
            child = self._node.children.all[place]
            inside = satisfying(piece, child.conditions)
            if inside is not None:
                self.observed.append(inside)
                untouched = self._work.without(untouched, child)
        self.untouched += untouched


def _divided(
    flow: Iterable[Region], child: RouteNode, *, needs_outside: bool
) -> tuple[list[Region], tuple[Region, ...]]:
    """The parts of `flow` that `child` matches; where that is needed, the other ones too."""
    if not needs_outside:
        found = (satisfying(piece, child.conditions) for piece in flow)
        return [got for got in found if got is not None], ()
    both = [split(piece, child.conditions) for piece in flow]
    inside = [got for got, _ in both if got is not None]
    return inside, tuple(one for _, outside in both for one in outside)


def _asks_alone_for(child: RouteNode, label: str | None) -> bool:
    return {asked.matcher.name for asked in child.conditions} == {label}


class _Aside:
    """Children that ask for one label alone, whose part is not taken away until that matters."""

    def __init__(self, label: str, work: _Work) -> None:
        self._label = label
        self._work = work
        self._nodes: list[RouteNode] = []
        self._overlaps = Overlaps()

    def add(self, node: RouteNode) -> None:
        self._nodes.append(node)
        self._overlaps.add(_language(node, self._label))

    def taken_from(self, regions: Iterable[Region]) -> Iterator[Region]:
        """What they leave of `regions`."""
        for region in regions:
            left: tuple[Region, ...] = (region,)
            for number in self._overlaps.with_strings_of(region.language(self._label)):
                left = self._work.without(left, self._nodes[number])
            yield from left

    def left_of(self, regions: Iterable[Region]) -> Sequence[Region]:
        """The same where they leave most."""
        outside = every(~_language(node, self._label) for node in self._nodes)
        narrow = (narrowed(region, self._label, outside) for region in regions)
        return [region for region in narrow if region is not None]


class _Work:
    """Takes away from regions what a route takes, as long as that is not too much work."""

    def __init__(self) -> None:
        self._left = MAX_WORK

    def without(self, regions: tuple[Region, ...], node: RouteNode) -> tuple[Region, ...]:
        """`regions` without what `node` takes; with it, beyond the limits."""
        if self._left < 0:
            return regions
        outside = tuple(one for region in regions for one in split(region, node.conditions)[1])
        return regions if self.is_too_much(outside) else outside

    def is_too_much(self, regions: Sequence[Region]) -> bool:
        """Whether so many are left that they are not to be told apart."""
        self._left -= len(regions)
        return self._left < 0 or len(regions) > MAX_PIECES


def _language(node: RouteNode, label: str) -> Language:
    """The values of `label` that its matchers admit."""
    return every(asked_language(asked) for asked in node.conditions if asked.matcher.name == label)


def _parts(node: RouteNode, region: Region) -> Sequence[tuple[Region, tuple[int, ...]]]:
    try:
        return tuple(parts_by_value(node, region))
    except Unwalked:
        return ((region, tuple(range(len(node.children.all)))),)
