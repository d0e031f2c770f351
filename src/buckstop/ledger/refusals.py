"""Acts that were refused, on the record; bounded, so that nobody can fill it by trying.

The first try is an entry at once. The same again is counted, and is one more entry when its window
ends. What a person tries beyond `TRIES` different things in a window is counted together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from buckstop.ledger.domain.act_events import Refused, RefusedReason
from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.events import Actor, Event

WINDOW_SECONDS = 600.0
TRIES = 20
"""The most different things of one person in a window that are told apart."""


@dataclass(frozen=True, slots=True)
class Try:
    """Something that a person was not let do.

    Attributes:
        act: the act's name, or the scope that was needed.
        about: the incident's number; None where none was named.
        why: the sentence that they were told.
    """

    person: str
    act: str
    about: int | None
    reason: RefusedReason
    why: str


@dataclass(frozen=True, slots=True)
class _Counted:
    """A window: tries that are not on record yet, if any.

    Attributes:
        since: when the window began.
    """

    since: datetime
    times: int = 0


class Refusals:
    """Decides what goes on record when; for the writer's thread alone."""

    def __init__(self) -> None:
        self._windows: dict[Try, _Counted] = {}

    def take(self, draft: Draft, now: datetime, tried: Try) -> None:
        """Record `tried` in `draft`, or count it until its window ends."""
        window = self._windows.get(tried)
        if window is None:
            others = sum(one.person == tried.person for one in self._windows)
            if others < TRIES:
                self._windows[tried] = _Counted(now)
                _record(draft, now, tried, 1, now)
                return
            tried = Try(tried.person, "several", None, "too_many", "more than can be told apart")
            window = self._windows.get(tried, _Counted(now))
        self._windows[tried] = replace(window, times=window.times + 1)

    def end_windows(
        self, draft: Draft, now: datetime, window_seconds: float = WINDOW_SECONDS
    ) -> None:
        """Record what was counted in windows that are over."""
        over = now - timedelta(seconds=window_seconds)
        for tried, window in list(self._windows.items()):
            if window.since <= over:
                del self._windows[tried]
                if window.times:
                    _record(draft, now, tried, window.times, window.since)


def _record(draft: Draft, now: datetime, tried: Try, times: int, since: datetime) -> None:
    body = Refused(tried.act, tried.about, tried.reason, times, since)
    draft.record(Event(0, now, Actor("person", tried.person), tried.why, None, body))
