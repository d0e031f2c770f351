"""What is known of each route: how many rules' alerts it tells of, and what is wrong there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from buckstop.alertmanager import Router
from buckstop.alertmanager.model import Route
from buckstop.cli.route_tree import Mark
from buckstop.diagnostics import Diagnostic, Span
from buckstop.prover.checks import Answered

Path = tuple[int, ...]


def route_marks(
    router: Router, rules: Iterable[Answered], findings: Iterable[Diagnostic]
) -> Mapping[Path, Mark]:
    """The path of every route to what is known of it; a finding stands at the innermost route."""
    told: Counter[Path] = Counter()
    for one in rules:
        told.update({match.path for part in one.parts for match in part.way.matches})
    root = router.root.match.route
    placed: dict[Path, list[Diagnostic]] = {}
    for found in findings:
        if found.span is not None and _is_inside(found.span, root):
            placed.setdefault(_innermost(root, found.span), []).append(found)
    return {
        match.path: Mark(told[match.path], tuple(placed.get(match.path, ())))
        for match in router.every()
    }


def _innermost(route: Route, span: Span) -> Path:
    for index, child in enumerate(route.routes):
        if _is_inside(span, child):
            return (index, *_innermost(child, span))
    return ()


def _is_inside(span: Span, route: Route) -> bool:
    whole = route.node.span
    return whole.file == span.file and (
        (whole.line, whole.column)
        <= (span.line, span.column)
        <= (span.end_line, span.end_column)
        <= (whole.end_line, whole.end_column)
    )
