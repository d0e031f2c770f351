"""Versions of Alertmanager, as numbers that compare as versions do."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds import Version

NEWEST: Final[Version] = (0, 999)
"""Newer than all: aimed at where the version is not known, so that no field is too new."""


def parse_version(text: str | None) -> Version:
    """``0.25`` or ``0.25.0`` as numbers; the patch level decides nothing and is dropped.

    Raises:
        ValueError: for anything else.
    """
    if text is None:
        return NEWEST
    parts = text.split(".")
    if len(parts) not in {2, 3} or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(f"{text!r} is no version such as 0.28")
    return (int(parts[0]), int(parts[1]))
