"""The model service: it scores, it counts, it can be slowed from this machine only."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from buckstop.demo.journal import read_prediction
from buckstop.demo.service import build_app

APPLICANT = {
    "id": "a1",
    "income": 40_000,
    "debt_ratio": 0.2,
    "utilisation": 0.4,
    "years_employed": 3,
    "late_payments": 0,
    "age": 40,
}


class Constant:
    """A classifier that says 0.25 of everybody."""

    def predict_proba(self, features: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.tile([0.75, 0.25], (len(features), 1))


@pytest.fixture
def journal() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def client(journal: io.StringIO) -> TestClient:
    return TestClient(build_app(Constant(), journal), client=("127.0.0.1", 50_000))


def test_an_answer_is_counted_timed_and_journaled(client: TestClient, journal: io.StringIO) -> None:
    """All that the rules and the evaluation job rest on."""
    answer = client.post("/predict", json=APPLICANT)
    assert answer.json() == {"id": "a1", "model": "credit-income", "default_probability": 0.25}
    metrics = client.get("/metrics").text
    assert 'model_inference_requests_total{code="200",model="credit-income"} 1.0' in metrics
    assert 'model_inference_latency_seconds_count{model="credit-income"} 1.0' in metrics
    written = read_prediction(journal.getvalue().encode())
    assert (written.id, written.score, written.features[0]) == ("a1", 0.25, 40_000.0)


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"{}",
        json.dumps(APPLICANT | {"income": "a lot"}).encode(),
        json.dumps(APPLICANT | {"income": float("nan")}).encode(),
        json.dumps(APPLICANT | {"shoe_size": 43}).encode(),
    ],
)
def test_a_bad_request_is_the_callers_fault(
    client: TestClient, journal: io.StringIO, body: bytes
) -> None:
    """It counts as a 4xx, spends no error budget, and never reaches the model."""
    assert client.post("/predict", content=body).status_code == 422
    assert 'model_inference_requests_total{code="422"' in client.get("/metrics").text
    assert journal.getvalue() == ""


def test_broken_it_is_slow_and_healed_it_is_not(client: TestClient) -> None:
    """The latency break shows in the histogram that the p95 is read from."""
    client.post("/break", json={"delay_seconds": 0.05})
    client.post("/predict", json=APPLICANT)
    metrics = client.get("/metrics").text
    assert 'model_inference_latency_seconds_bucket{le="0.05",model="credit-income"} 0.0' in metrics
    client.post("/break", json={"delay_seconds": 0})
    client.post("/predict", json=APPLICANT)
    metrics = client.get("/metrics").text
    assert 'model_inference_latency_seconds_bucket{le="0.05",model="credit-income"} 1.0' in metrics


def test_only_this_machine_may_break_it() -> None:
    """The control is for the demo, whatever address the service is bound to."""
    elsewhere = TestClient(build_app(Constant(), io.StringIO()), client=("192.0.2.7", 50_000))
    assert elsewhere.post("/break", json={"delay_seconds": 1}).status_code == 403


def test_a_delay_without_end_is_refused(client: TestClient) -> None:
    """A break can always be healed."""
    assert client.post("/break", json={"delay_seconds": 1e9}).status_code == 422
