"""Alertmanager's notification log as it leaves it on disk: what was sent, and until when it holds.

A file of entries, each behind its length, in the wire format of protocol buffers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENTRY, EXPIRES_AT = 1, 2
GROUP_KEY, RECEIVER, TIMESTAMP = 1, 2, 5
SECONDS, NANOSECONDS = 1, 2
NAME = 1


@dataclass(frozen=True, slots=True)
class Sent:
    """One entry; an entry holds twice the repeat interval."""

    group_key: str
    receiver: str
    repeat_interval_seconds: float


def read(path: Path) -> Iterator[Sent]:
    """The entries of the file at `path`."""
    raw = path.read_bytes()
    position = 0
    while position < len(raw):
        length, position = _varint(raw, position)
        whole = _fields(raw[position : position + length])
        position += length
        entry = _fields(whole[ENTRY])
        holds = _time(whole[EXPIRES_AT]) - _time(entry[TIMESTAMP])
        yield Sent(
            entry[GROUP_KEY].decode(), _fields(entry[RECEIVER])[NAME].decode(), round(holds / 2, 3)
        )


def _time(raw: bytes) -> float:
    numbers = dict(_numbers(raw))
    return numbers.get(SECONDS, 0) + numbers.get(NANOSECONDS, 0) / 1e9


def _fields(raw: bytes) -> dict[int, bytes]:
    """The last value of each field that has a length."""
    return {number: value for number, value in _walk(raw) if isinstance(value, bytes)}


def _numbers(raw: bytes) -> Iterator[tuple[int, int]]:
    return ((number, value) for number, value in _walk(raw) if isinstance(value, int))


def _walk(raw: bytes) -> Iterator[tuple[int, bytes | int]]:
    position = 0
    while position < len(raw):
        tag, position = _varint(raw, position)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            value, position = _varint(raw, position)
            yield number, value
        elif kind == 2:
            length, position = _varint(raw, position)
            yield number, raw[position : position + length]
            position += length
        else:
            position += {1: 8, 5: 4}[kind]


def _varint(raw: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[position]
        value |= (byte & 0x7F) << shift
        position += 1
        shift += 7
        if byte < 0x80:
            return value, position
