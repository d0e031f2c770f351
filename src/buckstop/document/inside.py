"""A stretch of a value's text, as a stretch of the file that it was written in."""

from __future__ import annotations

from buckstop.diagnostics import Span
from buckstop.document.tree import Scalar


def inside(scalar: Scalar, start: int, end: int) -> Span:
    """Where the code points `start` to `end` of ``scalar.text`` stand.

    Exact for what stands on one line without escapes. In a ``|`` block the line is exact, and its
    beginning stands for the column, which the indentation shifts. Elsewhere it is the whole value.
    """
    span = scalar.span
    if scalar.style == "literal":
        line = span.line + 1 + scalar.text.count("\n", 0, start)
        return Span(span.file, line, 1, line, 1)
    quote = 0 if scalar.style == "plain" else 1
    is_as_written = (
        scalar.style != "folded"
        and span.line == span.end_line
        and span.end_column - span.column == len(scalar.text) + 2 * quote
    )
    if not is_as_written:
        return span
    first = span.column + quote
    return Span(span.file, span.line, first + start, span.line, first + max(start, end))
