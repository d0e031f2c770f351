"""Model servers and the names of their own metrics: one entry a server.

An entry says only what the server exports exactly so. What it does not export is None, and the
charter then has to say the name by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from buckstop.charter.series import (
    GENERIC_ERRORS,
    GENERIC_LATENCY,
    GENERIC_REQUESTS,
    MODEL,
)


@dataclass(frozen=True, slots=True)
class Runtime:
    """A model server.

    Attributes:
        latency: base name of its latency histogram in seconds, or None.
        requests: its counter of requests, or None.
        errors: a PromQL matcher for failed requests among them, or None.
        model_label: the label that names the model, or None.
    """

    name: str
    latency: str | None
    requests: str | None
    errors: str | None
    model_label: str | None


GENERIC: Final = "generic"
"""The runtime of a model that names none: the conventional series."""

RUNTIMES: Final = {
    runtime.name: runtime
    for runtime in (
        Runtime(GENERIC, GENERIC_LATENCY, GENERIC_REQUESTS, GENERIC_ERRORS, MODEL),
        Runtime(
            "seldon-v1",
            "seldon_api_executor_client_requests_seconds",
            "seldon_api_executor_client_requests_seconds_count",
            'code=~"5.."',
            "model_name",
        ),
        Runtime(
            "seldon-v2",
            "seldon_model_infer_api_seconds",
            "seldon_model_infer_api_seconds_count",
            'code=~"5.."',
            "model",
        ),
        Runtime(
            "bentoml",
            "bentoml_service_request_duration_seconds",
            "bentoml_service_request_total",
            'http_response_code=~"5.."',
            "service_name",
        ),
        # KServe's SDK counts no requests and no errors.
        Runtime("kserve", "request_predict_seconds", None, None, "model_name"),
        # vLLM's http_requests_total carries no model name, its request_success_total no failures.
        Runtime("vllm", "vllm:e2e_request_latency_seconds", None, None, "model_name"),
    )
}
"""By name."""
