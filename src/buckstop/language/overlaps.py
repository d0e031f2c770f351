"""Many languages, asked which of them may have strings in common with one more.

Names of teams mostly differ in how they begin or end: of a thousand patterns, those that may match
what another matches are then found without a look at the rest. Lists of strings are looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from buckstop.language.fixed_ends import are_disjoint, fixed_ends
from buckstop.language.sets import Finite, Language

MAX_LETTERS: Final = 24
"""Letters of a fixed beginning or end by which languages are told apart."""


class Overlaps:
    """Languages in the order in which they were added."""

    def __init__(self) -> None:
        """Begin with none."""
        self._languages: list[Language] = []
        self._by_string: dict[str, list[int]] = {}
        self._lists = _ByEnds()
        self._unsorted_lists: list[int] = []
        self._others = _ByEnds()

    def add(self, language: Language) -> None:
        """Add `language`; its number is how many were there before."""
        number = len(self._languages)
        self._languages.append(language)
        if isinstance(language, Finite):
            for text in language.strings:
                self._by_string.setdefault(text, []).append(number)
            self._unsorted_lists.append(number)
        else:
            self._others.add(language, number)

    def with_strings_of(self, language: Language) -> Iterator[int]:
        """The numbers of those that may have a string in common with `language`, in order."""
        certain: set[int] = set()
        if isinstance(language, Finite):
            certain.update(*(self._by_string.get(text, ()) for text in language.strings))
            likely = self._others.compatible(language)
        else:
            self._sort_lists()
            likely = [*self._lists.compatible(language), *self._others.compatible(language)]
        for number in sorted(certain.union(likely)):
            if number in certain or not are_disjoint(self._languages[number], language):
                yield number

    def _sort_lists(self) -> None:
        """Only a pattern asks how lists begin and end: where there is none, that is spared."""
        for number in self._unsorted_lists:
            self._lists.add(self._languages[number], number)
        self._unsorted_lists.clear()


class _ByEnds:
    """Numbers of languages by how their strings begin, and by how these end."""

    def __init__(self) -> None:
        self._indices = (_ByStart(), _ByStart())
        self._is_empty = True

    def add(self, language: Language, number: int) -> None:
        self._is_empty = False
        for index, text in zip(self._indices, fixed_ends(language), strict=True):
            index.add(text[:MAX_LETTERS], number)

    def compatible(self, language: Language) -> list[int]:
        if self._is_empty:
            return []
        ends = zip(self._indices, fixed_ends(language), strict=True)
        return min((index.compatible(text[:MAX_LETTERS]) for index, text in ends), key=len)


class _ByStart:
    """Numbers by text, of which one text may begin the other."""

    def __init__(self) -> None:
        self._same: dict[str, list[int]] = {}
        self._longer: dict[str, list[int]] = {}

    def add(self, text: str, number: int) -> None:
        self._same.setdefault(text, []).append(number)
        for length in range(len(text)):
            self._longer.setdefault(text[:length], []).append(number)

    def compatible(self, text: str) -> list[int]:
        found = list(self._longer.get(text, ()))
        for length in range(len(text) + 1):
            found += self._same.get(text[:length], ())
        return found
