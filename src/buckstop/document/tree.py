"""YAML as a tree in which every value knows where it stands.

Scalars stay text: how ``0755`` or ``yes`` is to be read depends on the field, not on YAML, and the
text that the user wrote is what a diagnostic must show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from buckstop.diagnostics import Span

Style = Literal["plain", "single", "double", "literal", "folded"]

made: Final = tuple.__new__
"""Makes a named tuple without its own constructor, which takes three times as long."""


class Scalar(NamedTuple):
    """A single value: ``Scalar(text, *span)``.

    A tuple, and its place not a value of its own: of a million lines there are as many of these,
    and they are most of the time and the memory that reading takes.

    Attributes:
        text: the value with quotes, escapes and folding resolved.
        file, line, column, end_line, end_column: the fields of `span`.
        style: how it was written; a plain ``null`` differs from a quoted one.
        tag: an explicit tag such as ``!!str``, else None.
    """

    text: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    style: Style = "plain"
    tag: str | None = None

    @property
    def span(self) -> Span:
        """Where it stands."""
        return made(Span, self[1:6])

    @property
    def is_null(self) -> bool:
        """Whether YAML reads it as null: plain and empty, ``~`` or ``null``, and not tagged."""
        return (
            self.text in {"", "~", "null", "Null", "NULL"}
            and self.style == "plain"
            and (self.tag is None or self.tag == "!!null")
        )


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: tuple[Node, ...]
    span: Span


class Entry(NamedTuple):
    """A key and its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order in which they were written; keys are distinct."""

    entries: tuple[Entry, ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None."""
        entry = self.entry(key)
        return None if entry is None else entry.value

    def entry(self, key: str) -> Entry | None:
        """The entry whose key is `key`, or None; its ``key.span`` is where the key stands."""
        for entry in self.entries:
            if entry.key.text == key:
                return entry
        return None

    def __contains__(self, key: object) -> bool:
        return any(entry.key.text == key for entry in self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)


Node = Scalar | Sequence | Mapping
