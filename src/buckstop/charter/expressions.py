"""Whether an expression of the user's own can be an indicator's value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from buckstop.charter import codes
from buckstop.charter.drafts import Draft
from buckstop.diagnostics import Diagnostic
from buckstop.promql import PromqlError, fill, filters_by_comparison, placeholders, value_type
from buckstop.promql import parse as parse_promql

_TO_VECTOR: Final = {
    "scalar": "leave out the `scalar(…)`, or select a series",
    "string": "name a series",
    "range vector": "take a function of the range, such as `avg_over_time(…)` or `rate(…)`",
}
"""How to mend an expression, by the type of what it gives."""


def expression_wrong(written: Draft, expr: str) -> Iterator[Diagnostic]:
    """What is wrong with the `expr` of the objective `written`."""
    span = written.field_span("expr")
    outcome = parse_promql(expr)
    if isinstance(outcome, PromqlError):
        given = written.fields["expr"]
        yield Diagnostic(
            codes.EXPR_INVALID,
            f"the expression cannot be read: {outcome.message}",
            given.piece.inside_span(given.key, outcome.start, outcome.start + outcome.length),
            hint=outcome.hint,
        )
        return
    try:
        fill(expr, {"model": "", "feature": ""})
    except ValueError as error:
        yield Diagnostic(
            codes.EXPR_INVALID, f"a string of the expression cannot be read: {error}", span
        )
        return
    kind = value_type(outcome)
    if kind != "instant vector":
        yield Diagnostic(
            codes.EXPR_INVALID,
            f"the expression gives a {kind}, and an indicator's value is an instant vector",
            span,
            hint=_TO_VECTOR[kind],
        )
    elif filters_by_comparison(outcome):
        yield Diagnostic(
            codes.EXPR_COMPARES,
            "the expression gives the number only while its comparison holds; otherwise the "
            "number is missing, and that is an alert",
            span,
            hint="let `expr` give the indicator's value, and `objective` the threshold",
        )
    if "feature" in placeholders(expr) and not written.may_have("feature", "each"):
        yield Diagnostic(
            codes.EXPR_INVALID,
            "`$feature` stands for a feature, and the objective is of none",
            span,
            hint="add `each: feature`, or `feature: NAME`",
        )
