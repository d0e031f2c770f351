"""Which labels an expression names, and so takes for granted that series have them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import promql_parser

from buckstop.language import ABSENT
from buckstop.promql.domains.algebra import METRIC_NAME
from buckstop.promql.domains.matchers import Matched, matched
from buckstop.promql.domains.recordings import RecordedDomains
from buckstop.promql.domains.selectors import selectable
from buckstop.promql.lexing import tokens
from buckstop.promql.nodes import nodes
from buckstop.promql.outcomes import Expression
from buckstop.promql.parsing import parse

MAX_REMEMBERED: Final = 4_096
"""Expressions of which it is kept what they name."""


@dataclass(frozen=True, slots=True)
class _Mentions:
    """What one expression names.

    Attributes:
        labels: those that it takes for granted.
        selectors: what each of its selectors asks for.
    """

    labels: frozenset[str]
    selectors: tuple[tuple[Matched, ...], ...]


def labels_named(expression: Expression, recorded: RecordedDomains | None = None) -> frozenset[str]:
    """The labels that `expression`, or a rule whose series it reads, names as ones that there are.

    In a matcher that asks for more than their absence, a grouping, ``on``, ``group_left`` or
    ``group_right``, or as a text that a function is given, as ``label_replace``; or in the labels
    of a recording rule. Not those that ``without`` and ``ignoring`` take away.
    """
    found = set(_mentions(expression.text).labels)
    if recorded is not None:
        for name in series_followed(expression, recorded):
            for rule in recorded.rules(name):
                found |= _mentions(rule.expr).labels
                found.update(label for label, value in rule.labels if value != "")
    return frozenset(found)


def series_followed(expression: Expression, recorded: RecordedDomains) -> frozenset[str]:
    """The recorded series that `expression` may read, itself or by way of others of them."""
    found: set[str] = set()
    pending = [expression.text]
    while pending:
        for asked in _mentions(pending.pop()).selectors:
            for name in selectable(asked, recorded):
                if name not in found:
                    found.add(name)
                    pending += (rule.expr for rule in recorded.rules(name))
    return frozenset(found)


@functools.lru_cache(maxsize=MAX_REMEMBERED)
def _mentions(expr: str) -> _Mentions:
    parsed = parse(expr)
    if not isinstance(parsed, Expression) or not parsed.is_exact:
        # Each word may be a label then.
        words = (one.text.strip("\"'`") for one in tokens(expr) if one.kind in {"word", "string"})
        return _Mentions(frozenset(words), ())
    labels: set[str] = set()
    selectors: list[tuple[Matched, ...]] = []

    for node in nodes(parsed.tree):
        labels.update(_labels_of(node))
        if isinstance(node, promql_parser.VectorSelector):
            asked = tuple(matched(node, dot_newline=None))
            selectors.append(asked)
            labels.update(label for label, language in asked if language != ABSENT)
    return _Mentions(frozenset(labels - {METRIC_NAME}), tuple(selectors))


def _labels_of(node: promql_parser.Expr) -> Iterator[str]:
    """The labels that `node`, and no part of it, names."""
    match node:
        case promql_parser.AggregateExpr():
            if node.modifier is not None and node.modifier.type == promql_parser.AggModifierType.By:
                yield from node.modifier.labels
        case promql_parser.BinaryExpr() if node.modifier is not None:
            matching = node.modifier.matching
            if matching is not None and matching.type == promql_parser.LabelModifierType.Include:
                yield from matching.labels
            yield from node.modifier.group_labels or ()
        case promql_parser.StringLiteral():
            # A label that a function or ``count_values`` writes or reads; a text that is none
            # does no harm.
            yield node.val
