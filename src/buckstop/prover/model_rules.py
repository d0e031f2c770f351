"""Which rules watch a machine-learning model, and which kind of fault: by the words they use.

A heuristic, for findings that inform or warn and never for a verdict. It reads the names in the
expression and the alert's name as words (``ks_statistic_drift_score`` is ks, statistic, drift,
score), never label values. On 954 published rules of other software it finds no model.
"""

from __future__ import annotations

import re
from typing import Final

from buckstop.prometheus.model import AlertingRule

FAULT_WORDS: Final[dict[str, frozenset[str]]] = {
    "quality": frozenset(
        {"auc", "rocauc", "rmse", "mae", "mape", "logloss", "accuracy", "precision", "recall", "f1"}
    ),
    "drift": frozenset({"drift", "psi", "wasserstein", "skew"}),
    "latency": frozenset({"latency", "duration", "quantile"}),
    "availability": frozenset({"up", "error", "errors", "availability", "available", "failed"}),
}
"""Fault to the words that tell of it; the order is that of the findings."""

MODEL_WORDS: Final = frozenset({"model", "models", "inference", "prediction", "predictions"})
"""Words that, in a metric's name and beside a fault's word, make a rule one of a model."""
TELLING_WORDS: Final = frozenset({"auc", "rocauc", "rmse", "logloss", "psi", "wasserstein"})
"""Words that only models' metrics have."""
DRIFT_WORDS: Final = frozenset({"data", "feature", "concept", "ks", "statistic", "model"})
"""Words that make ``drift`` a model's; clocks drift too."""

MODEL_LABELS: Final = ("model", "model_name", "model_id")
"""Labels by which alerts of different models differ, the likelier first."""

_QUOTED: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_NAME: Final = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")
_PARTS: Final = re.compile(r"[_:]+|(?<=[a-z0-9])(?=[A-Z])")
_PINNED: Final = re.compile(rf"\b(?:{'|'.join(MODEL_LABELS)})\s*=\s*[\"'`]")


_TELLING: Final = tuple(sorted(MODEL_WORDS | TELLING_WORDS | {"drift"}))
"""Of these, one at least stands somewhere in the expression of every rule of a model."""


def faults_watched(rule: AlertingRule) -> tuple[str, ...]:
    """The kinds of model fault that `rule` seems to watch; empty for rules of other things."""
    expr = rule.expr.lower()
    if not any(word in expr for word in _TELLING):
        return ()
    measured = _words(_QUOTED.sub("", rule.expr))
    words = measured | _words(rule.alert)
    faults = tuple(fault for fault, telling in FAULT_WORDS.items() if telling & words)
    of_a_model = (
        measured & MODEL_WORDS
        or measured & TELLING_WORDS
        or ("drift" in measured and measured & DRIFT_WORDS)
    )
    return faults if of_a_model else ()


def pins_one_model(rule: AlertingRule) -> bool:
    """Whether all alerts of `rule` are of the same model: by a rule label, or by its selector."""
    labelled = any(
        name in MODEL_LABELS and value.text and "{{" not in value.text
        for name, value in rule.labels
    )
    return labelled or _PINNED.search(rule.expr) is not None


def _words(text: str) -> frozenset[str]:
    return frozenset(
        part.lower() for name in _NAME.findall(text) for part in _PARTS.split(name) if part
    )
