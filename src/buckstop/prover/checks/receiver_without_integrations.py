"""Receivers that a route leads to and that tell nobody."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import RECEIVER_WITHOUT_INTEGRATIONS
from buckstop.prover.placement import Placed, placed


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a receiver; those declared as needing no answer are left out."""
    if subject.config is None:
        return
    leading: dict[str, Placed] = {}
    for node in placed(subject.config.route):
        leading.setdefault(node.receiver, node)
    for receiver in subject.config.receivers:
        declared = subject.ownership.declared.get(receiver.name)
        meant = declared is not None and declared.role == "not accountable"
        first = leading.get(receiver.name)
        if receiver.integrations or meant or first is None:
            continue
        yield Diagnostic(
            RECEIVER_WITHOUT_INTEGRATIONS,
            f"{receiver.name} has no integration: what is routed to it tells nobody",
            receiver.span,
            hint="add a way to reach somebody; if these alerts are dropped on purpose, "
            "list the receiver under `not_accountable` in a teams file (--teams)",
            related=(Related(first.route.span, "routed to it from here"),),
        )
