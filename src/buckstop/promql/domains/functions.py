"""What functions make of the labels of what they are given."""

from __future__ import annotations

from typing import Final

import promql_parser

from buckstop.language import ABSENT, region
from buckstop.language.domains import Domain
from buckstop.promql.domains.algebra import ANY_SERIES, NO_LABELS, bounded, unnamed
from buckstop.promql.domains.matchers import equalities
from buckstop.promql.domains.replacing import joined, replaced

_SCALARS: Final = frozenset(
    {"scalar", "time", "pi", "start", "end", "range", "step", "max_of", "min_of"}
)

_KEEPING: Final = frozenset(
    """
    abs acos acosh asin asinh atan atanh ceil changes clamp clamp_max clamp_min cos cosh
    days_in_month day_of_month day_of_week day_of_year deg delta deriv double_exponential_smoothing
    exp floor histogram_avg histogram_count histogram_stddev histogram_stdvar histogram_sum hour
    idelta increase irate ln log10 log2 minute month predict_linear rad rate resets round sgn sin
    sinh sort sort_by_label sort_by_label_desc sort_desc sqrt tan tanh timestamp year
    """.split()  # noqa: SIM905 - a table of names
)
"""Functions whose results have the labels of the one vector that they are given."""
_KEEPING_SUFFIX: Final = "_over_time"
"""How the names of others of them end."""

_WRITING: Final = frozenset({"label_join", "label_replace"})
_OF_BUCKETS: Final = frozenset({"histogram_quantile", "histogram_fraction"})
_BUCKET: Final = "le"

Argument = Domain | None
"""The domain of what a function is given; None of a number or a text."""


def called(
    node: promql_parser.Call, arguments: tuple[Argument, ...], *, dot_newline: bool | None
) -> Argument:
    """The domain of `node`, given those of its `arguments`; None where it gives a number."""
    name = node.func.name
    vectors = [argument for argument in arguments if argument is not None]
    if name in _SCALARS:
        return None
    if name == "vector" or not arguments:
        # Without an argument, those of the date are of the present.
        return NO_LABELS
    if name in {"absent", "absent_over_time"}:
        return _absent(node.args[0])
    if len(vectors) != 1:
        return ANY_SERIES
    (operand,) = vectors
    if name in _WRITING:
        texts = _texts(node)
        if texts is None:
            return ANY_SERIES
        if name == "label_join":
            return joined(operand, texts)
        return replaced(operand, texts, dot_newline=dot_newline)
    if name in _KEEPING or name.endswith(_KEEPING_SUFFIX):
        return unnamed(operand)
    if name in _OF_BUCKETS:
        # A native histogram has no buckets as labels: one of this name is its own, and stays.
        return unnamed(
            bounded(here.replaced(_BUCKET, here.language(_BUCKET) | ABSENT) for here in operand)
        )
    return ANY_SERIES


def _absent(argument: promql_parser.Expr) -> Domain:
    """What stands for a series that is missing: the labels that a selector says it had."""
    while isinstance(argument, promql_parser.ParenExpr):
        argument = argument.expr
    if isinstance(argument, promql_parser.MatrixSelector):
        argument = argument.vector_selector
    if not isinstance(argument, promql_parser.VectorSelector):
        return NO_LABELS
    return (region(equalities(argument), ABSENT),)


def _texts(node: promql_parser.Call) -> tuple[str, ...] | None:
    """The arguments behind the first; None where one of them is no literal, as in brackets."""
    texts = node.args[1:]
    is_literal = all(isinstance(text, promql_parser.StringLiteral) for text in texts)
    return tuple(text.val for text in texts) if is_literal else None
