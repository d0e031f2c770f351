"""Two route trees side by side: which routes come to the same, and which children pair up.

Everything that a route means is a number, shared by both trees: two routes with one number need
not be walked to know that they tell alike.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from buckstop.alertmanager.routing import RouteNode
from buckstop.language import EVERYTHING, Language
from buckstop.language.sets import every
from buckstop.prover.moves.outcomes import Routing


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """A route and those below it, numbered.

    Attributes:
        asked: what it asks of each label, however its matchers are spelt and ordered.
        asks: of what it asks for, and whether it continues.
        tells: of what it means where it is the match itself.
        below: of all that can come of alerts that match it.
    """

    node: RouteNode
    asked: frozenset[tuple[str, Language]]
    asks: int
    tells: int
    below: int
    children: tuple[Numbered, ...]

    @property
    def whole(self) -> tuple[int, int]:
        """What it asks for and what comes of it."""
        return self.asks, self.below


@dataclass(frozen=True, slots=True)
class Step:
    """A child of the old route, one of the new route, or both where they ask for the same."""

    old: Numbered | None
    new: Numbered | None

    @property
    def given(self) -> Numbered:
        """The one that is there; both ask for the same."""
        given = self.old or self.new
        assert given is not None, "a step has a child at least"
        return given

    @property
    def is_same(self) -> bool:
        """Whether it comes to the same in both trees."""
        return self.old is not None and self.new is not None and self.old.below == self.new.below


@dataclass(slots=True)
class Numbers:
    """Gives numbers to meanings; equal ones get the same."""

    _given: dict[object, int] = field(default_factory=dict, init=False)
    _tells: dict[tuple[bool, tuple[int, ...]], int] = field(default_factory=dict, init=False)

    def tree(self, routing: Routing, *, is_new: bool) -> Numbered:
        """The tree of one state, numbered."""
        return self._numbered(routing.router.root, routing, is_new=is_new)

    def told_alike(self, old: Sequence[tuple[int, ...]], new: Sequence[tuple[int, ...]]) -> bool:
        """Whether the routes at the paths `old` come to the same as those at the paths `new`."""
        if not old and not new:
            return True
        before = sorted(self._tells[False, path] for path in old)
        return before == sorted(self._tells[True, path] for path in new)

    def _numbered(self, node: RouteNode, routing: Routing, *, is_new: bool) -> Numbered:
        children = tuple(
            self._numbered(child, routing, is_new=is_new) for child in node.children.all
        )
        tells = self._number(routing.meaning(node.match))
        self._tells[is_new, node.match.path] = tells
        asked = _asked(node)
        return Numbered(
            node,
            asked=asked,
            asks=self._number((asked, node.continues)),
            tells=tells,
            below=self._number((tells, *(child.whole for child in children))),
            children=children,
        )

    def _number(self, meaning: object) -> int:
        return self._given.setdefault(meaning, len(self._given))


def _asked(node: RouteNode) -> frozenset[tuple[str, Language]]:
    """What a route asks of each label, however its matchers are spelt and ordered."""
    languages: dict[str, list[Language]] = {}
    for asked in node.conditions:
        if asked.always is not True:
            languages.setdefault(asked.matcher.name, []).append(asked.language)
    together = ((name, every(several)) for name, several in languages.items())
    return frozenset((name, language) for name, language in together if language != EVERYTHING)


def steps(old: Sequence[Numbered], new: Sequence[Numbered]) -> tuple[Step, ...]:
    """All children of both in an order that keeps that of each, the most of them in pairs.

    Only where two children ask for the same may they be one step.
    """
    found: list[Step] = []
    begin_old = begin_new = 0
    for at_old, at_new in (*_anchors(old, new), (len(old), len(new))):
        found += (Step(one, None) for one in old[begin_old:at_old])
        found += (Step(None, one) for one in new[begin_new:at_new])
        if at_old < len(old):
            found.append(Step(old[at_old], new[at_new]))
        begin_old, begin_new = at_old + 1, at_new + 1
    return tuple(found)


def _anchors(old: Sequence[Numbered], new: Sequence[Numbered]) -> list[tuple[int, int]]:
    """Places of children that ask for the same, rising in both: a longest such row.

    Of several that ask for the same, the first pairs with the first.
    """
    places: dict[int, list[int]] = {}
    for place in reversed(range(len(new))):
        places.setdefault(new[place].asks, []).append(place)
    pairs = [
        (place, places[one.asks].pop()) for place, one in enumerate(old) if places.get(one.asks)
    ]
    ends: list[int] = []
    """The least place in which a row of each length can end, and below which pair it is."""
    at: list[int] = []
    before: list[int | None] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        at[length : length + 1] = [number]
        before.append(at[length - 1] if length else None)
    row: list[tuple[int, int]] = []
    number_: int | None = at[-1] if at else None
    while number_ is not None:
        row.append(pairs[number_])
        number_ = before[number_]
    return row[::-1]
