"""``rocketchat_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.document import Field, Table, texts
from buckstop.document.tables import Inherited

_FIELD: Final = Table("a Rocket.Chat field", (*texts("title", "value"), Field("short", "boolean")))

# Upstream gives these no names for YAML, so Go's own names in lower case are what it reads.
_ACTION: Final = Table(
    "a Rocket.Chat action",
    (
        *texts("type", "text", "url", "imageurl", "webviewheightratio", "msg"),
        Field("msgprocessingtype"),
        Field("iswebview", "boolean"),
        Field("msginchatwindow", "boolean"),
    ),
)

ROCKETCHAT: Final = Kind(
    "rocketchat",
    Table(
        "a Rocket.Chat contact",
        (
            *COMMON_FIELDS,
            Field("api_url", "url"),
            Field("token_id", "secret", empty_counts=True),
            Field("token_id_file", "path"),
            Field("token", "secret", empty_counts=True),
            Field("token_file", "path"),
            *texts("channel", "color", "title", "title_link", "text"),
            Field("fields", _FIELD, many=True),
            Field("short_fields", "boolean"),
            *texts("emoji", "icon_url", "image_url", "thumb_url"),
            Field("link_names", "boolean"),
            Field("actions", _ACTION, many=True),
        ),
        exclusive=(("token_id", "token_id_file"), ("token", "token_file")),
        inherits=(
            Inherited(
                "a token's id",
                ("token_id", "token_id_file"),
                ("rocketchat_token_id", "rocketchat_token_id_file"),
            ),
            Inherited(
                "a token",
                ("token", "token_file"),
                ("rocketchat_token", "rocketchat_token_file"),
            ),
        ),
    ),
    since=(0, 28),
)
