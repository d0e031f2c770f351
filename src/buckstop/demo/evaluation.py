"""What an evaluation says of one window of predictions: AUC with delayed labels, KS per feature.

Pure functions; the process around them is `buckstop.demo.evaluation_job`. A number that cannot be
computed is None with a status, never NaN.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ks_2samp
from sklearn.metrics import roc_auc_score

from buckstop.demo.journal import Label, Prediction
from buckstop.demo.model import FEATURES


class Status(StrEnum):
    """Why there is a number, or why there is none."""

    OK = "ok"
    NO_SAMPLES = "no-samples"
    NO_LABELS = "no-labels"
    ONE_CLASS = "one-class"


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One SLI over one window.

    Attributes:
        sli: ``auc`` or ``ks``.
        feature: for ``ks``, which one; else None.
        value: finite, or None unless `status` is OK.
        samples: predictions in the window.
        labelled: how many of them have a label; None where labels do not matter.
        reference_samples: rows of the reference; None where there is no reference.
        window_end_seconds: Unix time; the window is half open, its end excluded.
    """

    sli: str
    feature: str | None
    value: float | None
    status: Status
    samples: int
    labelled: int | None
    reference_samples: int | None
    window_end_seconds: float


def evaluate_auc(
    predictions: Sequence[Prediction],
    labels: Mapping[str, Label],
    *,
    as_of_seconds: float,
    window_end_seconds: float,
) -> Evaluated:
    """AUC of the predictions that have a label known at `as_of_seconds`.

    AUC compares scores of the two outcomes: with one outcome only there is nothing to compare.
    """
    known = [
        (labels[prediction.id].defaulted, prediction.score)
        for prediction in predictions
        if prediction.id in labels and labels[prediction.id].at_seconds <= as_of_seconds
    ]
    defaults = sum(defaulted for defaulted, _ in known)
    value: float | None = None
    if not predictions:
        status = Status.NO_SAMPLES
    elif not known:
        status = Status.NO_LABELS
    elif defaults in (0, len(known)):
        status = Status.ONE_CLASS
    else:
        status = Status.OK
        outcomes, scores = zip(*known, strict=True)
        value = float(roc_auc_score(outcomes, scores))
    return Evaluated(
        "auc", None, value, status, len(predictions), len(known), None, window_end_seconds
    )


def evaluate_ks(
    predictions: Sequence[Prediction],
    reference: NDArray[np.float64],
    *,
    window_end_seconds: float,
) -> tuple[Evaluated, ...]:
    """The two-sample Kolmogorov-Smirnov statistic of each feature against the training data.

    `reference` has shape (m, len(FEATURES)). One result for each of FEATURES, in that order.
    """
    if not predictions:
        return tuple(
            Evaluated("ks", name, None, Status.NO_SAMPLES, 0, None, len(reference),
                      window_end_seconds)
            for name in FEATURES
        )  # fmt: skip
    window = np.array([prediction.features for prediction in predictions])
    return tuple(
        Evaluated(
            sli="ks",
            feature=name,
            # The statistic needs no p-value; "asymp" spares the exact one's enumeration.
            value=float(
                ks_2samp(window[:, column], reference[:, column], method="asymp").statistic
            ),
            status=Status.OK,
            samples=len(predictions),
            labelled=None,
            reference_samples=len(reference),
            window_end_seconds=window_end_seconds,
        )
        for column, name in enumerate(FEATURES)
    )


def in_window(
    predictions: Sequence[Prediction], *, start_seconds: float, end_seconds: float
) -> list[Prediction]:
    """The predictions made in ``[start_seconds, end_seconds)``."""
    return [p for p in predictions if start_seconds <= p.at_seconds < end_seconds]
