"""What can be said about a user's input: where it stands, what is wrong, why it matters.

A user's mistake is a `Diagnostic`, a value; a programmer's mistake is an assertion. The two never
mix.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """How much a finding weighs. Only an error makes a command exit with 1."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Span(NamedTuple):
    """A stretch of a file: lines and columns from 1, columns in code points, the end exclusive.

    An empty stretch (start equal to end) marks a place rather than text. A tuple, because one is
    made for every value of a file, and a frozen dataclass takes six times as long to make.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding. Its name is stable, kebab-case, and the name of its docs page.

    Attributes:
        name: for example ``slack-url-missing``; the page is ``docs/diagnostics/<name>.md``.
        level: the level of every finding of this kind.
        title: one line for lists of codes.
        why: why it matters for accountability; shown with every finding.
    """

    name: str
    level: Level
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that a finding speaks of ("the other row is here")."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    Attributes:
        code: the kind.
        message: what is wrong, in the user's own words and values.
        span: where; None only for what stands in no file (a missing file, a server).
        hint: how to mend it; shown after ``help:``.
        related: other places that belong to the finding.
        also: further places of which the same is true, however few of them `related` shows.
    """

    code: Code
    message: str
    span: Span | None = None
    hint: str | None = None
    related: tuple[Related, ...] = ()
    also: tuple[Span, ...] = ()

    @property
    def level(self) -> Level:
        return self.code.level
