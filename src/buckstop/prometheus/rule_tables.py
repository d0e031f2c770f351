"""The fields of a rule file."""

from __future__ import annotations

from typing import Final

from buckstop.document import Field, Table

RULE: Final = Table(
    "a rule",
    (
        Field("record"),
        Field("alert"),
        Field("expr", "expression"),
        Field("for", "duration"),
        Field("keep_firing_for", "duration"),
        Field("labels", "text_map"),
        Field("annotations", "text_map"),
    ),
)

GROUP: Final = Table(
    "a group of rules",
    (
        Field("name"),
        Field("interval", "duration"),
        Field("query_offset", "duration", since=(2, 53)),
        Field("limit", "integer"),
        Field("labels", "text_map", since=(3, 0)),
        Field("rules", RULE, many=True),
    ),
)

RULE_FILE: Final = Table("a rule file", (Field("groups", GROUP, many=True),))
