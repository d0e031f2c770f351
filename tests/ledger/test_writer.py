"""The one writer: durable before it answers, all or nothing, unharmed by what fails."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from tests.ledger.ledger_machine import accountability
from tests.ledger.ledger_world import Clock, encoded, feed_alert, labels

from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.case import Observation
from buckstop.ledger.domain.observe import Grouping, observe
from buckstop.ledger.ledger import Ledger
from buckstop.ledger.payload import read_feed
from buckstop.ledger.store import SqliteStore, StoreError, StoreFullError, StoreReader
from buckstop.ledger.store.sqlite import SqliteTransaction
from buckstop.ledger.writer import WAITING_COMMANDS, OverloadedError, Writer
from buckstop.servers import await_until

SECONDS = 20


def observation(clock: Clock, **changes: str) -> Observation:
    """What a Prometheus reports."""
    body = encoded([feed_alert(labels(**changes), clock.now)])
    (seen,) = read_feed(body, "p", clock.now).observations
    return seen


def store_error(ledger: Ledger) -> str | None:
    """Why the last commit failed, read anew."""
    return ledger.store_error


@pytest.fixture
def clock() -> Clock:
    """A still clock."""
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[Ledger]:
    """A running ledger on a small disk."""
    store = SqliteStore(tmp_path / "ledger.db", max_pages=60)
    ledger = Ledger(store, accountability(), clock=clock)
    ledger.start()
    yield ledger
    ledger.stop()


def test_what_is_answered_is_on_disk(tmp_path: Path, ledger: Ledger, clock: Clock) -> None:
    """Another process sees an incident as soon as its sender has its answer."""
    ledger.record([observation(clock)]).result(SECONDS)
    reader = StoreReader(tmp_path / "ledger.db")
    assert [event.body.kind for event in reader.history(1)] == ["opened", "joined", "source_seen"]
    reader.close()


def test_a_full_disk_is_said_changes_nothing_and_heals(ledger: Ledger, clock: Clock) -> None:
    """While there is no space every sender hears it and memory stays true to the disk; what
    fits is recorded again, without a restart."""
    flood = [observation(clock, model=f"model-{index}") for index in range(500)]
    with pytest.raises(StoreFullError):
        ledger.record(flood).result(SECONDS)
    assert not ledger.book.incidents
    assert store_error(ledger) is not None
    ledger.record([observation(clock)]).result(SECONDS)
    assert len(ledger.book.incidents) == 1
    assert store_error(ledger) is None
    assert [event.body.kind for event in ledger.history(1)] == ["opened", "joined", "source_seen"]


def test_a_failing_command_takes_no_other_with_it(ledger: Ledger, clock: Clock) -> None:
    """A defect in one decision is its sender's alone, even in the same commit."""

    def fail(draft: Draft, now: datetime) -> None:
        grouping = Grouping(ledger.identity(), ("model",))
        observe(draft, observation(clock, model="half"), now, grouping, accountability().answer)
        raise RuntimeError("a defect")

    futures = [ledger.record([observation(clock, model=f"m{index}")]) for index in range(20)]
    failing = ledger._writer.submit(fail)
    futures += [ledger.record([observation(clock, model=f"n{index}")]) for index in range(20)]
    wait(futures, SECONDS)
    wait([failing], SECONDS)
    assert isinstance(failing.exception(), RuntimeError)
    assert all(future.exception() is None for future in futures)
    assert sorted(ledger.book.incidents) == list(range(1, 41))


def test_a_flood_is_shed_at_once(tmp_path: Path) -> None:
    """Beyond what can wait, senders are told to come again instead of waiting for ever."""
    writer = Writer(SqliteStore(tmp_path / "l.db"), lambda _d, _n: None, lambda _c: None)
    for _ in range(WAITING_COMMANDS):
        writer.submit(lambda _draft, _now: None)
    with pytest.raises(OverloadedError):
        writer.submit(lambda _draft, _now: None)
    writer.start()
    # Room comes back with the work done.
    await_until(writer._commands.empty, SECONDS, "an empty queue")
    writer.submit(lambda _draft, _now: None).result(SECONDS)
    writer.stop()


def test_after_an_io_error_it_goes_on_from_what_is_really_on_the_disk(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that failed in its last step may be on the disk: sent again, it is there once."""
    store = SqliteStore(tmp_path / "ledger.db")
    ledger = Ledger(store, accountability(), clock=clock)
    ledger.start()
    transaction = store.transaction

    @contextmanager
    def committed_and_failed() -> Iterator[SqliteTransaction]:
        with transaction() as current:
            yield current
        if current.head.size:
            raise StoreError("disk I/O error")

    monkeypatch.setattr(store, "transaction", committed_and_failed)
    with pytest.raises(StoreError):
        ledger.record([observation(clock)]).result(SECONDS)
    monkeypatch.undo()
    assert not ledger.book.incidents
    ledger.record([observation(clock)]).result(SECONDS)
    assert list(ledger.book.incidents) == [1]
    assert [event.body.kind for event in ledger.history(1)] == ["opened", "joined", "source_seen"]
    ledger.stop()


def test_a_defect_and_an_io_error_at_once_leave_the_writer_working(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever comes together, every sender has an answer, and the next is recorded."""
    store = SqliteStore(tmp_path / "ledger.db")
    ledger = Ledger(store, accountability(), clock=clock)
    transaction = store.transaction

    @contextmanager
    def failing() -> Iterator[SqliteTransaction]:
        with transaction() as current:
            yield current
        monkeypatch.undo()
        raise StoreError("disk I/O error")

    def fail(draft: Draft, now: datetime) -> None:
        grouping = Grouping(ledger.identity(), ("model",))
        observe(draft, observation(clock, model="half"), now, grouping, accountability().answer)
        raise RuntimeError("a defect")

    monkeypatch.setattr(store, "transaction", failing)
    recorded, failed = ledger.record([observation(clock)]), ledger._writer.submit(fail)
    ledger.start()
    assert isinstance(recorded.exception(SECONDS), StoreError)
    assert isinstance(failed.exception(SECONDS), StoreError)
    ledger.record([observation(clock)]).result(SECONDS)
    assert list(ledger.book.incidents) == [1]
    ledger.stop()


def test_a_restart_right_after_an_answer_loses_nothing(tmp_path: Path, clock: Clock) -> None:
    """Stopping finishes what waits."""
    ledger = Ledger(SqliteStore(tmp_path / "ledger.db"), accountability(), clock=clock)
    ledger.start()
    futures = [ledger.record([observation(clock, model=f"m{index}")]) for index in range(50)]
    ledger.stop()
    assert all(future.done() and future.exception() is None for future in futures)
    again = SqliteStore(tmp_path / "ledger.db")
    assert len(again.load(clock.now).incidents) == 50
    again.close()
