"""What the ledger needs of a store, whatever its database; one contract suite tests every kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from buckstop.ledger.domain.book import Book, Lease
from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.record.evidence import Recorded
from buckstop.ledger.store.erasure import Erasure, Places


class Reader(Protocol):
    """Reads the record while the writer writes; for any thread. All raise StoreError."""

    def close(self) -> None:
        """End it."""

    def history(self, number: int) -> tuple[Event, ...]:
        """All events of incident `number`, in order; empty where there is none."""

    def resolved(self, limit: int, offset: int = 0) -> tuple[Incident, ...]:
        """The latest resolved incidents that a team answered for, newest first."""

    def opened(
        self, since: datetime, until: datetime, limit: int, offset: int = 0
    ) -> tuple[tuple[Event, ...], ...]:
        """All events of each incident opened at `since` or later and before `until`, in order."""

    def apart(self, kind: str, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """Events of a kind that belong to no incident, newest first."""

    def recorded(self, number: int) -> tuple[Recorded, ...]:
        """What is stored of incident `number`, in order, with the texts beside it."""

    def recorded_between(self, first: int, last: int) -> tuple[Recorded, ...]:
        """What is stored at the positions `first` to `last`, with the texts beside it."""

    def span(self, since: datetime, until: datetime) -> tuple[int | None, int | None]:
        """The first position of an event at `since` or later, the last of one before `until`."""

    def hashes(self, after: int, limit: int) -> list[bytes]:
        """The hashes of the next `limit` events after position `after`."""


@dataclass(frozen=True, slots=True)
class Missed:
    """What other servers have recorded since this one last looked.

    Attributes:
        leases: those of open incidents that were renewed.
    """

    events: Sequence[Event] = ()
    leases: Sequence[Lease] = ()

    def __bool__(self) -> bool:
        return bool(self.events or self.leases)


class Transaction(Protocol):
    """The end of the record, held alone until what is appended is durable."""

    @property
    def missed(self) -> Missed:
        """What is on record and was not read yet; decisions must know it."""

    def append(
        self, events: Sequence[Event], leases: Iterable[Lease], changed: Collection[Incident]
    ) -> int:
        """Append at the record's end, and bring the index up to date; returns the new end."""


class Listening(Protocol):
    """Hears from other servers, in a thread of its own."""

    def close(self) -> None:
        """End it."""


class Store(Protocol):
    """The one writer's; for one thread at a time. All but `close` raise StoreError."""

    def close(self) -> None:
        """End it, and let others open it."""

    def reopen(self) -> None:
        """Begin anew after an error."""

    def load(self, now: datetime) -> Book:
        """The book as the record leaves it; nothing of that is missed any more."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Take the record's end; all or nothing, and durable once the block has ended.

        Raises StoreFullError where there is no space; after any other StoreError `reopen` before
        the next attempt.
        """

    def missed(self) -> Missed:
        """What other servers have recorded since this one last looked, without holding the end."""

    @property
    def position(self) -> int:
        """Up to where this store has read or written the record."""

    @property
    def leads(self) -> bool:
        """Whether this store took the lead; what it then commits, it commits as the leader."""

    def lead(self) -> bool:
        """Be the one server that acts by itself; whether this is so.

        A server that leads does so until it closes or reopens the store, or the database has lost
        it: then no transaction of it succeeds either.
        """

    def listen(self, heard: Callable[[], None]) -> Listening | None:
        """Have `heard` called whenever another server has recorded; None where there is none."""

    def reader(self) -> Reader:
        """A read-only view for another thread."""

    @property
    def eraser(self) -> Eraser | None:
        """Erases over the same connection; None where whoever serves may not."""


class Eraser(Protocol):
    """Erases personal texts."""

    def close(self) -> None:
        """End it."""

    def erase(self, person: str, erased: Callable[[Places], Event]) -> Erasure:
        """Erase all personal texts that concern `person`, and record that with `erased`'s event.

        Nothing is recorded where nothing is left to erase; what may keep a text's bytes is written
        anew in any case. Raises StoreError; once the reason is gone, do it again.
        """
