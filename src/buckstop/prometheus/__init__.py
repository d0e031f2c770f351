"""Prometheus rule files and ``prometheus.yml``: types and reading.

What is named here is loaded when it is first asked for: whoever routes an alert reads no rules.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from buckstop.prometheus.config_model import AlertmanagerGroup, PrometheusConfig
    from buckstop.prometheus.config_reading import (
        looks_like_prometheus,
        read_config,
        read_config_node,
    )
    from buckstop.prometheus.durations import format_duration, parse_duration
    from buckstop.prometheus.relabelling import Relabelling, relabel, sent_labels
    from buckstop.prometheus.rule_reading import looks_like_rules, read_rule_node, read_rules
    from buckstop.prometheus.writing import write, write_config
else:
    import importlib

    _HOMES = {
        "AlertmanagerGroup": "config_model",
        "PrometheusConfig": "config_model",
        "Relabelling": "relabelling",
        "format_duration": "durations",
        "looks_like_prometheus": "config_reading",
        "looks_like_rules": "rule_reading",
        "parse_duration": "durations",
        "read_config": "config_reading",
        "read_config_node": "config_reading",
        "read_rule_node": "rule_reading",
        "read_rules": "rule_reading",
        "relabel": "relabelling",
        "sent_labels": "relabelling",
        "write": "writing",
        "write_config": "writing",
    }

    def __getattr__(name):
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(importlib.import_module(f"{__name__}.{home}"), name)
        return found


__all__ = [
    "AlertmanagerGroup",
    "PrometheusConfig",
    "Relabelling",
    "format_duration",
    "looks_like_prometheus",
    "looks_like_rules",
    "parse_duration",
    "read_config",
    "read_config_node",
    "read_rule_node",
    "read_rules",
    "relabel",
    "sent_labels",
    "write",
    "write_config",
]
