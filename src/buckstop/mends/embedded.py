"""Edits of a text that stands within a value of a Kubernetes object, as edits of its file."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from buckstop.diagnostics import Diagnostic, Span
from buckstop.diagnostics.source import line_starts, source_lines
from buckstop.document import MoveSpan
from buckstop.document.text import place
from buckstop.kubernetes.contents import Content, Value
from buckstop.kubernetes.embedding import enclosed, literal_places
from buckstop.mends.model import Edit, Kept
from buckstop.mends.source import Source, apply


class NotInPlaceError(Exception):
    """A value cannot be edited where it stands; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Holding:
    """A file of Kubernetes objects, and the text that one of its values is.

    Attributes:
        move: from places of the text to those of the file, or None where its lines are none of
            the file's.
    """

    source: Source
    content: Content
    move: MoveSpan | None

    @classmethod
    def of(cls, source: Source, content: Content) -> Holding:
        """How `content` stands in the file `source`."""
        value = content.value
        lines = source_lines(source.text)
        return cls(
            source, content, None if value.is_encoded else literal_places(value.scalar, lines)
        )

    def kept(self, kept: Kept) -> Kept:
        """`kept` of the text at a place of the file."""
        if self.move is not None:
            return Kept(self.move(kept.span), kept.reason)
        where = f"line {kept.span.line} of '{self.content.value.key}'"
        return Kept(self.content.value.scalar.span, f"{where}: {kept.reason}")

    def placed(self, found: Diagnostic) -> Diagnostic:
        """`found` of the text at a place of the file."""
        enclosure = self.content.enclosure
        return found if enclosure is None else enclosed(found, {enclosure.file: enclosure})

    def edits(self, edits: Iterable[Edit]) -> tuple[Edit, ...]:
        """`edits` of the text as edits of the file.

        Raises:
            NotInPlaceError: the value is written otherwise than as a block of lines or base64.
        """
        value = self.content.value
        assert value.text is not None, "only what could be read is mended"
        if self.move is not None:
            starts = line_starts(value.text)
            return tuple(self._in_block(one, self.move, starts) for one in edits)
        if value.is_encoded:
            return (_encoded(self.source, value, apply(value.text, edits)),)
        raise NotInPlaceError("the value is quoted or folded; write it as a block, after `|`")

    def _in_block(self, edit: Edit, move: MoveSpan, starts: list[int]) -> Edit:
        (line, column), (end_line, end_column) = place(starts, edit.start), place(starts, edit.end)
        moved = move(Span("", line, column, end_line, end_column))
        start, end = self.source.start(moved), self.source.end(moved)
        if column == end_column == 1 and line < end_line and not edit.text:
            # Whole lines go with their indentation: what follows may not be of the block.
            return Edit(self.source.line_start(start), self.source.line_start(end), "")
        margin = " " * (moved.column - column)
        return Edit(start, end, edit.text.replace("\n", self.source.newline + margin))


def _encoded(source: Source, value: Value, text: str) -> Edit:
    """`value` with another text behind its base64, its quotes kept."""
    span, written = value.scalar.span, value.scalar.text
    assert value.text is not None, "only what could be read is mended"
    if base64.b64encode(value.text.encode()).decode() != written.strip():
        raise NotInPlaceError(
            "the value is compressed, or spread over lines; mend what it is made from"
        )
    there = source.slice(span)
    if there.count(written) != 1:
        raise NotInPlaceError("the base64 is not written on one line")
    new = base64.b64encode(text.encode()).decode()
    return Edit(source.start(span), source.end(span), there.replace(written, new))
