"""Routes that go on where nothing can follow."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.alertmanager.model import Route
from buckstop.diagnostics import Diagnostic, Span
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import CONTINUE_WITHOUT_EFFECT
from buckstop.prover.placement import placed


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a route, at its `continue`."""
    if subject.config is None:
        return
    for node in placed(subject.config.route):
        if not node.route.continues or any(_both(node.route, other) for other in node.later):
            continue
        entry = node.route.node.entry("continue")
        if entry is not None and _is_unwritten(entry.value.span):
            continue
        why = (
            "no sibling follows it"
            if not node.later
            else "no sibling after it can match the same alert"
        )
        yield Diagnostic(
            CONTINUE_WITHOUT_EFFECT,
            f"`continue: true` does nothing here: {why}",
            node.route.span if entry is None else entry.value.span,
            hint="remove it; finer routes for the same alerts are nested under this one "
            "(`routes:`), or follow it as siblings",
        )


def _is_unwritten(span: Span) -> bool:
    """Whether nobody wrote it: the Prometheus Operator forces it, and nobody can remove it."""
    return (span.line, span.column) == (span.end_line, span.end_column)


def _both(left: Route, right: Route) -> bool:
    """Whether some alert may match both: false only where they ask for different exact values."""
    exact = {m.name: m.value for m in left.matchers if m.operator == "="}
    return all(exact.get(m.name, m.value) == m.value for m in right.matchers if m.operator == "=")
