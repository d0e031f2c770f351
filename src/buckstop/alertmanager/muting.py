"""Which time intervals keep a route from notifying."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from buckstop.alertmanager.model import Route
from buckstop.alertmanager.time_ranges import TimeInterval


def muted_by(
    route: Route, intervals: Mapping[str, TimeInterval], moment: datetime
) -> tuple[str, ...]:
    """The intervals that keep `route` from notifying at `moment`; none where it notifies.

    These are the active intervals where it has some and `moment` lies in none of them, else the
    mute intervals that hold. A route's own intervals count; none are inherited. A name that
    `intervals` lacks, for which the server refuses the file, never holds.

    Raises:
        TimeZoneUnknownError: if a location is not known here.
    """

    def holds(name: str) -> bool:
        return name in intervals and intervals[name].holds(moment)

    active = route.active_time_intervals
    if active and not any(holds(name) for name in active):
        return active
    return tuple(name for name in route.mute_time_intervals if holds(name))
