"""Sets of characters as sorted intervals of code points."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

Interval = tuple[int, int]
"""First and last code point."""

FIRST_SURROGATE: Final = 0xD800
LAST_SURROGATE: Final = 0xDFFF
LAST_CODE_POINT: Final = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Characters:
    """A set of Unicode characters. Surrogates are none: no UTF-8 text contains one.

    Attributes:
        intervals: sorted; neither overlapping nor touching.
    """

    intervals: tuple[Interval, ...]

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> Characters:
        """The characters of `intervals`, which may overlap, in any order."""
        merged: list[Interval] = []
        for first, last in sorted(_without_surrogates(intervals)):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    @classmethod
    def single(cls, character: str) -> Characters:
        """The set of one character."""
        return cls(((ord(character), ord(character)),))

    def __contains__(self, code_point: int) -> bool:
        place = bisect_right(self.intervals, (code_point, LAST_CODE_POINT + 1)) - 1
        return place >= 0 and code_point <= self.intervals[place][1]

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.intervals)

    def __iter__(self) -> Iterator[str]:
        for first, last in self.intervals:
            yield from map(chr, range(first, last + 1))

    def complement(self) -> Characters:
        """All other characters."""
        rest: list[Interval] = []
        start = 0
        for first, last in self.intervals:
            rest.append((start, first - 1))
            start = last + 1
        rest.append((start, LAST_CODE_POINT))
        return Characters.of(interval for interval in rest if interval[0] <= interval[1])


def _without_surrogates(intervals: Iterable[Interval]) -> Iterator[Interval]:
    for first, last in intervals:
        if first < FIRST_SURROGATE:
            yield first, min(last, FIRST_SURROGATE - 1)
        if last > LAST_SURROGATE:
            yield max(first, LAST_SURROGATE + 1), last


ANY_CHARACTER: Final = Characters.of([(0, LAST_CODE_POINT)])
NEWLINE: Final = Characters.single("\n")
ANY_BUT_NEWLINE: Final = NEWLINE.complement()
WORD: Final = Characters.of([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
r"""What ``\w`` and ``\b`` mean: ASCII alone, as RE2 has it."""
