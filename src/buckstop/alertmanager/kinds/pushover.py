"""``pushover_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.document import Field, Table, texts

PUSHOVER: Final = Kind(
    "pushover",
    Table(
        "a Pushover contact",
        (
            *COMMON_FIELDS,
            Field("user_key", "secret"),
            Field("user_key_file", "path", since=(0, 26)),
            Field("token", "secret"),
            Field("token_file", "path", since=(0, 26)),
            *texts("title", "message", "url", "url_title", "sound", "priority"),
            Field("device", since=(0, 26)),
            Field("retry", "go_duration"),
            Field("expire", "go_duration"),
            Field("ttl", "go_duration", since=(0, 27)),
            Field("html", "boolean"),
            Field("monospace", "boolean", since=(0, 29)),
        ),
        required=(("user_key", "user_key_file"), ("token", "token_file")),
        exclusive=(
            ("user_key", "user_key_file"),
            ("token", "token_file"),
            ("html", "monospace"),
        ),
    ),
)
