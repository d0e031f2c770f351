"""What comes of an alert's routes: whom they tell and when, and which teams answer by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from buckstop.alertmanager import RouteMatch, Router
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.alertmanager.time_ranges import TimeRange
from buckstop.prover.ownership import Claim, Kind, Ownership, claim, paged_teams


@dataclass(frozen=True, slots=True)
class Timing:
    """When a route notifies, and which alerts together.

    Attributes:
        group_by: sorted; ``...`` alone for all labels.
        muted, active: the names of its intervals, which `muted_in` and `active_in` compare.
        muted_in, active_in: the times of them; None for no active interval: at all times.
    """

    group_by: tuple[str, ...]
    group_wait_seconds: float
    group_interval_seconds: float
    repeat_interval_seconds: float
    muted: tuple[str, ...] = field(compare=False)
    active: tuple[str, ...] = field(compare=False)
    muted_in: frozenset[TimeRange]
    active_in: frozenset[TimeRange] | None


@dataclass(frozen=True, slots=True)
class Telling:
    """One receiver that is told, and when."""

    receiver: str
    timing: Timing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of an alert. The order in which receivers are told is no part of it.

    Attributes:
        tellings: sorted; one that is told by two routes is there twice.
        teams: sorted; those who answer, or believe so.
        matches: the routes taken, in the order of notification.
    """

    tellings: tuple[Telling, ...]
    teams: tuple[str, ...]
    matches: tuple[RouteMatch, ...] = field(compare=False)

    @property
    def receivers(self) -> tuple[str, ...]:
        """Those who are told, sorted."""
        return tuple(one.receiver for one in self.tellings)

    @property
    def timings(self) -> tuple[Timing, ...]:
        """When they are, in the order of `receivers`."""
        return tuple(one.timing for one in self.tellings)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a route's match means, whatever the alert: equal ones are told and answered alike.

    Attributes:
        otherwise: what its receiver is to alerts of any team but those of `by_team`.
        by_team: to alerts of these.
    """

    telling: Telling
    otherwise: tuple[Kind, str | None]
    by_team: frozenset[tuple[str, Kind, str | None]]


@dataclass(slots=True)
class Routing:
    """One state of the routes, and whose its receivers are."""

    config: AlertmanagerConfig
    router: Router
    ownership: Ownership
    team_label: str
    _tellings: dict[tuple[int, ...], Telling] = field(default_factory=dict, init=False)
    _ranges: Mapping[str, tuple[TimeRange, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self._ranges = {one.name: one.ranges for one in self.config.time_intervals}

    def telling(self, match: RouteMatch) -> Telling:
        """Whom the route tells, and when."""
        found = self._tellings.get(match.path)
        if found is None:
            found = Telling(match.receiver, self._timing(match))
            self._tellings[match.path] = found
        return found

    def meaning(self, match: RouteMatch) -> Meaning:
        """All of the route that makes a difference to whom it tells and who answers."""
        otherwise = self._claim(match, None)
        by_team = ((team, self._claim(match, team)) for team in self._teams_of(match))
        return Meaning(
            self.telling(match),
            (otherwise.kind, otherwise.team),
            frozenset(
                (team, found.kind, found.team)
                for team, found in by_team
                if (found.kind, found.team) != (otherwise.kind, otherwise.team)
            ),
        )

    def deciding_teams(self, matches: Iterable[RouteMatch]) -> frozenset[str]:
        """The values of the team label by which it differs who answers on these routes."""
        return frozenset(team for match in matches for team in self._teams_of(match))

    def outcome(self, matches: tuple[RouteMatch, ...], team: str | None) -> Outcome:
        """What comes of alerts on these routes; `team` is their team label, or None."""
        return Outcome(
            tuple(sorted(map(self.telling, matches), key=_order)),
            tuple(sorted(paged_teams(self._claim(match, team) for match in matches))),
            matches,
        )

    def _teams_of(self, match: RouteMatch) -> tuple[str, ...]:
        """The one team whose alerts are told from others by what the receiver is to them.

        A receiver that is declared, or to which the routes of several lead, is the same to all.
        """
        declared = match.receiver in self.ownership.declared
        teams = () if declared else self.ownership.led_to.get(match.receiver, ())
        return teams if len(teams) == 1 else ()

    def _claim(self, match: RouteMatch, team: str | None) -> Claim:
        return claim(self.ownership, self.config, match, self.team_label, team)

    def _timing(self, match: RouteMatch) -> Timing:
        options, route = match.options, match.route
        active = route.active_time_intervals
        return Timing(
            ("...",) if options.group_by_all else tuple(sorted(set(options.group_by))),
            options.group_wait_seconds,
            options.group_interval_seconds,
            options.repeat_interval_seconds,
            route.mute_time_intervals,
            active,
            self._times(route.mute_time_intervals),
            self._times(active) if active else None,
        )

    def _times(self, names: Iterable[str]) -> frozenset[TimeRange]:
        return frozenset(one for name in names for one in self._ranges.get(name, ()))


def _order(telling: Telling) -> tuple[str, str]:
    return telling.receiver, repr(telling.timing)
