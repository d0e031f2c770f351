"""The fields of ``prometheus.yml`` that decide about alerts, and its other sections by name."""

from __future__ import annotations

from typing import Final

from buckstop.prometheus.table import Field, Table

TOP: Final = Table(
    "(top)",
    "a Prometheus configuration",
    (
        Field("global", "section"),
        Field("runtime", "section", since=(2, 53)),
        Field("alerting", "section"),
        Field("rule_files", "texts"),
        Field("scrape_config_files", "texts"),
        Field("scrape_configs", "list"),
        Field("storage", "section"),
        Field("tracing", "section"),
        Field("remote_write", "list"),
        Field("remote_read", "list"),
        Field("otlp", "section", since=(3, 0)),
    ),
)
