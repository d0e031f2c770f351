"""In shadow the ledger observes and says who would answer; nobody does, and it changes nothing.

A record is kept in shadow from its first event to its last, and says so first of all: nobody can
later take for accountability what was only tried.
"""

from __future__ import annotations

from datetime import datetime

from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.events import Actor, Event, Shadowed
from buckstop.ledger.store import Reader, StoreRefusedError

WHY = "The ledger observes in shadow: it says who would answer, and nobody is asked to."


def is_shadow(reader: Reader) -> bool:
    """Whether the record was begun in shadow. Raises StoreError."""
    return bool(reader.apart(Shadowed().kind, 1))


def check_shadow(reader: Reader, where: str, *, shadow: bool) -> None:
    """Refuse a record of the other kind. Raises StoreRefusedError, StoreError."""
    began = is_shadow(reader)
    if shadow and not began and reader.hashes(0, 1):
        raise StoreRefusedError(
            f"{where} is the record of a ledger that was not in shadow; a shadow's record is one "
            "of its own: name another with --store"
        )
    if began and not shadow:
        raise StoreRefusedError(
            f"{where} was kept in shadow, when nobody was accountable; begin a record of its own "
            "with another --store, or go on with --shadow"
        )


def begin(draft: Draft, now: datetime) -> None:
    """Say so in the record."""
    draft.record(Event(0, now, Actor("system", "ledger"), WHY, None, Shadowed()))
