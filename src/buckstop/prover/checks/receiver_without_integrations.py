"""Receivers that a route leads to and that tell nobody."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import RECEIVER_WITHOUT_INTEGRATIONS
from buckstop.prover.placement import placed


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a receiver; those declared as needing no answer are left out."""
    if subject.config is None:
        return
    nodes = placed(subject.config.route)
    for receiver in subject.config.receivers:
        declared = subject.ownership.declared.get(receiver.name)
        meant = declared is not None and declared.role == "not accountable"
        leading = [node for node in nodes if node.receiver == receiver.name]
        if receiver.integrations or meant or not leading:
            continue
        yield Diagnostic(
            RECEIVER_WITHOUT_INTEGRATIONS,
            f"{receiver.name} has no integration: what is routed to it tells nobody",
            receiver.span,
            hint="add a way to reach somebody; if these alerts are dropped on purpose, "
            "list the receiver under `not_accountable` in a teams file (--teams)",
            related=(Related(leading[0].route.span, "routed to it from here"),),
        )
