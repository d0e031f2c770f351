"""``event_recorder``: where Alertmanager writes down what it did."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import HTTP_CONFIG, TLS_CONFIG
from buckstop.document import Field, Table

_FILE: Final = Table("a file of events", (Field("path", "path"),), required=(("path",),))

_WEBHOOK: Final = Table(
    "a webhook of events",
    (
        Field("url", "url"),
        Field("http_config", HTTP_CONFIG),
        Field("timeout", "duration"),
        Field("workers", "integer"),
        Field("max_retries", "integer"),
        Field("retry_backoff", "duration"),
    ),
    required=(("url",),),
)

_KAFKA: Final = Table(
    "a Kafka topic of events",
    (
        Field("brokers", "texts"),
        Field("topic"),
        Field("client_id"),
        Field("format", choices=("", "json", "protobuf")),
        Field("acks", choices=("", "none", "leader", "all")),
        Field("compression", choices=("", "none", "gzip", "snappy", "lz4", "zstd")),
        Field("buffer_size", "integer"),
        Field("tls_config", TLS_CONFIG),
    ),
    required=(("brokers",), ("topic",)),
)

EVENT_RECORDER: Final = Table(
    "the event recorder",
    (
        Field("file_outputs", _FILE, many=True),
        Field("webhook_outputs", _WEBHOOK, many=True),
        Field("kafka_outputs", _KAFKA, many=True),
        Field("stdout_outputs", Table("the standard output", ()), since=(0, 34), many=True),
    ),
)
