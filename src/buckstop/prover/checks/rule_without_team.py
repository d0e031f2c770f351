"""Rules that name no team and reach nobody who answers: one finding, however many there are.

Without routes nobody is reached at all, so there every rule that names no team is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import Answered, Subject, counted, further
from buckstop.prover.codes import RULE_WITHOUT_TEAM


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding at the first such rule."""
    found = [one for one in subject.rules if _ownerless(subject, one)]
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
    whom = f": only {', '.join(told)} is told, and that is no team's" if told else ""
    yield Diagnostic(
        RULE_WITHOUT_TEAM,
        f"{who}{whom}",
        found[0].rule.span,
        hint=f"add `labels: {{{label}: …}}` to the rule; rules that are not yours to edit are "
        "given a team in a charter's `alerts:` (buckstop init)",
        related=further(found[1:], lambda one: f"{one.rule.alert} sets none either"),
        also=tuple(one.rule.span for one in found[1:]),
    )


def _ownerless(subject: Subject, one: Answered) -> bool:
    if one.answer.cause == "no routes":
        return subject.team_label not in dict(one.rule.labels) and one.answer.team_value is None
    return one.answer.cause == "no team label"
