"""The fields of a rule file."""

from __future__ import annotations

from typing import Final

from buckstop.prometheus.table import Field, Table

RULE_FILE: Final = Table("(top)", "a rule file", (Field("groups", "list"),))

GROUP: Final = Table(
    "groups[]",
    "a group of rules",
    (
        Field("name"),
        Field("interval", "duration"),
        Field("query_offset", "duration", since=(2, 53)),
        Field("limit", "integer"),
        Field("labels", "labels", since=(3, 0)),
        Field("rules", "list"),
    ),
)

RULE: Final = Table(
    "groups[].rules[]",
    "a rule",
    (
        Field("record"),
        Field("alert"),
        Field("expr", "expression"),
        Field("for", "duration"),
        Field("keep_firing_for", "duration"),
        Field("labels", "labels"),
        Field("annotations", "labels"),
    ),
)

RULE_TABLES: Final = (RULE_FILE, GROUP, RULE)
