"""Pieces of a charter between YAML and types: a tree, the value in it, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from buckstop.charter.schema import Entry
from buckstop.diagnostics import Span
from buckstop.document import Mapping, Node, Scalar, Sequence, inside, locate

E_co = TypeVar("E_co", bound=Entry, covariant=True)
Step = str | int


@dataclass(frozen=True, slots=True)
class Piece(Generic[E_co]):
    """A validated entry and the tree that it was read from.

    Attributes:
        node: without what stands at `broken`.
        broken: what is there and cannot be read, or is misspelt, by its path as written. It is
            absent from `entry`, and that it is absent is no finding.
    """

    entry: E_co
    node: Node
    broken: frozenset[tuple[Step, ...]] = frozenset()

    def is_broken(self, *steps: Step) -> bool:
        """Whether what stands at `steps` or below, or something around it, cannot be read."""
        return any(
            path[: len(steps)] == steps or steps[: len(path)] == path for path in self.broken
        )

    def span(self, *steps: Step) -> Span:
        """Where the value at `steps` stands, or the nearest thing around it."""
        return value_span(self.node, steps)

    def inside_span(self, key: str, start: int, end: int) -> Span:
        """Where the code points `start` to `end` of the text at `key` stand."""
        node = self.node.get(key) if isinstance(self.node, Mapping) else None
        return inside(node, start, end) if isinstance(node, Scalar) else self.span(key)

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


def without(node: Node, path: tuple[Step, ...]) -> Node:
    """`node` without what stands at `path`; the rest keeps its places in the file."""
    step, below = path[0], path[1:]
    match node:
        case Mapping():
            entries = (
                entry
                if entry.key.text != step
                else entry._replace(value=without(entry.value, below))
                for entry in node.entries
                if below or entry.key.text != step
            )
            return Mapping(tuple(entries), node.span)
        case Sequence():
            items = (
                item if index != step else without(item, below)
                for index, item in enumerate(node.items)
                if below or index != step
            )
            return Sequence(tuple(items), node.span)
        case Scalar():
            return node


def below(node: Node, path: tuple[Step, ...]) -> Node | None:
    """What stands at `path` below `node`, or None."""
    found: Node | None = node
    for step in path:
        if isinstance(found, Mapping) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, Sequence) and isinstance(step, int) and step < len(found.items):
            found = found.items[step]
        else:
            return None
    return found
