"""Every row against its own hash, and against the row before it."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.ledger.record.chain import GENESIS, Entry, event_hash
from buckstop.ledger.record.discrepancy import Discrepancy

FARTHEST_MOVE = 1_000
"""An event that was recorded at most so many places away is known again."""
SEARCHES = 100
"""Of so many events that do not give their hash it is tried where they were recorded."""


class ChainCheck:
    """Takes the rows in order of position."""

    def __init__(self) -> None:
        self._position = 0
        self._hash = GENESIS
        self._shift = 0
        self._searches = 0

    def check(self, entry: Entry) -> Iterator[Discrepancy]:
        """What is wrong with the next row."""
        position = entry.position
        expected = self._position + 1
        if position > expected:
            yield _missing(expected, position - 1)
        if self._is_of(entry, position):
            self._shift = 0
            if position < expected or (position == expected and entry.previous != self._hash):
                yield _unlinked(position)
        else:
            yield from self._explained(entry)
        # Nothing is recorded before place 1; what stands there does not move what follows.
        self._position, self._hash = max(position, 0), entry.hash

    def _explained(self, entry: Entry) -> Iterator[Discrepancy]:
        position = entry.position
        shift = self._recognised(entry)
        if shift is None:
            said = f"event {position} was altered: its content does not give its hash"
            yield Discrepancy("edited", position, said)
        elif shift != self._shift:
            # The rest of a run that was moved together is not said again.
            self._shift = shift
            said = f"event {position} is the one that was recorded as event {position - shift}"
            yield Discrepancy("moved", position, said)
        elif entry.previous != self._hash:
            yield _unlinked(position)

    def _recognised(self, entry: Entry) -> int | None:
        """By how many places it was moved, or None where it was altered."""
        if self._shift and self._is_of(entry, entry.position - self._shift):
            return self._shift
        self._searches += 1
        if self._searches > SEARCHES:
            return None
        for distance in range(1, FARTHEST_MOVE + 1):
            for shift in (distance, -distance):
                if self._is_of(entry, entry.position - shift):
                    return shift
        return None

    @staticmethod
    def _is_of(entry: Entry, position: int) -> bool:
        return event_hash(position, entry.previous, entry.body) == entry.hash


def _missing(first: int, last: int) -> Discrepancy:
    if first == last:
        return Discrepancy("missing", first, f"event {first} is missing")
    return Discrepancy("missing", first, f"events {first} to {last} are missing")


def _unlinked(position: int) -> Discrepancy:
    said = f"event {position} does not follow the event before it"
    return Discrepancy("unlinked", position, said)
