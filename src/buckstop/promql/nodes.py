"""All nodes of an expression's tree."""

from __future__ import annotations

from collections.abc import Iterator

import promql_parser


def nodes(root: promql_parser.Expr) -> Iterator[promql_parser.Expr]:
    """`root` and all below it, each before its parts, these in the order of the text.

    The parser's own walk copies all that is below a node several times, and each of the copies
    again: of a chain of a few hundred operators that takes seconds.
    """
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(_parts(node))


def _parts(node: promql_parser.Expr) -> list[promql_parser.Expr]:
    match node:
        case promql_parser.BinaryExpr():
            return [node.lhs, node.rhs]
        case promql_parser.AggregateExpr():
            param = node.param
            return [node.expr] if param is None else [param, node.expr]
        case promql_parser.Call():
            return list(node.args)
        case promql_parser.MatrixSelector():
            return [node.vector_selector]
        case promql_parser.UnaryExpr() | promql_parser.ParenExpr() | promql_parser.SubqueryExpr():
            return [node.expr]
        case _:
            return []
