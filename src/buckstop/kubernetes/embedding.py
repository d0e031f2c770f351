"""YAML that stands as text within YAML: its tree, with places of the file that it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.document import MoveSpan, Scalar

_BREAKS: Final = ("\x85", "\u2028", "\u2029")


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A text whose lines are no lines of the file that holds it: quoted, folded or encoded.

    Attributes:
        file: the name that its own places are given with.
        span: where the value stands that holds it.
        key: the key of that value.
        text: the text itself, for excerpts.
    """

    file: str
    span: Span
    key: str
    text: str


def literal_places(scalar: Scalar, lines: list[str]) -> MoveSpan | None:
    """From the places of a literal block's text to those of its file; None if it is no such block.

    Args:
        lines: of the file that the block stands in.
    """
    if scalar.style != "literal" or any(mark in scalar.text for mark in _BREAKS):
        return None
    first = scalar.span.line
    if first >= len(lines):
        # The file ends with the line that opens the block.
        return None
    inner = scalar.text.split("\n")
    indent = None
    for number, line in enumerate(inner):
        if first + number >= len(lines):
            if line:
                return None
            break
        outer = lines[first + number]
        if indent is None and line:
            indent = len(outer) - len(line)
        if line and (indent is None or indent < 0 or outer[indent:] != line):
            return None
    shift = indent or 0
    file = scalar.span.file

    def place(line: int, column: int) -> tuple[int, int]:
        # What ends after the block's last line break ends where the next line begins.
        outer = min(first + line, len(lines))
        return outer, min(column + shift, len(lines[outer - 1]) + 1)

    def move(span: Span) -> Span:
        return Span(file, *place(span.line, span.column), *place(span.end_line, span.end_column))

    return move


def enclosed(found: Diagnostic, enclosures: Mapping[str, Enclosure]) -> Diagnostic:
    """`found` at a place that the user's file has; the place within the value goes into words."""
    span = found.span
    if span is None or (span.file not in enclosures and not found.related):
        return found
    related = tuple(
        Related(enclosures[one.span.file].span, f"{one.message} ({_within(one.span, enclosures)})")
        if one.span.file in enclosures
        else one
        for one in found.related
    )
    if span.file not in enclosures:
        return replace(found, related=related)
    return replace(
        found,
        message=f"{found.message} ({_within(span, enclosures)})",
        span=enclosures[span.file].span,
        related=related,
    )


def _within(span: Span, enclosures: Mapping[str, Enclosure]) -> str:
    return f"line {span.line} of '{enclosures[span.file].key}'"
