"""Matchers of a selector, as languages."""

from __future__ import annotations

import promql_parser

from buckstop.language import EVERYTHING, Language, PatternError, matching, only
from buckstop.promql.domains.algebra import METRIC_NAME

Matched = tuple[str, Language]
"""A label, and the values that a matcher lets it have."""


def may_match(pattern: str, *, dot_newline: bool | None) -> Language:
    """What `pattern` matches, with or without newlines for ``.`` where `dot_newline` is None."""
    try:
        # A dot that matches a newline too only ever adds to what a pattern matches.
        return matching(pattern, dot_newline=dot_newline is not False)
    except PatternError:
        return EVERYTHING


def may_not_match(pattern: str, *, dot_newline: bool | None) -> Language:
    """What `pattern` does not match, in either way where `dot_newline` is None."""
    try:
        return ~matching(pattern, dot_newline=dot_newline is True)
    except PatternError:
        return EVERYTHING


def matched(selector: promql_parser.VectorSelector, *, dot_newline: bool | None) -> list[Matched]:
    """What each matcher of `selector` asks, in their order, the metric name first."""
    named = [] if selector.name is None else [(METRIC_NAME, only(selector.name))]
    return [
        *named,
        *(
            (matcher.name, _language(matcher, dot_newline=dot_newline))
            for matcher in selector.matchers.matchers
        ),
    ]


def equalities(selector: promql_parser.VectorSelector) -> dict[str, Language]:
    """The labels that ``absent()`` gives what `selector` does not find.

    Those that just one equality asks for. Where other matchers ask for such a label as well, it
    may have it or not: those that come after the equality take it away, and in which order they
    are read depends on the storage, which sorts the list itself for its own ends.
    """
    asked: dict[str, list[str | None]] = {}
    for matcher in selector.matchers.matchers:
        is_equality = matcher.op == promql_parser.MatchOp.Equal
        asked.setdefault(matcher.name, []).append(matcher.value if is_equality else None)
    asked.pop(METRIC_NAME, None)
    labels: dict[str, Language] = {}
    for name, values in asked.items():
        equalled = [value for value in values if value is not None]
        if len(equalled) == 1:
            labels[name] = only(*equalled) if len(values) == 1 else only(*equalled, "")
    return labels


def _language(matcher: promql_parser.Matcher, *, dot_newline: bool | None) -> Language:
    match str(matcher.op):
        case "MatchOp.Equal":
            return only(matcher.value)
        case "MatchOp.NotEqual":
            return ~only(matcher.value)
        case "MatchOp.Re":
            return may_match(matcher.value, dot_newline=dot_newline)
        case _:
            return may_not_match(matcher.value, dot_newline=dot_newline)
