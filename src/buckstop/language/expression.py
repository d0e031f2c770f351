"""Regular expressions as trees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from buckstop.language.characters import Characters

Position = Literal[
    "text_start", "text_end", "line_start", "line_end", "word_boundary", "no_word_boundary"
]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One character of a set."""

    characters: Characters


@dataclass(frozen=True, slots=True)
class At:
    """Nothing, at a certain position."""

    position: Position


@dataclass(frozen=True, slots=True)
class Chain:
    """All `parts`, one after another; none of them: the empty text."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of `options`."""

    options: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """`part`, at least `least` and at most `most` times; None: without end."""

    part: Expression
    least: int
    most: int | None


Expression = OneOf | At | Chain | Choice | Repeated

EMPTY = Chain(())
