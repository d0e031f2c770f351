"""A text with its lines, so that places of a tree become places in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from buckstop.diagnostics import Span
from buckstop.diagnostics.source import line_starts
from buckstop.document import Entry, Mapping
from buckstop.mends.model import Edit

_LINE_END = re.compile(r"\r\n|\n|\r|\Z")
_COMMA_AFTER = re.compile(r"[ \t]*,[ \t]*")
_COMMA_BEFORE = re.compile(r",[ \t]*\Z")


class Source:
    """A text without a byte order mark, which its reader drops too."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = line_starts(text)
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def start(self, span: Span) -> int:
        """Where `span` begins."""
        return self._starts[span.line - 1] + span.column - 1

    def end(self, span: Span) -> int:
        """Where `span` ends, exclusive."""
        return self._starts[span.end_line - 1] + span.end_column - 1

    def slice(self, span: Span) -> str:
        """What stands at `span`."""
        return self.text[self.start(span) : self.end(span)]

    def line_start(self, index: int) -> int:
        """Where the line of `index` begins."""
        return max(self.text.rfind("\n", 0, index), self.text.rfind("\r", 0, index)) + 1

    def line_end(self, index: int) -> int:
        """Where the line of `index` ends, its line break not included."""
        found = _LINE_END.search(self.text, index)
        assert found is not None, "a text ends"
        return found.start()

    def without_lines(self, start: int, end: int) -> Edit | None:
        """The removal of the whole lines of a stretch; None where they hold something else."""
        first, last = self.line_start(start), self.line_end(end)
        if self.text[first:start].strip() or self.text[end:last].strip():
            return None
        found = _LINE_END.match(self.text, last)
        return Edit(first, last if found is None else found.end(), "")

    def without_flow_entry(self, start: int, end: int) -> Edit | None:
        """The removal of an entry between braces, with one of the commas beside it."""
        after = _COMMA_AFTER.match(self.text, end)
        if after is not None:
            return Edit(start, after.end(), "")
        before = self.text[:start].rstrip()
        if before.endswith("{") and self.text[end:].lstrip().startswith("}"):
            return Edit(start, end, "")
        comma = _COMMA_BEFORE.search(before)
        return None if comma is None else Edit(comma.start(), end, "")

    def without_entry(self, holder: Mapping, entry: Entry) -> Edit | None:
        """The removal of `entry` from `holder`; None where something else stands on its lines."""
        start, end = self.start(entry.key.span), self.end(entry.value.span)
        is_flow = self.text[self.start(holder.span)] == "{"
        return self.without_flow_entry(start, end) if is_flow else self.without_lines(start, end)


def do_overlap(edits: Iterable[Edit]) -> bool:
    """Whether two of `edits` change the same stretch in two ways."""
    return any(after.start < before.end for before, after in pairwise(in_order(edits)))


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """`edits` in the order of the text, each once.

    What an alias repeats is found where it stands, once for each place that has it.
    """
    return sorted(set(edits), key=lambda one: (one.start, one.end, one.text))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """`text` with `edits`, which do not overlap unless they are the same."""
    written: list[str] = []
    position = 0
    for edit in in_order(edits):
        assert position <= edit.start, "edits do not overlap"
        written += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*written, text[position:]])
