"""``telegram_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.document import Field, Table, texts
from buckstop.document.tables import Inherited

TELEGRAM: Final = Kind(
    "telegram",
    Table(
        "a Telegram contact",
        (
            *COMMON_FIELDS,
            Field("api_url", "url"),
            Field("bot_token", "secret"),
            Field("bot_token_file", "path", since=(0, 26)),
            Field("chat_id", "integer"),
            Field("chat_id_file", "path", since=(0, 31)),
            Field("message_thread_id", "integer", since=(0, 28)),
            *texts("message"),
            Field("disable_notifications", "boolean"),
            Field("parse_mode", choices=("", "Markdown", "MarkdownV2", "HTML")),
        ),
        required=(("chat_id", "chat_id_file"),),
        exclusive=(("bot_token", "bot_token_file"), ("chat_id", "chat_id_file")),
        inherits=(
            Inherited(
                "a bot's token",
                ("bot_token", "bot_token_file"),
                ("telegram_bot_token", "telegram_bot_token_file"),
            ),
        ),
    ),
)
