"""The children of one route, found by the value of one label: a look-up instead of a scan."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Generic, TypeVar

from buckstop.alertmanager.conditions import Condition

Child = TypeVar("Child")

MAX_REMEMBERED_CHILDREN: Final = 1_000_000
"""Children in all remembered answers of one route's; then they are found anew."""


class Siblings(Generic[Child]):
    """Children in order, and which of them a label's value leaves in question.

    Hundreds of teams are one look-up, and a regular expression is asked once for each value.
    """

    def __init__(
        self, children: Sequence[Child], conditions: Sequence[tuple[Condition, ...]]
    ) -> None:
        """Take the children and, at the same places, what each asks for."""
        self.all = tuple(children)
        self._label = _most_asked(conditions)
        self._listed: dict[str, list[int]] = {}
        self._tested: list[tuple[int, tuple[Condition, ...]]] = []
        self._remembered: dict[str, tuple[Child, ...]] = {}
        self._remembered_children = 0
        for place, asked in enumerate(conditions):
            here = tuple(one for one in asked if one.matcher.name == self._label)
            listing = [one.listed for one in here if one.listed is not None]
            if listing:
                for value in frozenset.intersection(*listing):
                    self._listed.setdefault(value, []).append(place)
            else:
                self._tested.append((place, here))

    def candidates(self, labels: Mapping[str, str], unless_known: str | None) -> tuple[Child, ...]:
        """The children that can match, in order.

        Args:
            labels: those of the alert.
            unless_known: the value of a label that `labels` lacks; None where it may be any.
        """
        if self._label is None:
            return self.all
        value = labels.get(self._label, unless_known)
        if value is None:
            return self.all
        found = self._remembered.get(value)
        if found is None:
            found = self._find(value)
            if self._remembered_children + len(found) >= MAX_REMEMBERED_CHILDREN:
                self._remembered.clear()
                self._remembered_children = 0
            self._remembered[value] = found
            self._remembered_children += len(found) + 1
        return found

    @property
    def label(self) -> str | None:
        """The label by whose value they are told apart; None where they ask for none."""
        return self._label

    @property
    def listed_values(self) -> Iterable[str]:
        """The values of `label` that some child asks for by name, in the order of the children."""
        return self._listed

    def places(self, value: str) -> Iterator[int]:
        """The places of the children that can match where `label` has this `value`, in order."""
        tested = (place for place, asked in self._tested if all(one.holds(value) for one in asked))
        return heapq.merge(self._listed.get(value, ()), tested)

    @property
    def unlisted_places(self) -> Iterable[int]:
        """The places of the children that can match where `label` has no listed value, in order."""
        return (place for place, _ in self._tested)

    def _find(self, value: str) -> tuple[Child, ...]:
        return tuple(self.all[place] for place in self.places(value))


def _most_asked(conditions: Sequence[tuple[Condition, ...]]) -> str | None:
    """The label that most children ask for; None where they ask for nothing."""
    if not conditions:
        return None  # as with most routes
    names = Counter(
        name for asked in conditions for name in dict.fromkeys(one.matcher.name for one in asked)
    )
    return names.most_common(1)[0][0] if names else None
