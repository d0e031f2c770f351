"""``discord_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.document import Field, Table, texts

DISCORD: Final = Kind(
    "discord",
    Table(
        "a Discord contact",
        (
            *COMMON_FIELDS,
            Field("webhook_url", "secret_url"),
            Field("webhook_url_file", "path", since=(0, 27)),
            *texts("title", "message"),
            Field("content", since=(0, 28)),
            Field("username", since=(0, 28)),
            Field("avatar_url", since=(0, 28)),
        ),
        required=(("webhook_url", "webhook_url_file"),),
        exclusive=(("webhook_url", "webhook_url_file"),),
    ),
)
