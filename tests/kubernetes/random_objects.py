"""AlertmanagerConfig objects and label sets made from a seed."""

from __future__ import annotations

import random
from typing import Any

NAMESPACES = ("credit", "churn", "monitoring")
NAMES = ("team", "severity", "model", "namespace")
VALUES = ("a", "b", "ab", "credit", "churn", "", 'a"b', "a\\b", "é")
PATTERNS = ("a|b", "a.*", ".+", ".*", "", "[^a]", "(?i)A", "a\\\\b")
STRATEGIES = (None, "OnNamespace", "None", "OnNamespaceExceptForAlertmanagerNamespace")


def matcher(rng: random.Random, version: str) -> dict[str, Any]:
    """A matcher, by ``matchType`` or, in v1alpha1, by ``regex``."""
    name = rng.choice(NAMES)
    if version == "v1alpha1" and rng.random() < 0.4:
        is_pattern = rng.random() < 0.5
        return {
            "name": name,
            "value": rng.choice(PATTERNS if is_pattern else VALUES),
            "regex": is_pattern,
        }
    kind = rng.choice(("=", "!=", "=~", "!~"))
    value = rng.choice(PATTERNS if "~" in kind else VALUES)
    return {"name": name, "value": value, "matchType": kind}


def route(rng: random.Random, version: str, depth: int) -> dict[str, Any]:
    """A route with some below it."""
    made: dict[str, Any] = {"receiver": f"r{rng.randrange(3)}"}
    if rng.random() < 0.7:
        made["matchers"] = [matcher(rng, version) for _ in range(rng.randint(1, 2))]
    if rng.random() < 0.3:
        made["continue"] = rng.random() < 0.5
    if depth and rng.random() < 0.7:
        made["routes"] = [route(rng, version, depth - 1) for _ in range(rng.randint(1, 3))]
    return made


def config(rng: random.Random, index: int) -> dict[str, Any]:
    """An AlertmanagerConfig."""
    version = rng.choice(("v1alpha1", "v1beta1"))
    return {
        "apiVersion": f"monitoring.coreos.com/{version}",
        "kind": "AlertmanagerConfig",
        "metadata": {"name": f"c{index}", "namespace": rng.choice(NAMESPACES)},
        "spec": {
            "route": route(rng, version, 2),
            "receivers": [{"name": f"r{number}"} for number in range(3)],
            "inhibitRules": [
                {
                    "sourceMatch": [matcher(rng, version)],
                    "targetMatch": [matcher(rng, version)],
                    "equal": ["model"],
                }
            ],
        },
    }


def cluster(rng: random.Random) -> list[dict[str, Any]]:
    """An Alertmanager with its Secret and what it selects."""
    spec: dict[str, Any] = {
        "alertmanagerConfigSelector": {},
        "alertmanagerConfigNamespaceSelector": {},
    }
    strategy = rng.choice(STRATEGIES)
    if strategy is not None:
        spec["alertmanagerConfigMatcherStrategy"] = {"type": strategy}
    base = (
        "route:\n  receiver: base\n  routes:\n  - matchers: ['team=\"a\"']\n    receiver: a\n"
        "receivers:\n- name: base\n- name: a\n"
    )
    return [
        {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "Alertmanager",
            "metadata": {"name": "main", "namespace": "monitoring"},
            "spec": spec,
        },
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "alertmanager-main", "namespace": "monitoring"},
            "stringData": {"alertmanager.yaml": base},
        },
        *(config(rng, index) for index in range(rng.randint(1, 4))),
    ]


def label_set(rng: random.Random) -> dict[str, str]:
    """Labels of an alert; some are missing."""
    return {
        name: value
        for name in NAMES
        if rng.random() < 0.8 and (value := rng.choice(VALUES)) not in {"", 'a"b'}
    }
