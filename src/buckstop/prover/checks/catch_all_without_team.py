"""The receiver of last resort, where no team is named for it."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import CATCH_ALL_WITHOUT_TEAM


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding at the receiver of an alert without any label that a route asks for."""
    if subject.config is None:
        return
    last = [child for child in subject.config.route.routes if not child.matchers]
    route = next((child for child in last if not child.continues), subject.config.route)
    receiver = route.receiver or subject.config.route.receiver
    if receiver is None or receiver in subject.ownership.declared:
        return
    entry = route.node.entry("receiver")
    example = subject.ownership.teams[0] if subject.ownership.teams else "infra_sre"
    slip = example.upper() if example[:1].isupper() else example.capitalize()
    yield Diagnostic(
        CATCH_ALL_WITHOUT_TEAM,
        f"what no route recognises (say `{subject.team_label}: {slip}`) is caught by {receiver}, "
        "and no team is named that answers there",
        route.span if entry is None else entry.value.span,
        hint=f"name one in a teams file (`accountable: {{{receiver}: TEAM}}`, --teams FILE), "
        "or in a charter's `otherwise` row (buckstop init)",
    )
