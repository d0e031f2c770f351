"""Receivers that a teams file names and the routes' file does not have."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.diagnostics.nearest import did_you_mean
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import TEAMS_FILE_RECEIVER_UNKNOWN


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding a receiver, where the teams file names it."""
    if subject.config is None:
        return
    names = [receiver.name for receiver in subject.config.receivers]
    for receiver, holder in subject.ownership.declared.items():
        if holder.place is not None and receiver not in names:
            yield Diagnostic(
                TEAMS_FILE_RECEIVER_UNKNOWN,
                f"{subject.config.file} has no receiver `{receiver}`",
                holder.place,
                hint=did_you_mean(receiver, names) or f"receivers there: {', '.join(names)}",
            )
