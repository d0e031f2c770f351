"""Rules that name no team and reach nobody who answers: one finding, however many there are."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import Subject, counted, further
from buckstop.prover.codes import RULE_WITHOUT_TEAM


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding at the first such rule."""
    found = [one for one in subject.rules if one.answer.cause == "no team label"]
    if not found:
        return
    label = subject.team_label
    if len(found) == 1:
        who = f"{found[0].rule.alert} sets no {label}"
    elif len(found) == len(subject.rules):
        who = f"none of the {counted(len(found), 'rule')} sets {label}"
    else:
        who = f"{len(found)} of {counted(len(subject.rules), 'rule')} set no {label}"
    told = tuple(dict.fromkeys(name for one in found for name in one.answer.receivers))
    whom = f"only {', '.join(told)} is told" if told else "nobody is told"
    yield Diagnostic(
        RULE_WITHOUT_TEAM,
        f"{who}: {whom}, and that is no team's",
        found[0].rule.span,
        hint=f"add `labels: {{{label}: …}}` to the rule; rules that are not yours to edit are "
        "given a team in a charter's `alerts:` (buckstop init)",
        related=further(found[1:], lambda one: f"{one.rule.alert} sets none either"),
    )
