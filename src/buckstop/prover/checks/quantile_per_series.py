"""`histogram_quantile` over series that nobody added up first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks.subject import Subject
from buckstop.prover.codes import QUANTILE_PER_SERIES

_PER_SERIES: Final = re.compile(
    r"histogram_quantile\s*\(\s*[\d.]+\s*,\s*(?P<inner>(?:rate|irate|increase)\s*\([^()]*\))"
    r"(?:\s*\)\s*>=?\s*(?P<threshold>[\d.]+(?:[eE][+-]?\d+)?))?"
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One finding a model's rule whose quantile is taken directly of a rate, at its expression.

    Rules of other software may mean each instance by itself.
    """
    for one, _ in subject.watching:
        match = _PER_SERIES.search(one.rule.expr)
        if match is None:
            continue
        threshold = match.group("threshold")
        clamp = ""
        if threshold is not None and "_bucket" in match.group("inner"):
            clamp = (
                f"; the highest bucket before +Inf must end above {threshold}: what lies beyond "
                "it reads as its end"
            )
        yield Diagnostic(
            QUANTILE_PER_SERIES,
            f"{one.rule.alert} takes the quantile of each series (each pod) on its own: one alert "
            "a pod, on as little as one slow request, and none from a pod that is gone",
            one.rule.expr_span,
            hint=f"add up first: `sum by (model, le) ({match.group('inner')})`, and ask for a "
            f"least number of requests beside it{clamp}",
        )
