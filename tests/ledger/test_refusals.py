"""What was refused is on record, first at once, then counted: nobody fills it by trying."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.ledger.ledger_world import Clock

from buckstop.ledger.domain.act_events import Refused
from buckstop.ledger.domain.book import Book, Draft
from buckstop.ledger.refusals import TRIES, WINDOW_SECONDS, Refusals, Try

RESOLVE = Try("li", "resolve", 1, "not_a_member", "only members of Infrastructure SRE do")


class Recorder:
    """Refusals on a draft, and what of them went on record."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.draft = Draft(Book())
        self.refusals = Refusals()

    def refuse(self, tried: Try, times: int = 1) -> None:
        """Have `tried` refused."""
        for _ in range(times):
            self.refusals.take(self.draft, self.clock.now, tried)

    def pass_time(self, seconds: float) -> None:
        """Let the ledger look around after `seconds`."""
        self.clock.advance(seconds)
        self.refusals.end_windows(self.draft, self.clock.now)

    @property
    def recorded(self) -> list[tuple[str, str, int | None, str, int]]:
        """Person, act, incident, reason and count of each entry."""
        found: list[tuple[str, str, int | None, str, int]] = []
        for event in self.draft.events:
            assert isinstance(event.body, Refused)
            assert (event.incident, event.by.kind) == (0, "person")
            body = event.body
            found.append((event.by.name, body.act, body.about, body.reason, body.times))
        return found


@pytest.fixture
def recorder() -> Recorder:
    """Nothing has been refused yet."""
    return Recorder()


def test_the_first_try_is_on_record_at_once(recorder: Recorder) -> None:
    """Who tried what on which incident, and why they were not let."""
    recorder.refuse(RESOLVE)
    assert recorder.recorded == [("li", "resolve", 1, "not_a_member", 1)]
    assert recorder.draft.events[0].why == RESOLVE.why


def test_the_same_again_is_counted_and_recorded_when_the_window_ends(recorder: Recorder) -> None:
    """A thousand tries are two entries, and the second says how many."""
    recorder.refuse(RESOLVE, 1_000)
    assert len(recorder.recorded) == 1
    recorder.pass_time(WINDOW_SECONDS - 1)
    assert len(recorder.recorded) == 1
    recorder.pass_time(1)
    assert recorder.recorded[1:] == [("li", "resolve", 1, "not_a_member", 999)]
    body = recorder.draft.events[1].body
    assert isinstance(body, Refused)
    assert body.since == recorder.clock.now - timedelta(seconds=WINDOW_SECONDS)
    recorder.pass_time(WINDOW_SECONDS)
    assert len(recorder.recorded) == 2
    recorder.refuse(RESOLVE)
    assert recorder.recorded[2:] == [("li", "resolve", 1, "not_a_member", 1)]


def test_many_different_tries_of_one_person_are_counted_together(recorder: Recorder) -> None:
    """Walking through all incidents does not grow the record with them; others are told apart."""
    for number in range(1, 1_001):
        recorder.refuse(Try("li", "resolve", number, "not_a_member", "no"))
    recorder.refuse(Try("eve", "note", 7, "not_a_member", "no"))
    assert len(recorder.recorded) == TRIES + 1
    recorder.pass_time(WINDOW_SECONDS)
    assert recorder.recorded[TRIES:] == [
        ("eve", "note", 7, "not_a_member", 1),
        ("li", "several", None, "too_many", 1_000 - TRIES),
    ]
