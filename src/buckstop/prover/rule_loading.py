"""Rules of a file that Prometheus does not load: they never fire, so nobody answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from buckstop.diagnostics import Diagnostic, Level
from buckstop.prover.model import Judgement, Property, RuleAnswer, Verdict


def refusal_of(diagnostics: Iterable[Diagnostic]) -> str | None:
    """Why Prometheus refuses the rule file that `diagnostics` are about; None where it loads."""
    for found in diagnostics:
        if found.level is Level.ERROR:
            where = "" if found.span is None else f" (line {found.span.line})"
            return f"Prometheus does not load this file: {found.message}{where}"
    return None


def unless_refused(answer: RuleAnswer, refusals: Mapping[str, str]) -> RuleAnswer:
    """`answer`, refuted where `refusals` (rule file to reason) has the file it stands in."""
    reason = refusals.get(answer.span.file)
    if reason is None:
        return answer
    judgement = Judgement(Verdict.REFUTED, reason, "cannot deliver")
    return replace(
        answer,
        properties=tuple(
            (of, judgement if of is Property.DELIVERS else judged)
            for of, judged in answer.properties
        ),
        verdict=judgement.verdict,
        reason=judgement.reason,
        cause=judgement.cause,
    )
