"""Rules whose label names one team while the routes lead to another's receiver."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic, Related
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import TEAM_ROUTED_ELSEWHERE


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a rule, at its label."""
    for one in subject.rules:
        if one.answer.cause != "another team":
            continue
        value = one.rule.label(subject.team_label)
        receivers = ", ".join(one.answer.receivers)
        related: tuple[Related, ...] = ()
        if subject.config is not None:
            receiver = subject.config.receiver(one.answer.receivers[0])
            if receiver is not None:
                related = (Related(receiver.span, "who is told is set up here"),)
        yield Diagnostic(
            TEAM_ROUTED_ELSEWHERE,
            f"{one.rule.alert}: {one.answer.reason} (told: {receivers})",
            one.rule.span if value is None else value.span,
            hint="change the label, or the route that takes this alert; if the receiver is "
            "that team's after all, say so with --teams",
            related=related,
        )
