"""``slack_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.table import Field, Inherited, Kind, Table, texts

_CONFIRMATION: Final = Table(
    "a Slack confirmation",
    texts("text", "title", "ok_text", "dismiss_text"),
    required=(("text",),),
)

_ACTION: Final = Table(
    "a Slack action",
    (*texts("type", "text", "url", "style", "name", "value"), Field("confirm", _CONFIRMATION)),
    required=(("type",), ("text",), ("url", "name")),
)

_FIELD: Final = Table(
    "a Slack field",
    (*texts("title", "value"), Field("short", "boolean")),
    required=(("title",), ("value",)),
)

SLACK: Final = Kind(
    "slack",
    Table(
        "a Slack contact",
        (
            *COMMON_FIELDS,
            Field("api_url", "secret_url"),
            Field("api_url_file", "path"),
            Field("app_token", "secret", since=(0, 30)),
            Field("app_token_file", "path", since=(0, 30)),
            Field("app_url", "url", since=(0, 30)),
            *texts("channel", "username", "color", "title", "title_link", "pretext", "text"),
            Field("message_text", since=(0, 31)),
            Field("fields", _FIELD, many=True),
            Field("short_fields", "boolean"),
            *texts("footer", "fallback", "callback_id", "icon_emoji", "icon_url", "image_url"),
            Field("thumb_url"),
            Field("link_names", "boolean"),
            Field("mrkdwn_in", "texts"),
            Field("actions", _ACTION, many=True),
            Field("update_message", "boolean", since=(0, 32)),
            Field("timeout", "nanoseconds", since=(0, 30)),
        ),
        exclusive=(("api_url", "api_url_file"), ("app_token", "app_token_file")),
        inherits=(
            Inherited(
                "a webhook URL",
                ("api_url", "api_url_file", "app_token", "app_token_file"),
                (
                    "slack_api_url",
                    "slack_api_url_file",
                    "slack_app_token",
                    "slack_app_token_file",
                ),
            ),
        ),
    ),
)
