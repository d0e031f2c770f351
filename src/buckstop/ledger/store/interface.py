"""What the ledger needs of a store, whatever its database; one contract suite tests every kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from buckstop.ledger.domain.book import Book, Lease
from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.store.erasure import Erasure, Places


class Reader(Protocol):
    """Reads the record while the writer writes; for any thread. All raise StoreError."""

    def close(self) -> None:
        """End it."""

    def history(self, number: int) -> tuple[Event, ...]:
        """All events of incident `number`, in order; empty where there is none."""

    def resolved(self, limit: int, offset: int = 0) -> tuple[Incident, ...]:
        """The latest resolved incidents that a team answered for, newest first."""

    def apart(self, kind: str, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """Events of a kind that belong to no incident, newest first."""

    def hashes(self, after: int, limit: int) -> list[bytes]:
        """The hashes of the next `limit` events after position `after`."""


class Store(Protocol):
    """The one writer's; for one thread at a time. All but `close` raise StoreError."""

    def close(self) -> None:
        """End it, and let others open it."""

    def reopen(self) -> None:
        """Begin anew after an error."""

    def load(self, now: datetime) -> Book:
        """The book as the record leaves it."""

    def append(
        self, events: Sequence[Event], leases: Iterable[Lease], changed: Collection[Incident]
    ) -> int:
        """Commit all of it or nothing; returns the last position once it is durable."""

    def reader(self) -> Reader:
        """A read-only view for another thread."""


class Eraser(Protocol):
    """Erases personal texts."""

    def close(self) -> None:
        """End it."""

    def erase(self, person: str, erased: Callable[[Places], Event]) -> Erasure:
        """Erase all personal texts that concern `person`, and record that with `erased`'s event.

        Nothing is recorded where nothing is left to erase; what may keep a text's bytes is written
        anew in any case. Raises StoreError; once the reason is gone, do it again.
        """
