"""Erasing a person from the record: who did, and why, is itself recorded."""

from __future__ import annotations

from datetime import datetime

from buckstop.ledger.domain.acting import WHY_CHARACTERS
from buckstop.ledger.domain.events import Actor, Erased, Event
from buckstop.ledger.store import Eraser, Erasure


class ErasureRefusedError(Exception):
    """Nothing is erased; the message says why."""


def erase(store: Eraser, person: str, by: str, why: str, now: datetime) -> Erasure:
    """Erase the texts that concern `person`, in the name of `by`.

    Raises:
        ErasureRefusedError: there is no reason, it is too long, or it names the person, whom the
            record would then name again; or they would erase themselves.
        StoreError: see `Eraser.erase`.
    """
    why = why.strip()
    if not person or not by or not why:
        raise ErasureRefusedError("an erasure needs a person, a reason, and who asks for it")
    if person.casefold() == by.casefold():
        raise ErasureRefusedError(
            "the record names who erases, so somebody else must erase this person"
        )
    if len(why) > WHY_CHARACTERS:
        raise ErasureRefusedError(
            f"the reason has {len(why)} characters; {WHY_CHARACTERS} are the most"
        )
    if person.casefold() in why.casefold():
        raise ErasureRefusedError("the reason names the person, and stays on record: leave it out")
    return store.erase(
        person,
        lambda places: Event(0, now, Actor("person", by), why, None, Erased(dict(places))),
    )
