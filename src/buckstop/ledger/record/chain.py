"""The chain: each event's hash covers its place, the hash before it, and its body.

Whoever has no Buckstop can check a link with a shell::

    printf 'buckstop-event-v1\\n%s\\n%s\\n%s' POSITION PREVIOUS BODY | sha256sum
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

GENESIS = bytes(32)
"""What stands for the hash before the first event."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the record ends: how many events it has, and the hash of the last."""

    size: int = 0
    hash: bytes = GENESIS


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the record as it is stored.

    Attributes:
        incident, at, kind: what the body says too, kept beside it for look-ups.
        body: the event as canonical JSON in UTF-8, personal texts as commitments.
        previous: the hash of the entry before.
    """

    position: int
    incident: int
    at: str
    kind: str
    body: bytes
    previous: bytes
    hash: bytes


def event_hash(position: int, previous: bytes, body: bytes) -> bytes:
    """The hash of the event at `position` (the first is 1) with this `body`."""
    stem = f"buckstop-event-v1\n{position}\n{previous.hex()}\n"
    return sha256(stem.encode("ascii") + body).digest()
