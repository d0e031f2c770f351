"""The evaluation job: what it says where a number exists, and where none does."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from buckstop.demo.evaluation import Status, evaluate_auc, evaluate_ks, in_window
from buckstop.demo.evaluation_job import Evaluation, Exporter
from buckstop.demo.journal import (
    Follower,
    Label,
    Prediction,
    read_label,
    read_prediction,
    write_label,
    write_prediction,
)
from buckstop.demo.model import FEATURES

ZEROS = (0.0,) * len(FEATURES)


def prediction(id_: str, score: float, at_seconds: float = 0.0) -> Prediction:
    return Prediction(id_, at_seconds, score, ZEROS)


def labels(**defaulted: bool) -> dict[str, Label]:
    return {id_: Label(id_, 1.0, value) for id_, value in defaulted.items()}


def auc(predictions: list[Prediction], known: dict[str, Label]) -> tuple[float | None, Status]:
    result = evaluate_auc(predictions, known, as_of_seconds=2.0, window_end_seconds=2.0)
    return result.value, result.status


def test_ties_count_half() -> None:
    """Two applicants with one score and different outcomes say nothing: AUC 0.5."""
    assert auc([prediction("a", 0.4), prediction("b", 0.4)], labels(a=True, b=False)) == (
        0.5,
        Status.OK,
    )


@pytest.mark.parametrize(
    ("predictions", "known", "status"),
    [
        ([], {}, Status.NO_SAMPLES),
        ([prediction("a", 0.4)], {}, Status.NO_LABELS),
        ([prediction("a", 0.4), prediction("b", 0.2)], labels(a=True, b=True), Status.ONE_CLASS),
        ([prediction("a", 0.4)], labels(a=False), Status.ONE_CLASS),
    ],
)
def test_where_auc_does_not_exist_there_is_a_reason_and_no_number(
    predictions: list[Prediction], known: dict[str, Label], status: Status
) -> None:
    """NaN would look healthy for ever: NaN < 0.85 is false."""
    assert auc(predictions, known) == (None, status)


def test_a_label_from_the_future_does_not_count() -> None:
    """An evaluation as of a moment uses what was known then."""
    early = labels(a=True, b=False)
    late = {"c": Label("c", 3.0, True)}
    rows = [prediction("a", 0.9), prediction("b", 0.1), prediction("c", 0.0)]
    result = evaluate_auc(rows, early | late, as_of_seconds=2.0, window_end_seconds=2.0)
    assert (result.value, result.samples, result.labelled) == (1.0, 3, 2)


def test_ks_of_a_window_equal_to_the_reference_is_zero() -> None:
    """No drift is exactly no drift."""
    reference = np.arange(12.0).reshape(2, 6)
    rows = [Prediction(str(n), 0.0, 0.5, tuple(row)) for n, row in enumerate(reference)]
    results = evaluate_ks(rows, reference, window_end_seconds=1.0)
    assert [result.value for result in results] == [0.0] * 6
    assert [result.feature for result in results] == list(FEATURES)
    assert {result.reference_samples for result in results} == {2}


def test_ks_of_disjoint_samples_is_one() -> None:
    """Drift of one feature shows in that feature alone."""
    reference = np.zeros((5, 6))
    row = (9.0, *ZEROS[1:])
    results = evaluate_ks([Prediction("a", 0.0, 0.5, row)], reference, window_end_seconds=1.0)
    assert [result.value for result in results] == [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]


def test_ks_of_an_empty_window_has_no_number() -> None:
    """A dead service has no drift score, rather than a score of 0."""
    results = evaluate_ks([], np.zeros((5, 6)), window_end_seconds=1.0)
    assert {(result.value, result.status) for result in results} == {(None, Status.NO_SAMPLES)}


def test_a_window_is_half_open() -> None:
    """A prediction on the edge belongs to one of two adjacent windows, not to both."""
    rows = [prediction(str(at), 0.5, at) for at in (1.0, 2.0, 3.0)]
    assert [p.id for p in in_window(rows, start_seconds=1.0, end_seconds=3.0)] == ["1.0", "2.0"]


def test_the_auc_window_is_old_enough_for_its_labels() -> None:
    """Judged too early, every window would look short of labels."""
    evaluation = Evaluation(np.zeros((5, 6)), window_seconds=4.0, label_delay_seconds=2.0)
    rows = [prediction(str(second), second / 10, float(second)) for second in range(10)]
    evaluation.add(rows, [Label(p.id, p.at_seconds + 2, p.at_seconds > 5) for p in rows])
    first = evaluation.evaluate(9.5)[0]
    assert (first.samples, first.labelled, first.value) == (4, 4, 1.0)
    assert first.window_end_seconds == 7.5


def test_the_latest_label_counts() -> None:
    """Outcomes are corrected in practice; the correction is the outcome."""
    evaluation = Evaluation(np.zeros((5, 6)), window_seconds=4.0, label_delay_seconds=0.0)
    evaluation.add(
        [prediction("a", 0.9, 1.0), prediction("b", 0.1, 1.0)],
        [Label("a", 1.1, False), Label("b", 1.1, False), Label("a", 1.2, True)],
    )
    assert evaluation.evaluate(2.0)[0].value == 1.0


def exported(exporter: Exporter) -> list[str]:
    registry = CollectorRegistry()
    registry.register(exporter)
    return [
        line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")
    ]


def test_a_number_that_does_not_exist_is_left_out_and_its_companions_stay() -> None:
    """The guards can say "missing" only if something still says "declared"."""
    exporter = Exporter("m", interval_seconds=0.5)
    one_class = evaluate_auc(
        [prediction("a", 0.4)], labels(a=True), as_of_seconds=2.0, window_end_seconds=2.0
    )
    exporter.publish((one_class,), 2.0)
    lines = exported(exporter)
    assert not any(line.startswith("buckstop_sli_value") for line in lines)
    assert 'buckstop_sli_declared{feature="",model="m",sli="auc"} 1.0' in lines
    assert 'buckstop_sli_samples{feature="",model="m",sli="auc"} 1.0' in lines
    assert any('status="one-class"' in line for line in lines)
    assert not any("NaN" in line for line in lines)


def test_the_last_success_stays_when_a_later_evaluation_fails() -> None:
    """How old the verdict is, is what the guard against stale numbers reads."""
    exporter = Exporter("m", interval_seconds=0.5)
    good = evaluate_auc(
        [prediction("a", 0.9), prediction("b", 0.1)],
        labels(a=True, b=False),
        as_of_seconds=2.0,
        window_end_seconds=2.0,
    )
    exporter.publish((good,), 100.0)
    exporter.publish((replace(good, value=None, status=Status.NO_LABELS),), 101.0)
    lines = exported(exporter)
    success = next(line for line in lines if line.startswith("buckstop_sli_last_success"))
    assert math.isclose(float(success.rsplit(" ", 1)[1]), 100.0)


def test_drift_is_exported_under_the_articles_own_name_too() -> None:
    """The article's rule reads ks_statistic_drift_score{feature="income"}."""
    exporter = Exporter("m", interval_seconds=0.5)
    exporter.publish(
        evaluate_ks([prediction("a", 0.5)], np.ones((4, 6)), window_end_seconds=1.0), 1.0
    )
    assert 'ks_statistic_drift_score{feature="income",model="m"} 1.0' in exported(exporter)


def test_a_half_written_line_waits_for_its_end(tmp_path: Path) -> None:
    """The job reads while the service writes."""
    path = tmp_path / "journal.jsonl"
    follower = Follower(path)
    assert follower.lines() == []
    with path.open("w", encoding="utf-8") as journal:
        journal.write('{"a"')
        journal.flush()
        assert follower.lines() == []
        journal.write(": 1}\n{}\n")
    assert follower.lines() == [b'{"a": 1}', b"{}"]
    assert follower.lines() == []
    follower.close()


def test_what_is_written_is_read_back() -> None:
    """The two ends of the journal agree."""
    row = Prediction("a7", 12.5, 0.25, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0))
    assert read_prediction(write_prediction(row).encode()) == row
    label = Label("a7", 14.5, defaulted=True)
    assert read_label(write_label(label).encode()) == label
