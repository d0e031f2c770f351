"""A parsed template: what it consists of, and where each part stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from buckstop.gotemplate.literals import Number


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part stands, in code points from the beginning of the template's text.

    Attributes:
        start, end: the part, the end exclusive.
        reported: the place that Go names in a complaint about it.
        source: the part as written.
    """

    start: int
    end: int
    reported: int
    source: str


@dataclass(frozen=True, slots=True)
class Dot:
    """``.``"""

    place: Place


@dataclass(frozen=True, slots=True)
class Nil:
    """``nil``"""

    place: Place


@dataclass(frozen=True, slots=True)
class BoolConstant:
    """``true`` or ``false``"""

    place: Place
    value: bool


@dataclass(frozen=True, slots=True)
class NumberConstant:
    """A number or a quoted character."""

    place: Place
    number: Number


@dataclass(frozen=True, slots=True)
class StringConstant:
    """A quoted string; its value is None where it is no Unicode text."""

    place: Place
    value: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """``.A.B``: of the dot."""

    place: Place
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """``$x`` and, after it, fields."""

    place: Place
    name: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identifier:
    """The name of a function; `is_certain` is False where only some versions have it."""

    place: Place
    name: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """``(pipeline).A.B``"""

    place: Place
    operand: Operand
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """An operand, or a function with its arguments."""

    place: Place
    arguments: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands, each of which gets the last one's value; its value may go into variables.

    Attributes:
        variables: those declared or, where `assigns`, set.
    """

    place: Place
    variables: tuple[str, ...]
    assigns: bool
    commands: tuple[Command, ...]


Operand = (
    Dot
    | Nil
    | BoolConstant
    | NumberConstant
    | StringConstant
    | Field
    | Variable
    | Identifier
    | Chain
    | Pipeline
)


@dataclass(frozen=True, slots=True)
class TextNode:
    """Text outside actions."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """``{{ pipeline }}``"""

    place: Place
    pipeline: Pipeline


@dataclass(frozen=True, slots=True)
class Branch:
    """``if``, ``with`` or ``range``; `otherwise` is None where there is no ``else``."""

    place: Place
    keyword: str
    pipeline: Pipeline
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] | None


@dataclass(frozen=True, slots=True)
class Call:
    """``{{ template "name" pipeline }}``, and what a ``block`` leaves where it stands."""

    place: Place
    name: str
    pipeline: Pipeline | None


@dataclass(frozen=True, slots=True)
class Jump:
    """``break`` or ``continue``"""

    place: Place
    keyword: str


Statement = TextNode | Action | Branch | Call | Jump


@dataclass(frozen=True, slots=True)
class Body:
    """What one name stands for: the text it was parsed from, and its statements."""

    text: str
    statements: tuple[Statement, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it is nothing but white space: such a definition replaces no other."""
        return all(
            isinstance(statement, TextNode) and not statement.text.strip(" \t\r\n\v\f\x85\xa0")
            for statement in self.statements
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no template.

    Attributes:
        message: in the words of Go's parser.
        start, end: what is at fault, in code points of the text.
        line: the line that Go names, from 1.
    """

    message: str
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about which this program does not know enough; the place is in the text."""

    message: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text, parsed.

    Attributes:
        main: its own statements, outside every ``define``.
        definitions: name to what it stands for.
        faults: none if Go's parser takes it; the first is the one that Go names.
        doubts: what only some versions take.
    """

    main: Body
    definitions: Mapping[str, Body]
    faults: tuple[Fault, ...]
    doubts: tuple[Doubt, ...]
