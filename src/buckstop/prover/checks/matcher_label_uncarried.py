"""Matchers on labels that no rule's alerts have."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.alertmanager.copies import RESERVED_PREFIX
from buckstop.diagnostics import Diagnostic
from buckstop.diagnostics.nearest import nearest
from buckstop.language import ABSENT
from buckstop.prover.checks.carried_labels import carried
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import MATCHER_LABEL_UNCARRIED


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a label, at the first matcher that an alert without it does not satisfy."""
    said: set[str] = {subject.team_label}
    values = carried(subject)
    names = dict.fromkeys(name for one in subject.rules for name, _ in one.rule.labels)
    for one in subject.routes():
        for asked in one.node.conditions:
            name = asked.matcher.name
            if name.startswith(RESERVED_PREFIX):
                # The ledger's copies carry it, which no rule sends.
                continue
            if name in said or values.get(name) != ABSENT or asked.holds(""):
                continue
            said.add(name)
            meant = nearest(name, names)
            yield Diagnostic(
                MATCHER_LABEL_UNCARRIED,
                f"no alert of the rules given has a label {name}: this route takes none of them",
                asked.matcher.span,
                hint=f"did you mean `{meant}`?"
                if meant is not None
                else f"let the rules set {name}, or ask for a label that they have",
            )
