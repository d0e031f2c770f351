"""``wechat_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.document import Field, Table, texts
from buckstop.document.tables import Inherited

WECHAT: Final = Kind(
    "wechat",
    Table(
        "a WeChat contact",
        (
            *COMMON_FIELDS,
            Field("api_secret", "secret"),
            Field("api_secret_file", "path", since=(0, 31)),
            Field("api_url", "url"),
            *texts("corp_id", "message", "to_user", "to_party", "to_tag", "agent_id"),
            Field("message_type", choices=("", "text", "markdown")),
        ),
        exclusive=(("api_secret", "api_secret_file"),),
        inherits=(
            Inherited(
                "an API secret",
                ("api_secret", "api_secret_file"),
                ("wechat_api_secret", "wechat_api_secret_file"),
            ),
            Inherited("a corporation's id", ("corp_id",), ("wechat_api_corp_id",)),
        ),
    ),
)
