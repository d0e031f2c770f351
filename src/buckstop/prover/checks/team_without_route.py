"""Team labels that no route knows, each name once."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.diagnostics.nearest import nearest
from buckstop.prover.checks.subject import Answered, Subject, counted, further
from buckstop.prover.codes import TEAM_WITHOUT_ROUTE


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a name, at the first rule's label."""
    by_name: dict[str, list[Answered]] = {}
    for one in subject.rules:
        if one.answer.cause == "team without route" and one.answer.team_value is not None:
            by_name.setdefault(one.answer.team_value, []).append(one)
    known = subject.ownership.teams
    for name, rules in by_name.items():
        first = rules[0]
        named = [one.rule.label(subject.team_label) for one in rules]
        places = [
            one.rule.span if value is None else value.span
            for one, value in zip(rules, named, strict=True)
        ]
        told = ", ".join(dict.fromkeys(first.answer.receivers)) or "nobody"
        more = f" ({counted(len(rules), 'rule')})" if len(rules) > 1 else ""
        meant = nearest(name, known)
        hint = (
            f"did you mean `{meant}`?"
            if meant is not None
            else f"add a route for {name}, or name one of: {', '.join(known) or '(no team yet)'}"
        )
        yield Diagnostic(
            TEAM_WITHOUT_ROUTE,
            f"no route knows the team `{name}`{more}: the alert falls to {told}",
            places[0],
            hint=hint,
            related=further(rules[1:], lambda one: f"{one.rule.alert} names it too"),
            also=tuple(places[1:]),
        )
