"""``tracing``: where Alertmanager sends traces of itself."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import HTTP_HEADER, TLS_CONFIG
from buckstop.document import Field, Table

TRACING: Final = Table(
    "the tracing section",
    (
        Field("client_type", choices=("http", "grpc")),
        Field("endpoint"),
        Field("sampling_fraction", "number"),
        Field("insecure", "boolean"),
        Field("tls_config", TLS_CONFIG),
        Field("headers", HTTP_HEADER, keyed=True),
        Field("compression", choices=("", "gzip")),
        Field("timeout", "duration"),
    ),
    required=(("endpoint",),),
)
