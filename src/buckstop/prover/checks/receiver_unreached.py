"""Receivers that no route names."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.alertmanager import walk_routes
from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import RECEIVER_UNREACHED


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a receiver, at its name."""
    if subject.config is None:
        return
    named = {route.receiver for route in walk_routes(subject.config.route)}
    for receiver in subject.config.receivers:
        if receiver.name not in named:
            yield Diagnostic(
                RECEIVER_UNREACHED,
                f"no route leads to {receiver.name}",
                receiver.span,
                hint="add a route that leads to it, or remove it",
            )
