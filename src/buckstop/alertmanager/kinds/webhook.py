"""``webhook_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.document import Field, Table

WEBHOOK: Final = Kind(
    "webhook",
    Table(
        "a webhook contact",
        (
            *COMMON_FIELDS,
            Field("url", "url", until=(0, 26)),
            Field("url", "secret_url", since=(0, 26), until=(0, 31)),
            Field("url", "templated_secret_url", since=(0, 31)),
            Field("url_file", "path", since=(0, 26)),
            Field("max_alerts", "natural"),
            Field("timeout", "nanoseconds", since=(0, 28)),
            Field("payload", "anything", since=(0, 32)),
        ),
        required=(("url", "url_file"),),
        exclusive=(("url", "url_file"),),
    ),
)
