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
        Field("scrape_config_files", "texts", since=(2, 43)),
        Field("scrape_configs", "list"),
        Field("storage", "section"),
        Field("tracing", "section"),
        Field("remote_write", "list"),
        Field("remote_read", "list"),
        Field("otlp", "section", since=(2, 55)),
    ),
)

GLOBAL: Final = Table(
    "global",
    "the global section",
    (
        Field("scrape_interval", "duration"),
        Field("scrape_timeout", "duration"),
        Field("scrape_protocols", "texts", since=(2, 49)),
        Field("evaluation_interval", "duration"),
        Field("rule_query_offset", "duration", since=(2, 53)),
        Field("query_log_file"),
        Field("scrape_failure_log_file", since=(2, 55)),
        Field("external_labels", "labels"),
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

ALERTING: Final = Table(
    "alerting",
    "the alerting section",
    (Field("alert_relabel_configs", "list"), Field("alertmanagers", "list")),
)

ALERTMANAGERS: Final = Table(
    "alerting.alertmanagers[]",
    "a group of Alertmanagers",
    (
        Field("scheme"),
        Field("path_prefix"),
        Field("timeout", "duration"),
        Field("api_version"),
        Field("static_configs", "list"),
        Field("relabel_configs", "list"),
        Field("alert_relabel_configs", "list", since=(2, 51)),
        Field("sigv4", "section", since=(2, 48)),
        Field("basic_auth", "section"),
        Field("authorization", "section"),
        Field("oauth2", "section"),
        Field("bearer_token", "secret"),
        Field("bearer_token_file"),
        Field("tls_config", "section"),
        Field("proxy_url"),
        Field("no_proxy", since=(2, 43)),
        Field("proxy_from_environment", "boolean", since=(2, 43)),
        Field("proxy_connect_header", "section"),
        Field("follow_redirects", "boolean"),
        Field("enable_http2", "boolean"),
        Field("http_headers", "section", since=(2, 53)),
    ),
)
"""Beside these stand the ``…_sd_configs`` of service discovery, of which each build of Prometheus
has its own."""

RELABELLING: Final = Table(
    "alert_relabel_configs[]",
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

CONFIG_TABLES: Final = (TOP, GLOBAL, ALERTING, ALERTMANAGERS, RELABELLING)
