"""``opsgenie_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.diagnostics import Diagnostic
from buckstop.document import Field, Mapping, Scalar, Sequence, Table, is_nothing, texts
from buckstop.document.codes import KEY_MISSING, VALUE_INVALID
from buckstop.document.tables import Inherited
from buckstop.document.values import is_template
from buckstop.document.versions import Version

_TYPES: Final = ("team", "teams", "user", "escalation", "schedule")


def _known_type(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """The type is team, teams, user, escalation or schedule, in any case, or a template."""
    found = section.get("type")
    if not isinstance(found, Scalar) or found.text == "" or is_template(found.text):
        return
    if found.text.lower() not in _TYPES:
        findings.append(
            Diagnostic(
                VALUE_INVALID,
                f"'{found.text}' is no type of responder",
                found.span,
                hint=f"one of {', '.join(_TYPES)}",
            )
        )


def _no_responder_missing(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """No item of ``responders`` is null."""
    responders = section.get("responders")
    findings.extend(
        Diagnostic(KEY_MISSING, "an Opsgenie responder needs 'type'", item.span)
        for item in (responders.items if isinstance(responders, Sequence) else ())
        if is_nothing(item)
    )


_RESPONDER: Final = Table(
    "an Opsgenie responder",
    (
        *texts("id", "name", "username"),
        Field("type"),
    ),
    required=(("id", "name", "username"), ("type",)),
    check=_known_type,
)

OPSGENIE: Final = Kind(
    "opsgenie",
    Table(
        "an Opsgenie contact",
        (
            *COMMON_FIELDS,
            Field("api_key", "secret"),
            Field("api_key_file", "path"),
            Field("api_url", "url"),
            *texts("message", "description", "source"),
            Field("details", "text_map"),
            Field("entity"),
            Field("responders", _RESPONDER, many=True),
            *texts("actions", "tags", "note", "priority"),
            Field("update_alerts", "boolean"),
        ),
        exclusive=(("api_key", "api_key_file"),),
        inherits=(
            Inherited(
                "an API key",
                ("api_key", "api_key_file"),
                ("opsgenie_api_key", "opsgenie_api_key_file"),
            ),
        ),
        check=_no_responder_missing,
    ),
)
