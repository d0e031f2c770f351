"""Prometheus rule files and ``prometheus.yml``: types and reading."""

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
