"""``jira_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.diagnostics import Diagnostic
from buckstop.document import Field, Mapping, Table, is_nothing, texts
from buckstop.document.codes import VALUE_INVALID
from buckstop.document.tables import Inherited
from buckstop.document.versions import Version

_UPDATABLE: Final = Table("a Jira field", (Field("template"), Field("enable_update", "boolean")))

_UPDATABLE_FIELDS: Final = tuple(
    field
    for name in ("summary", "description")
    for field in (
        Field(name, until=(0, 30)),
        Field(name, _UPDATABLE, since=(0, 30), or_text=True),
    )
)


def _api_type_given(section: Mapping, _version: Version, findings: list[Diagnostic]) -> None:
    """An ``api_type`` without a value takes the default away."""
    api_type = section.get("api_type")
    if api_type is not None and is_nothing(api_type):
        findings.append(
            Diagnostic(
                VALUE_INVALID,
                "'api_type' has no value",
                api_type.span,
                hint="one of auto, cloud, datacenter; or leave it out",
            )
        )


JIRA: Final = Kind(
    "jira",
    Table(
        "a Jira contact",
        (
            *COMMON_FIELDS,
            Field("api_url", "url"),
            Field("api_type", since=(0, 29), choices=("auto", "cloud", "datacenter")),
            Field("project"),
            *_UPDATABLE_FIELDS,
            *texts("priority", "issue_type"),
            Field("labels", "texts"),
            *texts("reopen_transition", "resolve_transition", "wont_fix_resolution"),
            Field("reopen_duration", "duration"),
            Field("fields", "anything_map"),
        ),
        required=(("project",), ("issue_type",)),
        inherits=(Inherited("the URL of a Jira", ("api_url",), ("jira_api_url",)),),
        check=_api_type_given,
    ),
    since=(0, 28),
)
