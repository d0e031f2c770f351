"""The numbers of an objective: whether they can be read, and whether they make sense."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from buckstop.charter import codes
from buckstop.charter.drafts import Draft, incomplete, misplaced
from buckstop.charter.sli import SliDefinition
from buckstop.charter.units import (
    EXAMPLES,
    UnitError,
    WrittenObjective,
    parse_number,
    parse_objective,
)
from buckstop.diagnostics import Diagnostic, Span


def read_threshold(
    written: Draft, definition: SliDefinition | None
) -> tuple[WrittenObjective | None, tuple[Diagnostic, ...]]:
    """The objective that `written` states, checked against what its SLI can be."""
    text = written.get("objective")
    unit = definition.unit if definition else "any"
    if text is None and "objective" in written.broken:
        return None, ()
    if text is None:
        example = EXAMPLES[unit] if not (definition and definition.budget) else "`99.9%`"
        return None, (incomplete(written, "no objective", f"add `objective:`, like {example}"),)
    span = written.field_span("objective")
    try:
        objective = parse_objective(text, unit)
    except UnitError as error:
        return None, (Diagnostic(codes.OBJECTIVE_INVALID, str(error), span, hint=error.hint),)
    if definition is None and written.may_have("sli"):
        return None, ()  # what the number is cannot be told, so neither which side is good
    if objective.operator is None and not (definition and definition.budget):
        direction = definition.operators[0] if definition else ">="
        return None, (
            Diagnostic(
                codes.OBJECTIVE_INVALID,
                f"`{text}` does not say which side is good",
                span,
                hint=f"write `{direction} {text}`",
            ),
        )
    if definition is None:
        return objective, ()
    if objective.operator is not None and objective.operator not in definition.operators:
        allowed = definition.operators[0]
        return None, (
            Diagnostic(
                codes.OBJECTIVE_DIRECTION,
                f"`{text}` bounds `{definition.name}` ({definition.title}) on the wrong side",
                span,
                hint=f"{definition.why_operators}: write `{allowed} …`",
            ),
        )
    if objective.relative and definition.budget:
        return None, (
            Diagnostic(
                codes.OBJECTIVE_INVALID,
                "an error budget cannot be relative to a baseline",
                span,
                hint="write the share that must succeed: `99.9%`",
            ),
        )
    wrong = tuple(_out_of_range(objective, definition, span))
    return (None if wrong else objective), wrong


def _out_of_range(
    objective: WrittenObjective, definition: SliDefinition, span: Span
) -> Iterator[Diagnostic]:
    if objective.relative:
        return
    bounds = [objective.value] if objective.upper is None else [objective.value, objective.upper]
    low = definition.low
    high = definition.high
    if any((low is not None and one < low) or (high is not None and one > high) for one in bounds):
        between = f"from {low:g} up" if high is None else f"between {low:g} and {high:g}"
        yield Diagnostic(
            codes.OBJECTIVE_OUT_OF_RANGE,
            f"`{definition.name}` is always {between}, and the objective is `{objective.text}`",
            span,
            hint=f"write it like {EXAMPLES[definition.unit]}",
        )
    elif definition.budget and objective.value in {0, 1}:
        yield Diagnostic(
            codes.OBJECTIVE_OUT_OF_RANGE,
            f"`{objective.text}` leaves no error budget"
            if objective.value == 1
            else f"`{objective.text}` promises nothing",
            span,
            hint="a promise that can be kept lies between the two: `99.9%`",
        )


def read_baseline(
    written: Draft, objective: WrittenObjective | None
) -> tuple[Decimal | None, tuple[Diagnostic, ...]]:
    """The baseline that the entry itself gives, or None."""
    text = written.get("baseline")
    if text is None:
        return None, ()
    span = written.field_span("baseline")
    if objective and not objective.relative:
        return None, (
            misplaced(
                written,
                "baseline",
                "a `baseline` is given, and the objective does not use it",
                "write an objective like `<= 1.2 * baseline`, or take the baseline out",
            ),
        )
    try:
        return parse_number(text), ()
    except UnitError as error:
        return None, (Diagnostic(codes.OBJECTIVE_INVALID, str(error), span, hint=error.hint),)
