"""``webex_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.codes import CONTACT_FIELD_MISSING
from buckstop.alertmanager.kinds.http import COMMON_FIELDS, is_authorized
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.diagnostics import Diagnostic
from buckstop.document import Field, Mapping, Table, texts
from buckstop.document.versions import Version


def _authorized(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """Webex takes nothing without a bot's token; ``bearer_token`` is another way to give one."""
    http = section.get("http_config")
    if isinstance(http, Mapping) and not is_authorized(http):
        findings.append(
            Diagnostic(
                CONTACT_FIELD_MISSING,
                "a Webex contact needs 'authorization' in its 'http_config'",
                http.span,
            )
        )


WEBEX: Final = Kind(
    "webex",
    Table(
        "a Webex contact",
        (*COMMON_FIELDS, Field("api_url", "url"), *texts("message", "room_id")),
        required=(("room_id",), ("http_config",)),
        check=_authorized,
    ),
)
