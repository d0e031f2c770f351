"""Thresholds that no quantile of a histogram can exceed, since its buckets end before."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.language import ABSENT
from buckstop.language.domains import Domain
from buckstop.language.sets import Finite
from buckstop.prometheus.model import AlertingRule
from buckstop.promql import Expression, QuantileThreshold, parse, quantile_thresholds
from buckstop.promql.domains import domain
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import QUANTILE_BEYOND_BUCKETS
from buckstop.prover.label_environment import bounded

BUCKET_LABEL: Final = "le"
_QUANTILE: Final = "histogram_quantile"


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a rule, where the expression or a label environment says what buckets there are.

    Beyond the highest finite bucket Prometheus gives that bucket's end, whatever is observed.
    """
    for one in subject.rules:
        if _QUANTILE not in one.rule.expr:
            continue
        for asked in _asked(one.rule):
            within = bounded(domain(asked.buckets), subject.environment)
            end = _highest_end(within)
            if end is None or not _is_beyond(asked, end):
                continue
            yield Diagnostic(
                QUANTILE_BEYOND_BUCKETS,
                f"{one.rule.alert} can never fire: its quantile is at most {end:g}, the end of the "
                f"highest finite bucket, and must be {asked.operator} {asked.threshold:g}",
                one.rule.expr_span,
                hint=f"give the histogram a bucket that ends above {asked.threshold:g}, or lower "
                f"the threshold below {end:g}",
            )
            break


def _asked(rule: AlertingRule) -> Iterator[QuantileThreshold]:
    parsed = parse(rule.expr)
    if isinstance(parsed, Expression):
        yield from quantile_thresholds(parsed)


def _is_beyond(asked: QuantileThreshold, end: float) -> bool:
    return end <= asked.threshold if asked.operator == ">" else end < asked.threshold


def _highest_end(buckets: Domain) -> float | None:
    """The end of the highest bucket before +Inf; None where not all ends are known."""
    ends: list[float] = []
    for here in buckets:
        language = here.language(BUCKET_LABEL) - ABSENT
        if not isinstance(language, Finite):
            return None
        for text in language.strings:
            try:
                ends.append(float(text))
            except ValueError:
                # No bucket to Prometheus either.
                continue
    finite = [end for end in ends if math.isfinite(end)]
    return max(finite, default=None)
