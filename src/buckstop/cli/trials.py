"""Expectations tried on routes: what each alert meets, and what of the routes no alert reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from buckstop.alertmanager import RouteMatch
from buckstop.cli.codes import EXPECTATION_NAME_UNKNOWN, EXPECTATION_UNMET
from buckstop.cli.expectations import Expectation
from buckstop.cli.label_sets import whole_characters
from buckstop.cli.route_answer import Answerer, RouteAnswer, Routes
from buckstop.diagnostics import Diagnostic, Span, did_you_mean

MAX_REMEMBERED: Final = 1_000
"""Sets of a moment and of firing alerts for which what answers is kept; then it is made anew."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One expectation, and what came of it.

    Attributes:
        unmet: a finding for each part that is not as expected.
    """

    expectation: Expectation
    answer: RouteAnswer
    unmet: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of the routes the alerts of the expectations reach.

    Attributes:
        reached, missed: the routes. An alert reaches the routes that it takes and those above.
        receivers_reached, receivers_missed: of the receivers that some route names.
    """

    reached: tuple[RouteMatch, ...]
    missed: tuple[RouteMatch, ...]
    receivers_reached: tuple[str, ...]
    receivers_missed: tuple[str, ...]

    def is_under(self, per_cent: float) -> bool:
        """Whether less than this share of the routes is reached."""
        return 100 * len(self.reached) < per_cent * (len(self.reached) + len(self.missed))


def attempt(routes: Routes, expectations: Iterable[Expectation]) -> Iterator[Trial]:
    """Try each expectation on `routes`.

    Raises:
        TimeZoneUnknownError: this machine does not know the zone of an interval.
    """
    answerers: dict[tuple[datetime | None, str], Answerer] = {}
    for one in expectations:
        key = (one.at, repr(one.firing))
        answerer = answerers.get(key)
        if answerer is None:
            if len(answerers) >= MAX_REMEMBERED:
                answerers.clear()
            answerer = Answerer(routes, one.at, map(whole_characters, one.firing))
            answerers[key] = answerer
        answer = answerer.answer(whole_characters(one.labels))
        yield Trial(one, answer, tuple(_unmet(one, answer)))


def _unmet(one: Expectation, answer: RouteAnswer) -> Iterator[Diagnostic]:
    expected = one.expected
    if expected.receivers is not None:
        receivers = tuple(receiver.text for receiver in expected.receivers)
        if receivers != answer.receivers:
            yield _finding(one, "receivers", _list(receivers), _list(answer.receivers))
    if expected.team is not None and expected.team.text != (answer.team or ""):
        yield _finding(one, "team", expected.team.text or "no team", answer.team or "no team")
    if expected.muted is not None and expected.muted is not answer.muted:
        yield _finding(one, "muted", _yes(expected.muted), _yes(bool(answer.muted)))
    inhibited = answer.inhibition is not None
    if expected.inhibited is not None and expected.inhibited is not inhibited:
        yield _finding(one, "inhibited", _yes(expected.inhibited), _yes(inhibited))


def _finding(one: Expectation, part: str, expected: str, got: str) -> Diagnostic:
    message = f"{one.name}: {part}: expected {expected}, got {got}"
    return Diagnostic(EXPECTATION_UNMET, message, one.expected.places[part])


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "nobody"


def _yes(value: bool) -> str:  # noqa: FBT001 - what a word stands for
    return "true" if value else "false"


def unknown_names(routes: Routes, expectations: Iterable[Expectation]) -> Iterator[Diagnostic]:
    """Receivers and teams that are expected, and that there are none of."""
    receivers = [receiver.name for receiver in routes.config.receivers]
    teams = routes.ownership.teams
    for one in expectations:
        for receiver in one.expected.receivers or ():
            if receiver.text not in receivers:
                yield _unknown("receiver", receiver.text, receiver.span, receivers)
        team = one.expected.team
        if team is not None and team.text and team.text not in teams:
            yield _unknown("team", team.text, team.span, teams)


def _unknown(what: str, name: str, span: Span, known: Iterable[str]) -> Diagnostic:
    return Diagnostic(
        EXPECTATION_NAME_UNKNOWN,
        f"the routes know no {what} '{name}'",
        span,
        hint=did_you_mean(name, known),
    )


def coverage(routes: Routes, trials: Iterable[Trial]) -> Coverage:
    """What the alerts of `trials` reach, met or not."""
    paths: set[tuple[int, ...]] = set()
    told: set[str] = set()
    for trial in trials:
        for taken in trial.answer.taken:
            path = taken.match.path
            paths.update(path[:length] for length in range(len(path) + 1))
            told.add(taken.match.receiver)
    every = tuple(routes.router.every())
    named = tuple(dict.fromkeys(match.receiver for match in every))
    return Coverage(
        reached=tuple(match for match in every if match.path in paths),
        missed=tuple(match for match in every if match.path not in paths),
        receivers_reached=tuple(name for name in named if name in told),
        receivers_missed=tuple(name for name in named if name not in told),
    )
