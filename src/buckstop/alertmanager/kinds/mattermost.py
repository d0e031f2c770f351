"""``mattermost_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.document import Field, Table, texts
from buckstop.document.tables import Inherited
from buckstop.document.versions import Version

_FIRST_FLAT: Final[Version] = (0, 32)
"""Since when what an attachment has may stand in the contact itself."""

_FIELD: Final = Table(
    "a Mattermost field",
    (*texts("title", "value"), Field("short", "boolean")),
    required=(("title",), ("value",)),
)

_ATTACHMENT_TEXTS: Final = (
    "fallback",
    "color",
    "pretext",
    "author_name",
    "author_link",
    "author_icon",
    "title",
    "title_link",
    "thumb_url",
    "footer",
    "footer_icon",
    "image_url",
)

_ATTACHMENT: Final = Table(
    "a Mattermost attachment",
    (*texts(*_ATTACHMENT_TEXTS, "text"), Field("fields", _FIELD, many=True)),
)

_PRIORITY: Final = Table(
    "a Mattermost priority",
    (
        Field("priority"),
        Field("requested_ack", "boolean"),
        Field("persistent_notifications", "boolean"),
    ),
)

MATTERMOST: Final = Kind(
    "mattermost",
    Table(
        "a Mattermost contact",
        (
            *COMMON_FIELDS,
            Field("webhook_url", "secret_url"),
            Field("webhook_url_file", "path"),
            *texts("channel", "username", "text", "icon_url", "icon_emoji", "type"),
            Field("attachments", _ATTACHMENT, many=True),
            Field("props", Table("Mattermost properties", texts("card"))),
            Field("priority", _PRIORITY),
            *(Field(name, since=_FIRST_FLAT) for name in _ATTACHMENT_TEXTS),
            Field("fields", _FIELD, since=_FIRST_FLAT, many=True),
        ),
        exclusive=(("webhook_url", "webhook_url_file"),),
        inherits=(
            Inherited(
                "a webhook URL",
                ("webhook_url", "webhook_url_file"),
                ("mattermost_webhook_url", "mattermost_webhook_url_file"),
            ),
        ),
    ),
    since=(0, 30),
)
