"""``jira_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.table import Field, Inherited, Kind, Table, texts

JIRA: Final = Kind(
    "jira",
    Table(
        "a Jira contact",
        (
            *COMMON_FIELDS,
            Field("api_url", "url"),
            Field("api_type", since=(0, 29), choices=("auto", "cloud", "datacenter")),
            *texts("project", "summary", "description", "priority", "issue_type"),
            Field("labels", "texts"),
            *texts("reopen_transition", "resolve_transition", "wont_fix_resolution"),
            Field("reopen_duration", "duration"),
            Field("fields", "anything"),
        ),
        required=(("project",), ("issue_type",)),
        inherits=(Inherited("the URL of a Jira", ("api_url",), ("jira_api_url",)),),
    ),
    since=(0, 28),
)
