"""``incidentio_configs`` (incident.io)."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.codes import CONTACT_FIELD_MISSING, CONTACT_FIELDS_CONFLICT
from buckstop.alertmanager.kinds.http import COMMON_FIELDS, is_authorized
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.diagnostics import Diagnostic
from buckstop.document import Field, Mapping, Table, has_text
from buckstop.document.versions import Version


def _one_authorization(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """Where ``http_config`` is given, it or the contact has the token, and not both.

    Without it, nobody looks whether there is a token.
    """
    http = section.get("http_config")
    if not isinstance(http, Mapping):
        return
    has_token = any(
        has_text(section, name) for name in ("alert_source_token", "alert_source_token_file")
    )
    if has_token and is_authorized(http):
        findings.append(
            Diagnostic(
                CONTACT_FIELDS_CONFLICT,
                "the source's token is the authorization: 'http_config' cannot have another",
                http.span,
            )
        )
    elif not has_token and not is_authorized(http):
        findings.append(
            Diagnostic(
                CONTACT_FIELD_MISSING,
                "an incident.io contact needs 'alert_source_token_file'",
                section.span,
            )
        )


INCIDENTIO: Final = Kind(
    "incidentio",
    Table(
        "an incident.io contact",
        (
            *COMMON_FIELDS,
            Field("url", "url"),
            Field("url_file", "path"),
            Field("alert_source_token", "secret"),
            Field("alert_source_token_file", "path"),
            Field("max_alerts", "natural"),
            Field("timeout", "nanoseconds"),
        ),
        required=(("url", "url_file"),),
        exclusive=(
            ("url", "url_file"),
            ("alert_source_token", "alert_source_token_file"),
        ),
        check=_one_authorization,
    ),
    since=(0, 29),
)
