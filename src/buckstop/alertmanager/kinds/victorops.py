"""``victorops_configs`` (Splunk On-Call)."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.codes import CONTACT_FIELDS_CONFLICT
from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.diagnostics import Diagnostic
from buckstop.document import Field, Mapping, Table, texts
from buckstop.document.tables import Inherited
from buckstop.document.versions import Version

_RESERVED: Final = frozenset(
    {
        "routing_key",
        "message_type",
        "state_message",
        "entity_display_name",
        "monitoring_tool",
        "entity_id",
        "entity_state",
    }
)


def _reserved_names(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """No custom field has the name of a fixed one."""
    custom = section.get("custom_fields")
    findings.extend(
        Diagnostic(
            CONTACT_FIELDS_CONFLICT,
            f"a custom field cannot be called '{entry.key.text}': VictorOps has a field of that "
            "name",
            entry.key.span,
        )
        for entry in (custom.entries if isinstance(custom, Mapping) else ())
        if entry.key.text in _RESERVED
    )


VICTOROPS: Final = Kind(
    "victorops",
    Table(
        "a VictorOps contact",
        (
            *COMMON_FIELDS,
            Field("api_key", "secret"),
            Field("api_key_file", "path"),
            Field("api_url", "url"),
            *texts("routing_key", "message_type", "state_message", "entity_display_name"),
            Field("monitoring_tool"),
            Field("custom_fields", "text_map"),
        ),
        required=(("routing_key",),),
        exclusive=(("api_key", "api_key_file"),),
        inherits=(
            Inherited(
                "an API key",
                ("api_key", "api_key_file"),
                ("victorops_api_key", "victorops_api_key_file"),
            ),
        ),
        check=_reserved_names,
    ),
)
