"""Prometheus rule files: types and reading."""
