"""Alerts that reach the receivers of several teams, each set of teams once."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import Answered, Subject, counted, further
from buckstop.prover.codes import SEVERAL_TEAMS_ANSWER


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a set of teams, at the first rule."""
    by_reason: dict[str, list[Answered]] = {}
    for one in subject.rules:
        if one.answer.cause == "several teams":
            by_reason.setdefault(one.answer.reason, []).append(one)
    for reason, rules in by_reason.items():
        first = rules[0]
        more = f" ({counted(len(rules), 'rule')})" if len(rules) > 1 else ""
        yield Diagnostic(
            SEVERAL_TEAMS_ANSWER,
            f"{first.rule.alert}: {reason}{more}; told: {', '.join(first.answer.receivers)}",
            first.rule.span,
            hint="let one route take the alert (without `continue: true`); a receiver that is "
            "only informed is named so with --teams",
            related=further(rules[1:], lambda one: f"{one.rule.alert} too"),
            also=tuple(one.rule.span for one in rules[1:]),
        )
