"""Characters grouped into the few kinds that some expressions tell apart."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

from buckstop.language.characters import ANY_CHARACTER, LAST_CODE_POINT, Characters, Interval

_READABLE: Final = (
    "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZ.:/@ ,;+=#%&*!?~()[]{}<>|^$'`"
)
"""The characters that a witness should be made of, best first."""

_CODE_POINTS: Final = sorted(map(ord, _READABLE))
_PLACES: Final = [_READABLE.index(chr(code_point)) for code_point in _CODE_POINTS]
"""The places in `_READABLE` of the characters by code point."""


class Alphabet:
    """The kinds of characters that no set among `sets` tells apart.

    A kind is a number from 0; kinds are sorted by how readable their best character is. A set of
    kinds is an integer with the bit of each kind set.

    Attributes:
        best: of each kind its most readable character.
        everything: the set of all kinds.
    """

    def __init__(self, sets: Iterable[Characters]) -> None:
        distinct = sorted({*sets, ANY_CHARACTER}, key=lambda each: each.intervals)
        groups = _groups(distinct)
        named = sorted((_rank(intervals), signature) for signature, intervals in groups.items())
        self.best = tuple(chr(rank[1]) for rank, _ in named)
        self.everything = (1 << len(named)) - 1
        self._masks = dict.fromkeys(distinct, 0)
        for kind, (_, signature) in enumerate(named):
            for number, each in enumerate(distinct):
                if signature >> number & 1:
                    self._masks[each] |= 1 << kind

    def kinds(self, characters: Characters) -> int:
        """The kinds of which one of the alphabet's own sets consists."""
        return self._masks[characters]


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def readability(text: str) -> tuple[int, ...]:
    """A key that sorts texts: the shorter before the longer, then the more readable first."""
    ranks = (_READABLE.find(character) for character in text)
    return (len(text), *(rank if rank >= 0 else len(_READABLE) for rank in ranks))


def _groups(sets: list[Characters]) -> dict[int, list[Interval]]:
    """The intervals that lie in the same sets; a signature has the bit of each such set."""
    changes: dict[int, int] = {}
    for number, each in enumerate(sets):
        for first, last in each.intervals:
            changes[first] = changes.get(first, 0) ^ (1 << number)
            changes[last + 1] = changes.get(last + 1, 0) ^ (1 << number)
    groups: dict[int, list[Interval]] = {}
    places = sorted(changes)
    inside = 0
    for place, following in zip(places, [*places[1:], LAST_CODE_POINT + 1], strict=True):
        inside ^= changes[place]
        if inside and place < following:
            groups.setdefault(inside, []).append((place, following - 1))
    return groups


def _rank(intervals: list[Interval]) -> tuple[int, int]:
    """How readable the best character is (less is better), and its code point."""
    place = min(
        place
        for first, last in intervals
        for place in (
            *_PLACES[bisect_left(_CODE_POINTS, first) : bisect_right(_CODE_POINTS, last)],
            len(_READABLE),
        )
    )
    return (place, ord(_READABLE[place]) if place < len(_READABLE) else intervals[0][0])
