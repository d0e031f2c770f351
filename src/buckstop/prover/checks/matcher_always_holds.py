"""Patterns that look as if they chose and match every value."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.language import ABSENT, Language, Undecided, is_empty
from buckstop.prover.arrivals import asked_language
from buckstop.prover.checks.subject import RouteSubject, matcher_text
from buckstop.prover.codes import MATCHER_ALWAYS_HOLDS

_MEANT = frozenset({".*", ".+", "(.*)", "(.+)", "^.*$", "^.+$"})
"""Patterns that nobody writes to choose."""


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a matcher."""
    for one in subject.routes():
        for asked in one.node.conditions:
            if asked.matcher.operator != "=~" or asked.expected in _MEANT:
                continue
            left = ~asked_language(asked)
            if not _is_within(left, ABSENT):
                continue
            whom = "every alert that has the label" if "" in left else "every alert"
            yield Diagnostic(
                MATCHER_ALWAYS_HOLDS,
                f"`{matcher_text(asked.matcher)}` holds for {whom}: no value is left out",
                asked.matcher.span,
                hint="escape what is meant literally (`\\\\.`), list the values that are meant, or "
                "leave the matcher out",
            )


def _is_within(language: Language, outer: Language) -> bool:
    try:
        return is_empty(language - outer)
    except Undecided:
        return False
