"""Regions: sets of label sets, as one language for each label.

A region is a product: it says of each label which values it may have, independently of the
others. A label that is missing has the empty value, as it has for every matcher. What is no
product, such as "env is a or team is b", is several regions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from buckstop.language.deciding import example, is_empty
from buckstop.language.sets import EVERYTHING, Finite, Language, only

ABSENT: Final = only("")
"""The language of a label that is missing."""


@dataclass(frozen=True, slots=True)
class Region:
    """The label sets of which each label's value is in its language.

    Make one with `region`, which keeps equal regions equal.

    Attributes:
        named: label to language, sorted by label; none is empty, and none equals `others`.
        others: the language of every label that is not named: `EVERYTHING`, or `ABSENT` where
            there are no further labels.
    """

    named: tuple[tuple[str, Language], ...]
    others: Language
    _hash: int | None = field(default=None, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        # Made once: whole walks are remembered by region.
        if self._hash is None:
            object.__setattr__(self, "_hash", hash((self.named, self.others)))
        assert self._hash is not None
        return self._hash

    def language(self, name: str) -> Language:
        """The values that the label `name` may have; the empty one where it may be missing."""
        return next((language for label, language in self.named if label == name), self.others)

    @property
    def names(self) -> tuple[str, ...]:
        """The labels of which it says something of its own."""
        return tuple(name for name, _ in self.named)

    def replaced(self, name: str, language: Language) -> Region:
        """The same, but with `language` for the label `name`, which must not be empty."""
        if self.language(name) == language:
            return self
        return region({**dict(self.named), name: language}, self.others)

    def narrowed(self, name: str, language: Language) -> Region | None:
        """The part in which the label `name` has a value of `language`; None where that is empty.

        Raises:
            Undecided: if it cannot be told whether it is empty.
        """
        before = self.language(name)
        if isinstance(before, Finite) and len(before.strings) == 1:
            # As with most labels that a rule sets: nothing is to be made for a look at one value.
            (value,) = before.strings
            return self if value in language else None
        both = before & language
        if both == before:
            return self
        return None if is_empty(both) else self.replaced(name, both)

    def intersection(self, other: Region) -> Region | None:
        """The label sets of both; None where there are none. Raises `Undecided`."""
        here, there = dict(self.named), dict(other.named)
        common: dict[str, Language] = {}
        for name in here | there:
            both = here.get(name, self.others) & there.get(name, other.others)
            if is_empty(both):
                return None
            common[name] = both
        return region(common, self.others & other.others)

    def has(self, labels: Mapping[str, str]) -> bool:
        """Whether a label set is in it."""
        rest = (value for name, value in labels.items() if name not in self.names)
        return all(value in self.others for value in rest) and all(
            labels.get(name, "") in language for name, language in self.named
        )

    def witness(self, preferred: Mapping[str, Iterable[str]] | None = None) -> dict[str, str]:
        """A label set of it, for people to read: short values, labels left out where they may be.

        Args:
            preferred: label to values that are taken, where they belong, before any other; else
                a label is left out where it may be.

        Raises:
            Undecided: if no value of some label can be found.
        """
        chosen: dict[str, str] = {}
        for name, language in self.named:
            value = example(language, preferred=(*(preferred or {}).get(name, ()), ""))
            assert value is not None, "no language of a region is empty"
            if value:
                chosen[name] = value
        return chosen


def region(languages: Mapping[str, Language], others: Language = EVERYTHING) -> Region:
    """The region of `languages`, one a label; no language may be empty."""
    named = ((name, language) for name, language in languages.items() if language != others)
    return Region(tuple(sorted(named, key=lambda one: one[0])), others)


ALL_LABEL_SETS: Final = region({})
"""The region of every label set."""
