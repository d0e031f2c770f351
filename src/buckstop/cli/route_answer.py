"""Where one alert goes on given routes, whose that is, and what keeps it from being notified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from buckstop.alertmanager import RouteMatch, Router
from buckstop.alertmanager.inhibition import Inhibition, Inhibitor
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.alertmanager.muting import muted_by
from buckstop.prover.ownership import Ownership, claim, paged_teams

MAX_REMEMBERED: Final = 100_000
"""Routes taken together whose team is kept; then they are found anew."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One route that the alert takes.

    Attributes:
        muted_by: the time intervals that keep it from notifying; None where it has intervals and
            no time was given.
    """

    match: RouteMatch
    muted_by: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class RouteAnswer:
    """Where an alert goes.

    Attributes:
        team: the one team that answers for it; None where there is none, several, or not known.
        inhibition: what keeps it quiet among the alerts that fire.
    """

    labels: Mapping[str, str]
    taken: tuple[Taken, ...]
    team: str | None
    inhibition: Inhibition | None

    @property
    def receivers(self) -> tuple[str, ...]:
        """In the order of notification, repeats included."""
        return tuple(one.match.receiver for one in self.taken)

    @property
    def muted(self) -> bool | None:
        """Whether no route may notify now; None where that depends on a time that is not given."""
        known = [one.muted_by for one in self.taken if one.muted_by is not None]
        if not all(known):
            return False
        return True if len(known) == len(self.taken) else None


@dataclass(frozen=True, slots=True)
class Routes:
    """The routes of one configuration, and whose its receivers are."""

    config: AlertmanagerConfig
    router: Router
    ownership: Ownership
    team_label: str

    def team_of(self, matches: Iterable[RouteMatch], value: str | None) -> str | None:
        """The one team that the routes taken lead to; None for none or several.

        `value` is the alert's team label, or None where it has none.
        """
        claims = [
            claim(self.ownership, self.config, match, self.team_label, value) for match in matches
        ]
        teams = paged_teams(claims)
        return teams[0] if len(teams) == 1 else None


@dataclass(frozen=True, slots=True)
class _Place:
    taken: tuple[Taken, ...]
    team: str | None


class Answerer:
    """Answers for many alerts, at one time and with the same alerts firing.

    Attributes:
        labels_that_place: no other label can change which routes are taken and whose they are.
        labels_that_inhibit: no other label can change what inhibits.
    """

    def __init__(
        self, routes: Routes, moment: datetime | None, firing: Iterable[Mapping[str, str]]
    ) -> None:
        """Take the routes, the time if it is to count, and the alerts that fire.

        Raises:
            TimeZoneUnknownError: when asked, if this machine does not know an interval's zone.
        """
        self.routes = routes
        self._moment = moment
        config = routes.config
        self._intervals = {interval.name: interval for interval in config.time_intervals}
        self._inhibitor = Inhibitor(config.inhibit_rules, firing)
        self._places: dict[tuple[str | None, tuple[tuple[int, ...], ...]], _Place] = {}
        self.labels_that_place = tuple(
            dict.fromkeys((*routes.router.labels_asked, routes.team_label))
        )
        self.labels_that_inhibit = self._inhibitor.labels_asked

    def answer(self, labels: Mapping[str, str]) -> RouteAnswer:
        """Where an alert with exactly `labels` goes."""
        matches = self.routes.router.route(labels)
        place = self._place(matches, labels.get(self.routes.team_label))
        return RouteAnswer(labels, place.taken, place.team, self.inhibition(labels))

    def inhibition(self, labels: Mapping[str, str]) -> Inhibition | None:
        """What keeps an alert with `labels` quiet among those that fire."""
        return self._inhibitor.inhibition(labels)

    def _place(self, matches: tuple[RouteMatch, ...], team_value: str | None) -> _Place:
        """What does not hang on the alert's other labels; the same routes are asked for often."""
        key = (team_value, tuple([match.path for match in matches]))
        place = self._places.get(key)
        if place is None:
            place = _Place(
                tuple(Taken(match, self._muted_by(match)) for match in matches),
                self.routes.team_of(matches, team_value or None),
            )
            if len(self._places) >= MAX_REMEMBERED:
                self._places.clear()
            self._places[key] = place
        return place

    def _muted_by(self, match: RouteMatch) -> tuple[str, ...] | None:
        route = match.route
        if not route.mute_time_intervals and not route.active_time_intervals:
            return ()
        if self._moment is None:
            return None
        return muted_by(route, self._intervals, self._moment)
