"""The page of all fields of ``alertmanager.yml``, from the tables that the reader goes by."""

from __future__ import annotations

from typing import Final

from declared_fields import declared_sections
from field_tables import field_page

from buckstop.alertmanager.kinds import FILE
from buckstop.document.versions import Version

OLDEST: Final[Version] = (0, 25)

INTRO: Final = (
    "Every section and field that `buckstop` reads, from the tables that it goes by. *Since* is",
    "the first version that knows a field, *until* the first that knows it only in the shape of",
    "the next row; empty means: all from 0.25 on. No field has been removed up to 0.34.",
    "",
    "Debian's 0.25, 0.28 and 0.33 are asked by the tests: each field, with values of every kind.",
    "What came between them, and 0.34, is taken from Alertmanager's release notes and sources, and",
    "so are Jira in 0.28 and Kafka in 0.33: Debian builds without them.",
    "",
    "`--target alertmanager=0.28` judges a file for that version. Without a target, whatever some",
    "version takes is taken.",
)


def alertmanager_fields_page() -> str:
    """The page as Markdown."""
    return field_page("Fields of alertmanager.yml", INTRO, declared_sections(FILE, OLDEST))
