"""Labels that a rule sets and that are not its to set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import LABEL_RESERVED

LEDGER_LABELS: Final = "buckstop_"
"""How the labels begin by which the ledger marks the copies of a handover."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a label of a rule, at its value."""
    for one in subject.rules:
        for name, value in one.rule.labels:
            if name == "alertname":
                why = f"Prometheus replaces it with the rule's own name, {one.rule.alert}"
                hint = "rename the rule, or call the label something else"
            elif name.startswith(LEDGER_LABELS):
                why = "the ledger marks the copies of a handover with labels of that name"
                hint = f"begin the label with something else than `{LEDGER_LABELS}`"
            else:
                continue
            yield Diagnostic(
                LABEL_RESERVED, f"{one.rule.alert} sets {name}: {why}", value.span, hint=hint
            )
