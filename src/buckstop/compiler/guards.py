"""When a number must not be judged, and that somebody is told so.

Every guard is written ``breach unless <reason not to judge>``, and every such reason is the
expression of an alert of its own (too few samples, stale, missing). So a breach is silent only
while the same team is told why it cannot be judged; and where a companion series does not exist,
as with a user's own metric, its guard is simply not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from buckstop.charter import series
from buckstop.charter.model import Model, Slo
from buckstop.charter.sli import SLIS
from buckstop.compiler.notation import number, parts, selector

KS_COEFFICIENT: Final = 1.949
"""c(α) = sqrt(-ln(α/2)/2) at α = 0.001: two samples of one distribution differ by more than
c·sqrt((n+m)/(n·m)) once in a thousand evaluations (the asymptotic Kolmogorov distribution; Knuth,
The Art of Computer Programming, vol. 2, 3.3.1)."""
MISSED_EVALUATIONS: Final = 3
"""An evaluation is stale when this many of its own intervals have passed without a number."""


@dataclass(frozen=True, slots=True)
class Companions:
    """The series that say how far the value of one SLI can be trusted, as PromQL selectors.

    Attributes:
        samples: rows that the number rests on: labelled ones where it needs labels.
        reference: rows of the reference sample.
        last_success, interval: when a number was last computed, and how often one should be.
    """

    samples: str
    reference: str
    last_success: str
    interval: str


def companions(model: Model, slo: Slo) -> Companions:
    """The conventional companions of `slo`'s value, whatever series the value itself comes from."""
    labels = sli_labels(model, slo)
    rests_on_labels = slo.sli in {"auc", "rmse"}
    return Companions(
        samples=selector(series.SLI_LABELLED if rests_on_labels else series.SLI_SAMPLES, labels),
        reference=selector(series.SLI_REFERENCE_SAMPLES, labels),
        last_success=selector(series.SLI_LAST_SUCCESS, labels),
        interval=selector(series.SLI_INTERVAL, labels),
    )


def sli_labels(model: Model, slo: Slo) -> tuple[tuple[str, str], ...]:
    """The labels of an SLI's conventional series; one's own SLI goes by its objective's name."""
    labels = [(series.MODEL, model.id), (series.SLI, slo.sli or slo.name)]
    if slo.feature is not None:
        labels.append((series.FEATURE, slo.feature))
    return tuple(labels)


def min_samples(slo: Slo) -> int:
    """Below how many samples the SLI is not judged; 0 where no number is known."""
    if slo.min_samples is not None:
        return slo.min_samples
    return 0 if slo.sli is None else SLIS[slo.sli].min_samples


def noise_floor(of: Companions) -> str:
    """What a KS statistic of samples of these sizes reaches by chance once in a thousand times."""
    n, m = f"min({of.samples})", f"min({of.reference})"
    return f"{number(KS_COEFFICIENT)} * sqrt(({n} + {m}) / ({n} * {m}))"


def too_few(slo: Slo, of: Companions) -> str:
    """PromQL: the number of samples, while it is too small for a verdict."""
    few = f"min({of.samples}) < {min_samples(slo)}"
    if slo.sli != "ks":
        return few
    bound = number(slo.objective.value)
    return parts(few, f"or (min({of.samples}) and {noise_floor(of)} > {bound})")


def stale(slo: Slo, of: Companions) -> str:
    """PromQL: the age of the last evaluation in seconds, while it is too old for a verdict.

    The objective's own ``max_age`` decides where it is given. Else three of the evaluation's own
    intervals; else, where it exports none, the SLI's default.
    """
    age = f"time() - min({of.last_success})"
    if slo.max_age_seconds is not None:
        return f"{age} > {number(slo.max_age_seconds)}"
    by_interval = f"{age} > {MISSED_EVALUATIONS} * max({of.interval})"
    default = None if slo.sli is None else SLIS[slo.sli].max_age_seconds
    if default is None:
        return by_interval
    return parts(by_interval, f"or ({age} > {number(default)} unless max({of.interval}))")


def is_conventional(slo: Slo) -> bool:
    """Whether value and companions come from an evaluation that keeps the convention whole."""
    return slo.metric is None and slo.expr is None
