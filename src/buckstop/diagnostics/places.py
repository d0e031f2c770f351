"""Findings of several places: taken apart into one a place, and put together of what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from buckstop.diagnostics.model import Diagnostic


def each_place(found: Diagnostic) -> Iterator[Diagnostic]:
    """`found` at each of its places alone; itself where it has one or none."""
    if found.span is None or not found.also:
        yield found
        return
    for span in (found.span, *found.also):
        yield replace(found, span=span, also=(), related=())


def without_places(found: Diagnostic, out: Sequence[bool], said: str) -> Diagnostic | None:
    """`found` without some of its places; None where none is left.

    Args:
        out: of each place in the order of `each_place` whether it is left out.
        said: what is true of those left out: "waived".
    """
    if all(out):
        return None
    if not any(out):
        return found
    assert found.span is not None, "what has several places has one"
    every = (found.span, *found.also)
    first, *others = [span for span, is_out in zip(every, out, strict=True) if not is_out]
    return replace(
        found,
        message=f"{found.message} ({sum(out):,} of {len(out):,} {said})",
        span=first,
        also=tuple(others),
        related=tuple(one for one in found.related if one.span not in every or one.span in others),
    )
