"""What one file may hold, so that reading it takes bounded time and memory."""

from __future__ import annotations

from typing import Final

from buckstop.diagnostics import Diagnostic, Span
from buckstop.document.codes import YAML_LIMIT

MAX_DEPTH: Final = 128
"""Lists and mappings within one another, after aliases are followed; some 60 nested routes."""
MAX_NODES: Final = 4_000_000
"""Values in one file, after aliases are followed; 1,800,000 lines of rules hold about as many.

This and the size of a file bound the memory of a tree: some 210 bytes a value beside its text.
"""
MAX_ALIASED_NODES: Final = 200_000
"""Values that stand in the tree through aliases only. This is what an alias bomb runs into."""


class LimitReachedError(Exception):
    """The rest of the file is not read. `diagnostic` says which limit it was, and where."""

    def __init__(self, message: str, span: Span, hint: str) -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(YAML_LIMIT, message, span, hint)


def too_deep(span: Span) -> LimitReachedError:
    """More than `MAX_DEPTH`."""
    return LimitReachedError(
        f"lists and mappings are nested more than {MAX_DEPTH} deep",
        span,
        "nothing that the servers read is nested so deep; check brackets and indentation",
    )


def too_many(most: int, span: Span) -> LimitReachedError:
    """More than `most` values."""
    return LimitReachedError(
        f"the file holds more than {most:,} values", span, "split it into several files"
    )


def too_often_aliased(span: Span) -> LimitReachedError:
    """More than `MAX_ALIASED_NODES`."""
    return LimitReachedError(
        f"aliases repeat more than {MAX_ALIASED_NODES:,} values",
        span,
        "write fewer aliases of aliases",
    )
