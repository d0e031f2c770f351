"""The children of one route, found by the value of one label: a look-up instead of a scan."""

from __future__ import annotations

import heapq
import operator
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Generic, TypeVar

from buckstop.alertmanager.conditions import Condition
from buckstop.language import fixed_start

Child = TypeVar("Child")

MAX_REMEMBERED_CHILDREN: Final = 1_000_000
"""Children in all remembered answers of one route's; then they are found anew."""

FEW_PATTERNS: Final = 8
"""So many are sooner asked than looked up by how they start."""

_Tested = tuple[int, tuple[Condition, ...]]
"""The place of a child, and what it asks of the label by which children are told apart."""
_PLACE: Final = operator.itemgetter(0)


class Siblings(Generic[Child]):
    """Children in order, and which of them a label's value leaves in question.

    Hundreds of teams are one look-up. Of hundreds of patterns those are asked whose fixed start the
    value has, once for each value.
    """

    def __init__(
        self, children: Sequence[Child], conditions: Sequence[tuple[Condition, ...]]
    ) -> None:
        """Take the children and, at the same places, what each asks for."""
        self.all = tuple(children)
        self._label = _most_asked(conditions)
        self._listed: dict[str, list[int]] = {}
        self._tested: list[_Tested] = []
        self._by_start: dict[int, dict[str, list[_Tested]]] = {}
        self._remembered: dict[str, tuple[Child, ...]] = {}
        self._remembered_children = 0
        for place, asked in enumerate(conditions):
            here = tuple(one for one in asked if one.matcher.name == self._label)
            listing = [one.listed for one in here if one.listed is not None]
            if listing:
                # Sorted, for what is walked in the order of these values is read by people.
                for value in sorted(frozenset.intersection(*listing)):
                    self._listed.setdefault(value, []).append(place)
            else:
                self._tested.append((place, here))
        self._always_tested = self._tested
        if len(self._tested) > FEW_PATTERNS:
            self._always_tested = [one for one in self._tested if not self._has_start(one)]

    def _has_start(self, tested: _Tested) -> bool:
        """Whether a child's values begin with a fixed text, under which it is then found."""
        start = max((fixed_start(one.language) for one in tested[1]), key=len, default="")
        if start:
            self._by_start.setdefault(len(start), {}).setdefault(start, []).append(tested)
        return bool(start)

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
        listed = self._listed.get(value, ())
        tested = [place for place, asked in self._to_test(value) if _hold(asked, value)]
        return heapq.merge(listed, tested) if listed and tested else iter(listed or tested)

    def _to_test(self, value: str) -> Iterable[_Tested]:
        """Those that may hold of `value` though they do not list it, in order."""
        if not self._by_start:
            return self._always_tested
        if not _is_text(value):
            return self._tested
        started = [by.get(value[:length], ()) for length, by in self._by_start.items()]
        return heapq.merge(self._always_tested, *started, key=_PLACE)

    @property
    def unlisted_places(self) -> Iterable[int]:
        """The places of the children that can match where `label` has no listed value, in order."""
        return (place for place, _ in self._tested)

    def _find(self, value: str) -> tuple[Child, ...]:
        return tuple(self.all[place] for place in self.places(value))


def _hold(conditions: Iterable[Condition], value: str) -> bool:
    return all(one.holds(value) for one in conditions)


def _is_text(value: str) -> bool:
    """Whether it has no half of a surrogate pair, which is read as another character."""
    return value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)


def _most_asked(conditions: Sequence[tuple[Condition, ...]]) -> str | None:
    """The label that most children ask for; None where they ask for nothing."""
    if not conditions:
        return None  # as with most routes
    names = Counter(
        name for asked in conditions for name in dict.fromkeys(one.matcher.name for one in asked)
    )
    return names.most_common(1)[0][0] if names else None
