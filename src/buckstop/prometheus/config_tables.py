"""The fields of ``prometheus.yml`` that decide about alerts, and its other sections by name."""

from __future__ import annotations

from typing import Final

from buckstop.document import Field, Table
from buckstop.prometheus.http_tables import AUTHORIZATIONS, HTTP_FIELDS

RELABELLING: Final = Table(
    "a relabelling step",
    (
        Field("source_labels", "texts"),
        Field("separator"),
        Field("regex", "pattern"),
        Field("modulus", "natural"),
        Field("target_label"),
        Field("replacement"),
        Field("action"),
    ),
)

TARGETS: Final = Table(
    "a group of targets", (Field("targets", "texts"), Field("labels", "text_map"))
)

ALERTMANAGERS: Final = Table(
    "a group of Alertmanagers",
    (
        Field("scheme"),
        Field("path_prefix"),
        Field("timeout", "duration"),
        Field("api_version"),
        Field("static_configs", TARGETS, many=True),
        Field("relabel_configs", RELABELLING, many=True),
        Field("alert_relabel_configs", RELABELLING, since=(2, 51), many=True),
        *HTTP_FIELDS,
    ),
    exclusive=(AUTHORIZATIONS, ("proxy_url", "proxy_from_environment")),
)
"""Beside these stand the ``…_sd_configs`` of service discovery, of which each build of Prometheus
has its own."""

ALERTING: Final = Table(
    "the alerting section",
    (
        Field("alert_relabel_configs", RELABELLING, many=True),
        Field("alertmanagers", ALERTMANAGERS, many=True),
    ),
)

GLOBAL: Final = Table(
    "the global section",
    (
        Field("scrape_interval", "duration"),
        Field("scrape_timeout", "duration"),
        Field("scrape_protocols", "texts", since=(2, 49)),
        Field("evaluation_interval", "duration"),
        Field("rule_query_offset", "duration", since=(2, 53)),
        Field("query_log_file"),
        Field("scrape_failure_log_file", since=(2, 55)),
        Field("external_labels", "text_map"),
        Field("body_size_limit", "size", since=(2, 45)),
        Field("sample_limit", "natural", since=(2, 45)),
        Field("target_limit", "natural", since=(2, 45)),
        Field("label_limit", "natural", since=(2, 45)),
        Field("label_name_length_limit", "natural", since=(2, 45)),
        Field("label_value_length_limit", "natural", since=(2, 45)),
        Field("keep_dropped_targets", "natural", since=(2, 47)),
        Field("metric_name_validation_scheme", since=(3, 0)),
        Field("metric_name_escaping_scheme", since=(3, 4)),
        Field("scrape_native_histograms", "boolean", since=(3, 8)),
        Field("convert_classic_histograms_to_nhcb", "boolean", since=(3, 4)),
        Field("always_scrape_classic_histograms", "boolean", since=(3, 5)),
        Field("extra_scrape_metrics", "boolean", since=(3, 10)),
    ),
)

TOP: Final = Table(
    "a Prometheus configuration",
    (
        Field("global", GLOBAL),
        Field("runtime", "left_section", since=(2, 53)),
        Field("alerting", ALERTING),
        Field("rule_files", "texts"),
        Field("scrape_config_files", "texts", since=(2, 43)),
        Field("scrape_configs", "left_list"),
        Field("storage", "left_section"),
        Field("tracing", "left_section"),
        Field("remote_write", "left_list"),
        Field("remote_read", "left_list"),
        Field("otlp", "left_section", since=(2, 55)),
    ),
)
