"""The conventional series: what an evaluation of a model exports, and what a server exports.

One definition for all who write them (the demo, the measurement) and all who read them (the
compiler's rules). Evaluation series are gauges labelled `MODEL`, `SLI`, and `FEATURE` where the
SLI is of one feature. A number that cannot be computed is left out, never exported as NaN:
``NaN < 0.85`` is false, so an objective on NaN would look healthy for ever.
"""

from __future__ import annotations

from typing import Final

MODEL: Final = "model"
"""Label: the model's id in the charter."""
SLI: Final = "sli"
"""Label: which indicator, ``auc``, ``rmse``, ``ks``, or the name of the user's own objective."""
FEATURE: Final = "feature"
"""Label: the feature a drift statistic was computed on."""

SLI_VALUE: Final = "buckstop_sli_value"
"""The number itself, in base units (seconds, ratios, the statistic)."""
SLI_SAMPLES: Final = "buckstop_sli_samples"
"""How many predictions the evaluation window held."""
SLI_LABELLED: Final = "buckstop_sli_labelled"
"""How many of them had a true label; AUC and RMSE rest on these alone."""
SLI_REFERENCE_SAMPLES: Final = "buckstop_sli_reference_samples"
"""How many rows the reference sample of a drift statistic has."""
SLI_WINDOW_END: Final = "buckstop_sli_window_end_timestamp_seconds"
"""Unix time at which the evaluated window ends: how old the data are."""
SLI_LAST_SUCCESS: Final = "buckstop_sli_last_success_timestamp_seconds"
"""Unix time of the last evaluation that gave a number: how old the verdict is."""
SLI_INTERVAL: Final = "buckstop_sli_interval_seconds"
"""How often the evaluation is meant to run."""
SLI_DECLARED: Final = "buckstop_sli_declared"
"""1 while the exporter is meant to export this SLI, whether or not it has a number."""

GENERIC_LATENCY: Final = "model_inference_latency_seconds"
"""Histogram of a generic model server (runtime ``generic``): inference time, in seconds."""
GENERIC_REQUESTS: Final = "model_inference_requests_total"
"""Counter of a generic model server: requests, by model and HTTP status `code`."""
GENERIC_ERRORS: Final = 'code=~"5.."'
"""PromQL matcher: which of those requests failed."""
