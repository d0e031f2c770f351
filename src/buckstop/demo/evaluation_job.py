"""The evaluation job, a process of its own: ``python -m buckstop.demo.evaluation_job``.

Follows the journal of predictions and the journal of labels, evaluates a sliding window at every
interval, and serves the result as the conventional series on its own ``/metrics``.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from buckstop.charter import series
from buckstop.demo.evaluation import Evaluated, Status, evaluate_auc, evaluate_ks, in_window
from buckstop.demo.journal import Follower, Label, Prediction, read_label, read_prediction
from buckstop.demo.model import load_training_features
from buckstop.demo.service import MODEL_ID

DRIFT_SCORE = "ks_statistic_drift_score"
"""The name under which the article's rule reads the KS statistic."""
STATUS = "model_evaluation_status"
"""1 for the status that holds: why an SLI has a number, or has none."""


class Evaluation:
    """The rows within reach of the window, and the evaluation of them at a moment."""

    def __init__(
        self,
        reference: NDArray[np.float64],
        *,
        window_seconds: float,
        label_delay_seconds: float,
    ) -> None:
        self._reference = reference
        self._window_seconds = window_seconds
        self._label_delay_seconds = label_delay_seconds
        self._predictions: list[Prediction] = []
        self._labels: dict[str, Label] = {}

    def add(self, predictions: Sequence[Prediction], labels: Sequence[Label]) -> None:
        """Take in new rows. The latest label of an id counts."""
        self._predictions += predictions
        self._labels.update((label.id, label) for label in labels)

    def evaluate(self, now_seconds: float) -> tuple[Evaluated, ...]:
        """All SLIs as of `now_seconds`, and forget what no later window can hold.

        KS looks at the latest predictions; AUC at a window of the same length that is old enough
        for its labels to have come.
        """
        matured = now_seconds - self._label_delay_seconds
        keep_from = matured - self._window_seconds
        self._predictions = [p for p in self._predictions if p.at_seconds >= keep_from]
        ids = {prediction.id for prediction in self._predictions}
        self._labels = {id_: label for id_, label in self._labels.items() if id_ in ids}
        recent = in_window(
            self._predictions,
            start_seconds=now_seconds - self._window_seconds,
            end_seconds=now_seconds,
        )
        old_enough = in_window(self._predictions, start_seconds=keep_from, end_seconds=matured)
        auc = evaluate_auc(
            old_enough, self._labels, as_of_seconds=now_seconds, window_end_seconds=matured
        )
        return (auc, *evaluate_ks(recent, self._reference, window_end_seconds=now_seconds))


class Exporter(Collector):
    """The latest evaluation as series. What has no number is left out; its companions stay."""

    def __init__(self, model: str, interval_seconds: float) -> None:
        self._model = model
        self._interval_seconds = interval_seconds
        self._evaluated: tuple[Evaluated, ...] = ()
        self._last_success_seconds: dict[tuple[str, str | None], float] = {}

    def publish(self, evaluated: tuple[Evaluated, ...], now_seconds: float) -> None:
        """Export `evaluated` from now on."""
        for one in evaluated:
            if one.status is Status.OK:
                self._last_success_seconds[one.sli, one.feature] = now_seconds
        self._evaluated = evaluated

    def collect(self) -> Iterator[Metric]:
        """The series, for prometheus_client."""
        evaluated = self._evaluated
        yield self._family(series.SLI_VALUE, "The number.", [(e, e.value) for e in evaluated])
        yield self._family(
            series.SLI_SAMPLES, "Predictions in the window.", [(e, e.samples) for e in evaluated]
        )
        yield self._family(
            series.SLI_LABELLED, "Of them with a label.", [(e, e.labelled) for e in evaluated]
        )
        yield self._family(
            series.SLI_REFERENCE_SAMPLES,
            "Rows of the reference.",
            [(e, e.reference_samples) for e in evaluated],
        )
        yield self._family(
            series.SLI_WINDOW_END,
            "When the window ends.",
            [(e, e.window_end_seconds) for e in evaluated],
        )
        yield self._family(
            series.SLI_LAST_SUCCESS,
            "When there was a number last.",
            [(e, self._last_success_seconds.get((e.sli, e.feature))) for e in evaluated],
        )
        yield self._family(
            series.SLI_INTERVAL,
            "How often this runs.",
            [(e, self._interval_seconds) for e in evaluated],
        )
        yield self._family(series.SLI_DECLARED, "Meant to exist.", [(e, 1.0) for e in evaluated])
        yield from self._own_series(evaluated)

    def _family(
        self, name: str, documentation: str, values: list[tuple[Evaluated, float | None]]
    ) -> Metric:
        # Prometheus reads an empty label as an absent one, so AUC's empty `feature` is no label.
        family = GaugeMetricFamily(
            name, documentation, labels=[series.MODEL, series.SLI, series.FEATURE]
        )
        for one, value in values:
            if value is not None:
                family.add_metric([self._model, one.sli, one.feature or ""], value)
        return family

    def _own_series(self, evaluated: tuple[Evaluated, ...]) -> Iterator[Metric]:
        drift = GaugeMetricFamily(
            DRIFT_SCORE, "KS statistic against the training data.", labels=["model", "feature"]
        )
        status = GaugeMetricFamily(
            STATUS, "Why there is a number, or none.", labels=["model", "sli", "feature", "status"]
        )
        for one in evaluated:
            if one.feature is not None and one.value is not None:
                drift.add_metric([self._model, one.feature], one.value)
            status.add_metric([self._model, one.sli, one.feature or "", one.status], 1.0)
        yield drift
        yield status


def main(argv: list[str] | None = None) -> None:
    """Evaluate at every interval until a signal ends the process."""
    parser = argparse.ArgumentParser(
        prog="python -m buckstop.demo.evaluation_job", description=__doc__
    )
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1")
    parser.add_argument("--model", type=Path, required=True, help="folder with the training data")
    parser.add_argument("--predictions", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--window-seconds", type=float, required=True)
    parser.add_argument("--label-delay-seconds", type=float, required=True)
    parser.add_argument("--interval-seconds", type=float, required=True)
    options = parser.parse_args(argv)

    evaluation = Evaluation(
        load_training_features(options.model),
        window_seconds=options.window_seconds,
        label_delay_seconds=options.label_delay_seconds,
    )
    exporter = Exporter(MODEL_ID, options.interval_seconds)
    registry = CollectorRegistry()
    registry.register(exporter)
    start_http_server(options.port, addr="127.0.0.1", registry=registry)
    predictions = Follower(options.predictions)
    labels = Follower(options.labels)
    pause = threading.Event()
    while True:
        evaluation.add(
            [read_prediction(line) for line in predictions.lines()],
            [read_label(line) for line in labels.lines()],
        )
        now_seconds = time.time()
        exporter.publish(evaluation.evaluate(now_seconds), now_seconds)
        pause.wait(options.interval_seconds)


if __name__ == "__main__":
    main()
