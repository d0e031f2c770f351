"""Labels that a rule sets and that are not its to set."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.alertmanager.copies import RESERVED_PREFIX
from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import LABEL_RESERVED


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a label of a rule, at its value."""
    for one in subject.rules:
        for name, value in one.rule.labels:
            if name == "alertname":
                why = f"Prometheus replaces it with the rule's own name, {one.rule.alert}"
                hint = "rename the rule, or call the label something else"
            elif name.startswith(RESERVED_PREFIX):
                why = "the ledger marks the copies of a handover with labels of that name"
                hint = f"begin the label with something else than `{RESERVED_PREFIX}`"
            else:
                continue
            yield Diagnostic(
                LABEL_RESERVED, f"{one.rule.alert} sets {name}: {why}", value.span, hint=hint
            )
