"""The domain of an expression: which label sets the series that it gives may have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import promql_parser

from buckstop.language.domains import Domain
from buckstop.promql.domains.aggregations import aggregated
from buckstop.promql.domains.algebra import (
    ANY_LABELS,
    ANY_SERIES,
    METRIC_NAME,
    NO_LABELS,
    bounded,
    removed,
    unnamed,
)
from buckstop.promql.domains.functions import called
from buckstop.promql.domains.matchers import matched
from buckstop.promql.domains.operators import combined
from buckstop.promql.domains.selectors import selected
from buckstop.promql.outcomes import Expression

MAX_DEPTH: Final = 100
"""Operators and brackets within one another that are looked into; what is within is anything."""


def domain(
    expression: Expression,
    recorded: Mapping[str, Domain] | None = None,
    *,
    dot_newline: bool | None = None,
) -> Domain:
    """The label sets, without metric names, of all series that `expression` may give.

    There may be fewer, never others: where a function or a pattern is not known well enough, the
    domain is wider. A number gives an alert without labels of its own.

    Args:
        recorded: the domains of the series that rules record, by name; whatever else is selected
            may have any labels. Series of these names are taken to come from those rules alone.
        dot_newline: whether ``.`` in a pattern matches a newline, as in Prometheus from 3.0; None
            where the version is not known.
    """
    if not expression.is_exact:
        # What it asks of labels is not known.
        return ANY_LABELS
    scope = _Scope({} if recorded is None else recorded, dot_newline)
    found = _domain(expression.tree, scope, MAX_DEPTH)
    return NO_LABELS if found is None else bounded(removed(here, (METRIC_NAME,)) for here in found)


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is the same for all of an expression."""

    recorded: Mapping[str, Domain]
    dot_newline: bool | None


def _domain(node: promql_parser.Expr, scope: _Scope, depth: int) -> Domain | None:
    """The domain of `node`, metric names included; None of a number or a text."""
    if depth == 0:
        # Beside it, or around it, a number would leave no other labels than these.
        return ANY_SERIES
    match node:
        case promql_parser.NumberLiteral() | promql_parser.StringLiteral():
            return None
        case promql_parser.VectorSelector():
            return selected(matched(node, dot_newline=scope.dot_newline), scope.recorded)
        case promql_parser.MatrixSelector():
            return _domain(node.vector_selector, scope, depth - 1)
        case promql_parser.ParenExpr() | promql_parser.SubqueryExpr():
            return _domain(node.expr, scope, depth - 1)
        case promql_parser.UnaryExpr():
            operand = _domain(node.expr, scope, depth - 1)
            return None if operand is None else unnamed(operand)
        case promql_parser.AggregateExpr():
            operand = _domain(node.expr, scope, depth - 1)
            assert operand is not None, "the parser refuses to aggregate a number"
            return aggregated(node, operand)
        case promql_parser.BinaryExpr():
            left = _domain(node.lhs, scope, depth - 1)
            right = _domain(node.rhs, scope, depth - 1)
            if left is not None and right is not None:
                return combined(node, left, right)
            vector = right if left is None else left
            return None if vector is None else unnamed(vector)
        case promql_parser.Call():
            arguments = tuple(_domain(one, scope, depth - 1) for one in node.args)
            return called(node, arguments, dot_newline=scope.dot_newline)
        case _:
            return ANY_SERIES
