"""How much of what is posted may lie in memory at once: of all senders, and of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ROOM_BYTES = 128 * 1024 * 1024
"""Of bodies that are being received or recorded, of all senders together."""
ROOM_OF_SENDER_BYTES = 64 * 1024 * 1024
"""The same of one sender, so that one alone cannot keep out the others."""


class NoRoomError(Exception):
    """Too much lies in memory already; the sender shall try again."""


@dataclass
class Room:
    """What is left for bodies."""

    bytes: int = ROOM_BYTES
    of_sender_bytes: int = ROOM_OF_SENDER_BYTES
    _taken: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def place(self, sender: str) -> Iterator[Place]:
        """Room for one body of `sender`, given back at the end."""
        place = Place(self, sender)
        try:
            yield place
        finally:
            self._taken[sender] -= place.bytes
            if not self._taken[sender]:
                del self._taken[sender]

    def take(self, sender: str, count: int) -> None:
        """Let `sender` have `count` more bytes. Raises NoRoomError."""
        if (
            self._taken.total() + count > self.bytes
            or self._taken[sender] + count > self.of_sender_bytes
        ):
            raise NoRoomError("too many large requests at once; send again")
        self._taken[sender] += count


@dataclass
class Place:
    """One body's room, which grows as the body arrives."""

    room: Room
    sender: str
    bytes: int = 0

    def grow(self, count: int) -> None:
        """Hold `count` more bytes. Raises NoRoomError."""
        self.room.take(self.sender, count)
        self.bytes += count
