"""What a mend is: edits of a text, and what it could not do."""

from __future__ import annotations

from dataclasses import dataclass, field

from buckstop.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a text, in code points from 0, the end exclusive, and what stands there then."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class SecretFile:
    """A secret that moves into a file of its own.

    Attributes:
        path: of the file, as the configuration names it.
        secret: its whole content; never shown.
    """

    path: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mend:
    """One change that keeps the meaning of a file.

    Attributes:
        title: what it does, for people: "`match` becomes `matchers`".
        span: the place that it mends.
        secret: the file that must be there for it, or None.
    """

    title: str
    span: Span
    edits: tuple[Edit, ...]
    secret: SecretFile | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is left for its owner to mend, and why."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class View:
    """A text before and after its mends, as a diff is to show it.

    Attributes:
        file: its name for people.
    """

    file: str
    old: str
    new: str
