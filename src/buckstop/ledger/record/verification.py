"""The whole record, held against itself and against what was signed of it.

Nothing is taken on trust: not the hashes that are stored, nor the columns beside a body, nor the
list of incidents. What a hash chain alone cannot show (a record rewritten as a whole, or cut at
its end) the checkpoints show.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from buckstop.ledger.domain.events import Apart, Erased, Event
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.record.chain import Entry, Head
from buckstop.ledger.record.chain_check import ChainCheck
from buckstop.ledger.record.checkpoint import Checkpoint
from buckstop.ledger.record.discrepancy import Discrepancy
from buckstop.ledger.record.index_check import Earlier, IndexCheck, Row
from buckstop.ledger.record.personal import may_be_sealed, unseal
from buckstop.ledger.record.text_check import StoredText, TextCheck, stray
from buckstop.ledger.record.tree_check import TreeCheck

PlacedText = tuple[int, str, StoredText]
"""The event's position, the place in it, the text."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it is stored, read as of one moment.

    Attributes:
        head: None where there is none.
        entries, texts, incidents: in order of position or number.
        earlier: reads the events of one incident before a position, while the others are read.
    """

    head: Head | None
    entries: Iterable[Entry]
    texts: Iterable[PlacedText]
    incidents: Iterable[Row]
    earlier: Earlier


class Verification:
    """One run over a record.

    Args:
        checkpoints: verified ones of this record.
        row_of: the row that the list of incidents must have for one.
        columns_of: the columns that must stand beside an event: incident, time and kind.
    """

    def __init__(
        self,
        checkpoints: Sequence[Checkpoint],
        row_of: Callable[[Incident], Row],
        columns_of: Callable[[Event], tuple[int, str, str]],
    ) -> None:
        self._columns_of = columns_of
        self._chain = ChainCheck()
        self._texts = TextCheck()
        self._tree = TreeCheck(checkpoints)
        self._row_of = row_of
        self._foldable = True
        self.head = Head()
        self.events = 0

    @property
    def signed_to(self) -> int:
        """Up to which event the record is what was signed of it."""
        return self._tree.holds_to

    def run(self, stored: Stored) -> Iterator[Discrepancy]:
        """Everything that is wrong, in order."""
        texts = _Beside(stored.texts)
        index = IndexCheck(self._row_of, stored.earlier)
        for entry in stored.entries:
            self.events += 1
            self.head = Head(entry.position, entry.hash)
            for position, place in texts.strays(entry.position):
                yield stray(position, place)
            beside = texts.of(entry.position)
            found = list(self._chain.check(entry))
            yield from found
            yield from self._tree.append(entry.hash)
            if found:
                self._foldable = False
            if not any(discrepancy.kind == "edited" for discrepancy in found):
                yield from self._content(entry, beside, index)
        for position, place in texts.strays(None):
            yield stray(position, place)
        yield from self._texts.finish()
        if stored.head != self.head:
            yield self._head_differs(stored.head)
        yield from self._tree.finish()
        if self._foldable:
            yield from index.finish(stored.incidents)

    def _content(
        self, entry: Entry, beside: dict[str, StoredText], index: IndexCheck
    ) -> Iterator[Discrepancy]:
        position = entry.position
        try:
            body = entry.body.decode("utf-8")
            event = unseal(body, {place: text.text for place, text in beside.items()})
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
            self._foldable = False
            yield Discrepancy("unreadable", position, f"event {position} cannot be read")
            return
        if beside or may_be_sealed(body):
            yield from self._texts.check(position, json.loads(body), beside)
        if (entry.incident, entry.at, entry.kind) != self._columns_of(event):
            said = f"the columns beside event {position} say other things than the event"
            yield Discrepancy("column-differs", position, said)
        if isinstance(event.body, Erased):
            self._texts.erased(event.body)
        elif self._foldable and not isinstance(event.body, Apart):
            for discrepancy in index.check(position, event):
                self._foldable = False
                yield discrepancy

    def _head_differs(self, head: Head | None) -> Discrepancy:
        ends = f"the last event is {self.head.size}"
        if head is None:
            said = f"the head of the record is gone; {ends}"
        elif head.size != self.head.size:
            said = f"the head says that the record has {head.size} events, and {ends}"
        else:
            said = f"the head has another hash than event {head.size}, the last"
        return Discrepancy("head-differs", None, said)


class _Beside:
    """The texts in step with the events."""

    def __init__(self, texts: Iterable[PlacedText]) -> None:
        self._texts = iter(texts)
        self._next = next(self._texts, None)

    def of(self, position: int) -> dict[str, StoredText]:
        """Those of the event at `position`, by place."""
        return {place: text for _, place, text in self._until(position + 1)}

    def strays(self, position: int | None) -> Iterator[tuple[int, str]]:
        """Those of positions before `position`, or all that are left, where no event is."""
        for found, place, _ in self._until(position):
            yield found, place

    def _until(self, end: int | None) -> Iterator[PlacedText]:
        while self._next is not None and (end is None or self._next[0] < end):
            text, self._next = self._next, next(self._texts, None)
            yield text
