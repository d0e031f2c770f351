"""When the routes that an alert takes notify, and how the hours in which none does are said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from buckstop.alertmanager import RouteMatch
from buckstop.alertmanager.coverage import Coverage, NotDecided, coverage
from buckstop.alertmanager.model import AlertmanagerConfig, Route
from buckstop.alertmanager.week import said_hours

NO_CLOCK: Final = date(2026, 1, 1)
"""Since when it is asked who is told, where nobody gives today's date."""


def told_by(
    config: AlertmanagerConfig, matches: Iterable[RouteMatch], since: date
) -> Coverage | NotDecided:
    """When one of the routes that `matches` end at notifies."""
    intervals = {interval.name: interval for interval in config.time_intervals}
    return coverage((match.route for match in matches), intervals, since)


def has_intervals(route: Route) -> bool:
    """Whether there may be times at which `route` does not notify."""
    return bool(route.mute_time_intervals or route.active_time_intervals)


def said_gaps(told: Coverage) -> str:
    """``Sat 00:00–Sun 24:00 Europe/Berlin``, and what is so in some weeks only, with the reason."""
    never = said_hours([one for one in told.gaps if one.told == "never"])
    at_times = said_hours([one for one in told.gaps if one.told == "at times"])
    why = f"by {', '.join(told.asked)}" if told.asked else "as clocks change"
    if not at_times:
        return f"{never} {told.zone}"
    if not never:
        return f"{at_times} {told.zone} in some weeks ({why})"
    return f"{never} {told.zone} and, in some weeks ({why}), {at_times}"


def said_moment(moment: datetime) -> str:
    """As `buckstop route --at` takes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
