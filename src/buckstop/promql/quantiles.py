"""Thresholds on quantiles of classic histograms: what an expression asks of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import promql_parser

from buckstop.promql.nodes import nodes
from buckstop.promql.outcomes import Expression

_MIRRORED: Final = {"<": ">", "<=": ">="}
_REWRITING: Final = frozenset({"label_replace", "label_join"})


@dataclass(frozen=True, slots=True)
class QuantileThreshold:
    """A comparison that must hold for the expression to give anything.

    Attributes:
        operator: ``>`` or ``>=``: the quantile is above the threshold.
        buckets: what the quantile is taken of.
    """

    operator: str
    threshold: float
    buckets: Expression


def quantile_thresholds(expression: Expression) -> Iterator[QuantileThreshold]:
    """The comparisons of a `histogram_quantile` with a number that `expression` insists on.

    Those within ``or``, within an aggregation or a function are left out: without them the
    expression may still give something. So are quantiles of series whose labels are rewritten.
    """
    yield from _insisted(expression.tree, expression)


def _insisted(node: promql_parser.Expr, whole: Expression) -> Iterator[QuantileThreshold]:
    match node:
        case promql_parser.ParenExpr():
            yield from _insisted(node.expr, whole)
        case promql_parser.BinaryExpr():
            operator = str(node.op)
            if operator == "and":
                yield from _insisted(node.lhs, whole)
                yield from _insisted(node.rhs, whole)
            elif operator == "unless":
                yield from _insisted(node.lhs, whole)
            elif not (node.modifier and node.modifier.return_bool):
                sides = (node.lhs, node.rhs)
                if operator in _MIRRORED:
                    sides, operator = (node.rhs, node.lhs), _MIRRORED[operator]
                if operator in {">", ">="}:
                    yield from _compared(*sides, operator, whole)


def _compared(
    left: promql_parser.Expr, right: promql_parser.Expr, operator: str, whole: Expression
) -> Iterator[QuantileThreshold]:
    quantile, threshold = _bare(left), _bare(right)
    if (
        isinstance(quantile, promql_parser.Call)
        and isinstance(threshold, promql_parser.NumberLiteral)
        and quantile.func.name == "histogram_quantile"
        and not any(_is_rewriting(node) for node in nodes(quantile.args[1]))
    ):
        buckets = Expression(whole.text, quantile.args[1], is_exact=whole.is_exact)
        yield QuantileThreshold(operator, float(threshold.val), buckets)


def _bare(node: promql_parser.Expr) -> promql_parser.Expr:
    while isinstance(node, promql_parser.ParenExpr):
        node = node.expr
    return node


def _is_rewriting(node: promql_parser.Expr) -> bool:
    return isinstance(node, promql_parser.Call) and node.func.name in _REWRITING
