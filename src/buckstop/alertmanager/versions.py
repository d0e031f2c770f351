"""Versions of Alertmanager, as numbers that compare as versions do."""

from __future__ import annotations

from typing import Final

from buckstop.document.versions import Version, major_minor

NEWEST: Final[Version] = (0, 999)
"""Newer than all: aimed at where the version is not known, so that no field is too new."""
OLDEST: Final[Version] = (0, 25)
"""The oldest that is supported; from it on, PagerDuty's keys can be files."""
NEWEST_KNOWN: Final[Version] = (0, 34)
"""The newest that the tables say anything of; a later one is taken to be as this one."""


def parse_version(text: str | None) -> Version:
    """``0.25`` or ``0.25.0`` as numbers, the patch level dropped; `NEWEST` for None.

    Raises:
        ValueError: for anything else.
    """
    return NEWEST if text is None else major_minor(text)
