"""Prometheus rule files: types and reading."""

from buckstop.prometheus.durations import format_duration, parse_duration

__all__ = ["format_duration", "parse_duration"]
