"""The model service, a process of its own: ``python -m buckstop.demo.service``.

``POST /predict`` scores one applicant, ``GET /metrics`` is for Prometheus, ``POST /break`` makes
every answer slow, for callers on this machine only. The outage needs no control: it is a SIGKILL.
"""

from __future__ import annotations

import argparse
import asyncio
import ipaddress
import time
from pathlib import Path
from typing import Annotated, Any, TextIO

import numpy as np
import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client import generate_latest as render_metrics
from pydantic import BaseModel, ConfigDict, Field

from buckstop.charter.series import GENERIC_LATENCY, GENERIC_REQUESTS
from buckstop.demo.journal import Prediction, write_prediction
from buckstop.demo.model import FEATURES, load_classifier, score

MODEL_ID = "credit-income"
LONGEST_DELAY_SECONDS = 10.0
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 10.0)

Finite = Annotated[float, Field(allow_inf_nan=False)]


class Applicant(BaseModel):
    """What a caller sends: an id of its own choice and the features the model was trained on."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(min_length=1, max_length=64)]
    income: Finite
    debt_ratio: Finite
    utilisation: Finite
    years_employed: Finite
    late_payments: Finite
    age: Finite


class Answer(BaseModel):
    """What the caller gets back."""

    id: str
    model: str
    default_probability: float


class Slowness(BaseModel):
    """How long every answer is to take beyond its own time."""

    delay_seconds: Annotated[float, Field(ge=0.0, le=LONGEST_DELAY_SECONDS)]


def build_app(classifier: Any, journal: TextIO) -> FastAPI:
    """The service around `classifier`; each prediction is a line of `journal`."""
    app = FastAPI(title="credit-income", docs_url=None, redoc_url=None)
    registry = CollectorRegistry()
    latency = Histogram(
        GENERIC_LATENCY, "Inference time.", ["model"], registry=registry, buckets=_BUCKETS
    )
    requests = Counter(
        GENERIC_REQUESTS.removesuffix("_total"),
        "Requests, by HTTP status.",
        ["model", "code"],
        registry=registry,
    )
    # A counter that does not exist yet has no rate: the first failure would go unseen.
    requests.labels(MODEL_ID, "200")
    requests.labels(MODEL_ID, "500")
    slowness = Slowness(delay_seconds=0.0)

    @app.middleware("http")
    async def count(request: Request, call_next: Any) -> Response:
        if request.url.path != "/predict":
            unmeasured: Response = await call_next(request)
            return unmeasured
        started = time.perf_counter()
        code = "500"
        try:
            response: Response = await call_next(request)
            code = str(response.status_code)
            return response
        finally:
            latency.labels(MODEL_ID).observe(time.perf_counter() - started)
            requests.labels(MODEL_ID, code).inc()

    @app.post("/predict")
    async def predict(applicant: Applicant) -> Answer:
        if slowness.delay_seconds:
            await asyncio.sleep(slowness.delay_seconds)
        features = tuple(float(getattr(applicant, name)) for name in FEATURES)
        probability = float(score(classifier, np.array([features]))[0])
        journal.write(
            write_prediction(Prediction(applicant.id, time.time(), probability, features))
        )
        return Answer(id=applicant.id, model=MODEL_ID, default_probability=probability)

    @app.post("/break")
    async def slow_down(request: Request, wanted: Slowness) -> Slowness:
        if request.client is None or not ipaddress.ip_address(request.client.host).is_loopback:
            raise HTTPException(403, "the break control answers to this machine only")
        slowness.delay_seconds = wanted.delay_seconds
        return slowness

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(render_metrics(registry), media_type=CONTENT_TYPE_LATEST)

    return app


def main(argv: list[str] | None = None) -> None:
    """Serve until a signal ends the process."""
    parser = argparse.ArgumentParser(prog="python -m buckstop.demo.service", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1")
    parser.add_argument("--model", type=Path, required=True, help="folder with the classifier")
    parser.add_argument("--journal", type=Path, required=True, help="file to append to")
    options = parser.parse_args(argv)
    with options.journal.open("a", encoding="utf-8", buffering=1) as journal:
        app = build_app(load_classifier(options.model), journal)
        uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
