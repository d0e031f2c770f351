"""``jira_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.table import Field, Inherited, Kind, Table, texts

_UPDATABLE: Final = Table("a Jira field", (Field("template"), Field("enable_update", "boolean")))

_UPDATABLE_FIELDS: Final = tuple(
    field
    for name in ("summary", "description")
    for field in (
        Field(name, until=(0, 30)),
        Field(name, _UPDATABLE, since=(0, 30), or_text=True),
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
    ),
    since=(0, 28),
)
