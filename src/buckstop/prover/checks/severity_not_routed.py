"""Rules of different severities under routes that never look at severity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from buckstop.alertmanager import walk_routes
from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.checks.subject import MAX_RELATED, Subject
from buckstop.prover.codes import SEVERITY_NOT_ROUTED

SEVERITY: Final = "severity"
GRAVITY: Final = ("page", "critical", "high", "error", "major", "warning", "minor", "low", "info")
"""Usual names, the gravest first; others come after them."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a route tree, at its root; the rules are the related places."""
    if subject.config is None:
        return
    root = subject.config.route
    if any(m.name == SEVERITY for route in walk_routes(root) for m in route.matchers):
        return
    seen = {
        value.text: value.span
        for one in reversed(subject.rules)
        if (value := one.rule.label(SEVERITY)) is not None and "{{" not in value.text
    }
    if len(seen) < 2:
        return
    in_order = sorted(seen, key=_gravity)
    entry = subject.config.node.entry("route")
    yield Diagnostic(
        SEVERITY_NOT_ROUTED,
        f"rules carry {', '.join(in_order)} as severity, and no route looks at it: "
        "each team is told of all in the same way",
        root.span if entry is None else entry.key.span,
        hint="nest routes under the team's route: "
        f'`routes: [{{matchers: [{SEVERITY}="{in_order[0]}"], receiver: …}}]`',
        related=tuple(
            Related(seen[name], f"severity {name} here") for name in in_order[:MAX_RELATED]
        ),
    )


def _gravity(severity: str) -> int:
    return GRAVITY.index(severity) if severity in GRAVITY else len(GRAVITY)
