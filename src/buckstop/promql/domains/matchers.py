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

    Those that an equality asks for, if no matcher of the label comes after it. It may lose its
    label to one that comes before it as well: the storage puts those that subtract behind the
    others in the very list that is read for the labels, where it has blocks to look into.
    """
    labels: dict[str, Language] = {}
    seen: set[str] = set()
    equalled: set[str] = set()
    for matcher in selector.matchers.matchers:
        name = matcher.name
        if matcher.op == promql_parser.MatchOp.Equal and name not in equalled:
            labels[name] = only(matcher.value, "") if name in seen else only(matcher.value)
            equalled.add(name)
        else:
            labels.pop(name, None)
        seen.add(name)
    labels.pop(METRIC_NAME, None)
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
