"""Kinds of model fault that no rule watches, where some rule watches a model."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import Subject, further
from buckstop.prover.codes import SLI_WITHOUT_RULE
from buckstop.prover.model_rules import FAULT_WORDS, faults_watched

EXAMPLES = {
    "quality": "quality (AUC, RMSE)",
    "drift": "drift (KS, PSI)",
    "latency": "latency (p95)",
    "availability": "availability (success ratio)",
}


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a run, at the first model rule; none where every kind is watched."""
    watching = subject.watching
    watched = {fault for _, faults in watching for fault in faults}
    missing = [EXAMPLES[fault] for fault in FAULT_WORDS if fault not in watched]
    if not watching or not missing:
        return
    has = [fault for fault in FAULT_WORDS if fault in watched]
    yield Diagnostic(
        SLI_WITHOUT_RULE,
        f"no rule watches {' or '.join(missing)}; of a model's faults, only "
        f"{' and '.join(has)} {'has' if len(has) == 1 else 'have'} a rule",
        watching[0][0].rule.span,
        hint="a charter's objectives generate these rules with their guards (buckstop init); "
        "kinds are told by the words in names and expressions",
        related=further(
            (one for one, _ in watching[1:]),
            lambda one: f"{one.rule.alert} watches {', '.join(faults_watched(one.rule))}",
        ),
    )
