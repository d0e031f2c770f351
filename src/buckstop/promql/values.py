"""What an expression gives: the type of its value, and whether it drops what it compares."""

from __future__ import annotations

from typing import Final, Literal

import promql_parser

from buckstop.promql.outcomes import Expression

ValueType = Literal["instant vector", "range vector", "scalar", "string"]

RETURNED: Final[dict[str, ValueType]] = {
    "Scalar": "scalar",
    "String": "string",
    "Matrix": "range vector",
    "Vector": "instant vector",
}
"""promql-parser's names of types, as Prometheus says them."""

_COMPARISONS: Final = frozenset({"==", "!=", ">", "<", ">=", "<="})


def value_type(expression: Expression) -> ValueType:
    """The type of the value of `expression`."""
    pending = [expression.tree]
    while pending:
        node = pending.pop()
        kind: ValueType = "instant vector"
        match node:
            case promql_parser.BinaryExpr():
                # A vector, unless both sides are scalars.
                pending += [node.lhs, node.rhs]
                continue
            case promql_parser.ParenExpr() | promql_parser.UnaryExpr():
                pending.append(node.expr)
                continue
            case promql_parser.NumberLiteral():
                kind = "scalar"
            case promql_parser.StringLiteral():
                kind = "string"
            case promql_parser.MatrixSelector() | promql_parser.SubqueryExpr():
                kind = "range vector"
            case promql_parser.Call():
                kind = RETURNED[str(node.func.return_type).removeprefix("ValueType.")]
        if kind != "scalar":
            return kind
    return "scalar"


def filters_by_comparison(expression: Expression) -> bool:
    """Whether the outermost operation is a comparison without ``bool``, as ``foo > 3``."""
    node = expression.tree
    while isinstance(node, promql_parser.ParenExpr):
        node = node.expr
    return (
        isinstance(node, promql_parser.BinaryExpr)
        and str(node.op) in _COMPARISONS
        and not (node.modifier and node.modifier.return_bool)
    )
