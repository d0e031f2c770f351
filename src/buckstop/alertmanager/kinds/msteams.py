"""``msteams_configs`` and ``msteamsv2_configs`` (Microsoft Teams)."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.document import Field, Table, texts

MSTEAMS: Final = Kind(
    "msteams",
    Table(
        "a Microsoft Teams contact",
        (
            *COMMON_FIELDS,
            Field("webhook_url", "secret_url"),
            Field("webhook_url_file", "path", since=(0, 27)),
            *texts("title", "text"),
            Field("summary", since=(0, 27)),
        ),
        required=(("webhook_url", "webhook_url_file"),),
        exclusive=(("webhook_url", "webhook_url_file"),),
    ),
    since=(0, 26),
)

MSTEAMSV2: Final = Kind(
    "msteamsv2",
    Table(
        "a Microsoft Teams v2 contact",
        (
            *COMMON_FIELDS,
            Field("webhook_url", "secret_url"),
            Field("webhook_url_file", "path"),
            *texts("title", "text"),
        ),
        required=(("webhook_url", "webhook_url_file"),),
        exclusive=(("webhook_url", "webhook_url_file"),),
    ),
    since=(0, 28),
)
