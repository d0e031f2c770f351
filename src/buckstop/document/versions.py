"""Versions of the servers that a file is for, as numbers that compare as versions do."""

from __future__ import annotations

from typing import Final

Version = tuple[int, ...]
"""Major and minor number. ``(0,)`` is older than all."""

_MAX_DIGITS: Final = 9


def major_minor(text: str) -> tuple[int, int]:
    """``0.25`` or ``0.25.0`` as numbers; the patch level decides nothing and is dropped.

    Raises:
        ValueError: for anything else.
    """
    parts = text.split(".")
    if len(parts) not in {2, 3} or not all(
        part.isascii() and part.isdigit() and len(part) <= _MAX_DIGITS for part in parts
    ):
        raise ValueError(f"{text[:40]!r} is no version such as 0.28 or 3.5")
    return (int(parts[0]), int(parts[1]))
