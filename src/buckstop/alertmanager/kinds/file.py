"""The file as a whole, with the sections that decide where an alert goes.

The types of routes, matchers, inhibition rules and time intervals are read by hand, for they
decide; here stands which fields they have, and since when.
"""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.events import EVENT_RECORDER
from buckstop.alertmanager.kinds.every import KINDS
from buckstop.alertmanager.kinds.settings import GLOBAL
from buckstop.alertmanager.kinds.tracing import TRACING
from buckstop.document import Field, Table

ROUTE: Final = Table(
    "a route",
    (
        Field("receiver"),
        Field("matchers", "texts"),
        Field("match", "text_map"),
        Field("match_re", "text_map"),
        Field("continue", "boolean"),
        Field("group_by", "texts"),
        Field("group_wait", "duration"),
        Field("group_interval", "duration"),
        Field("repeat_interval", "duration"),
        Field("mute_time_intervals", "texts"),
        Field("active_time_intervals", "texts"),
        Field("labels", "text_map", since=(0, 34)),
        Field("routes", "read_elsewhere"),
    ),
)

INHIBIT_RULE: Final = Table(
    "an inhibition rule",
    (
        Field("name", since=(0, 30)),
        Field("source_matchers", "texts"),
        Field("source_match", "text_map"),
        Field("source_match_re", "text_map"),
        Field("target_matchers", "texts"),
        Field("target_match", "text_map"),
        Field("target_match_re", "text_map"),
        Field("equal", "texts"),
    ),
)

RECEIVER: Final = Table(
    "a receiver",
    (
        Field("name"),
        Field("labels", "text_map", since=(0, 33)),
        *(Field(f"{kind.name}_configs", kind.table, since=kind.since, many=True) for kind in KINDS),
    ),
    required=(("name",),),
)

TIME_OF_DAY: Final = Table(
    "a time of day",
    (Field("start_time"), Field("end_time")),
    required=(("start_time",), ("end_time",)),
)

TIME_RANGE: Final = Table(
    "a range of time",
    (
        Field("times", TIME_OF_DAY, many=True),
        Field("weekdays", "texts"),
        Field("days_of_month", "texts"),
        Field("months", "texts"),
        Field("years", "texts"),
        Field("location"),
    ),
)

TIME_INTERVAL: Final = Table(
    "a time interval",
    (Field("name"), Field("time_intervals", TIME_RANGE, many=True)),
    required=(("name",),),
)

FILE: Final = Table(
    "an Alertmanager configuration",
    (
        Field("global", GLOBAL),
        Field("route", ROUTE),
        Field("receivers", RECEIVER, many=True),
        Field("inhibit_rules", INHIBIT_RULE, many=True),
        Field("time_intervals", TIME_INTERVAL, many=True),
        Field("mute_time_intervals", TIME_INTERVAL, many=True),
        Field("templates", "texts"),
        Field("tracing", TRACING, since=(0, 30)),
        Field("event_recorder", EVENT_RECORDER, since=(0, 33)),
    ),
    required=(("route",),),
)
