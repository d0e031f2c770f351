"""Pieces of a charter between YAML and types: a tree, the value in it, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from buckstop.charter.schema import Entry
from buckstop.diagnostics import Span
from buckstop.document import Mapping, Node, Scalar, Sequence, locate

E_co = TypeVar("E_co", bound=Entry, covariant=True)
Step = str | int


@dataclass(frozen=True, slots=True)
class Piece(Generic[E_co]):
    """A validated entry and the tree that it was read from."""

    entry: E_co
    node: Node

    def span(self, *steps: Step) -> Span:
        """Where the value at `steps` stands, or the nearest thing around it."""
        return value_span(self.node, steps)

    def key_span(self, *steps: Step) -> Span:
        """Where the key at the end of `steps` stands, or the nearest thing around it."""
        return locate(self.node, steps, key=True)


def plain(node: Node) -> object:
    """The value without positions: dict, list, text, or None for an empty scalar."""
    match node:
        case Scalar():
            return None if node.is_null else node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {entry.key.text: plain(entry.value) for entry in node.entries}


def value_span(node: Node, steps: tuple[Step, ...]) -> Span:
    """Where the value at `steps` below `node` stands, or what is nearest to it.

    Of a value that stretches over lines it is the beginning: a finding that underlines forty lines
    shows nothing.
    """
    span = locate(node, steps) if steps else node.span
    if span.line == span.end_line:
        return span
    beginning = locate(node, steps, key=True)
    if beginning.line == beginning.end_line:
        return beginning
    return span._replace(end_line=span.line, end_column=span.column)
