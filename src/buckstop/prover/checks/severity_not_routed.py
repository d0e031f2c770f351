"""Rules of different severities under routes that never look at severity."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import SEVERITY_NOT_ROUTED
from buckstop.prover.team_label import routes_of

SEVERITY = "severity"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a route tree, at its root; the rules are the related places."""
    if subject.config is None:
        return
    root = subject.config.route
    if any(m.name == SEVERITY for route in routes_of(root) for m in route.matchers):
        return
    seen = {
        value.text: value.span
        for one in reversed(subject.rules)
        if (value := one.rule.label(SEVERITY)) is not None and "{{" not in value.text
    }
    if len(seen) < 2:
        return
    in_order = dict(reversed(seen.items()))
    yield Diagnostic(
        SEVERITY_NOT_ROUTED,
        f"rules carry {', '.join(in_order)} as severity, and no route looks at it: "
        "each team is told of all in the same way",
        root.span,
        hint="nest routes under the team's route: "
        f'`routes: [{{matchers: [{SEVERITY}="{next(iter(in_order))}"], receiver: …}}]`',
        related=tuple(
            Related(span, f"severity {name} here") for name, span in list(in_order.items())[:3]
        ),
    )
