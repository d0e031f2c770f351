"""The one writer: decisions in order, many in one durable commit, answered only after it.

Commands wait in a bounded queue. The writer takes all that wait, decides each on top of the
others, commits once, and only then tells their senders. When the store fails, none of them
happened: the book stays as it was, the senders hear it and send again.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any, TypeVar

from buckstop.ledger.domain.book import Book, Draft
from buckstop.ledger.domain.events import Event
from buckstop.ledger.store import Store, StoreError, StoreFullError

log = logging.getLogger(__name__)

T = TypeVar("T")
Command = Callable[[Draft, datetime], T]
"""Decides and records in the draft; called with the time at which it is decided."""

WAITING_COMMANDS = 1_000
"""Beyond this many the ledger is overloaded and says so at once."""
COMMANDS_PER_COMMIT = 200
WATCH_SECONDS = 5.0
"""How often the ledger looks around by itself: at leases, and at what is missing."""


class OverloadedError(Exception):
    """Too many commands wait; try again."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What has become durable.

    Attributes:
        position: of the record's last event.
        seconds: how long deciding and committing took.
    """

    book: Book
    events: Sequence[Event]
    position: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Waiting:
    command: Command[Any]
    answer: Future[Any] = field(default_factory=Future)


class Writer:
    """Owns the store and the book; one thread.

    Args:
        store: open; the writer closes it.
        watch: what the ledger notices by itself; run every `WATCH_SECONDS`.
        on_commit: told of every commit that changed the record, in the writer's thread.
        clock: the present time in UTC.
    """

    def __init__(
        self,
        store: Store,
        watch: Command[None],
        on_commit: Callable[[Commit], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._watch = watch
        self._on_commit = on_commit
        self._clock = clock
        self._commands: queue.Queue[_Waiting | None] = queue.Queue(WAITING_COMMANDS)
        self._book = store.load(clock())
        self._broken = False
        self._last_error: str | None = None
        self._errors = 0
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)

    @property
    def book(self) -> Book:
        """The book as last committed; an immutable value, for any thread."""
        return self._book

    @property
    def last_error(self) -> str | None:
        """What the store's last commit failed of; None after one that succeeded."""
        return self._last_error

    @property
    def errors(self) -> int:
        """How many commits have failed."""
        return self._errors

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then close the store."""
        self._commands.put(None)
        self._thread.join()
        self._store.close()

    def submit(self, command: Command[T]) -> Future[T]:
        """Have `command` decided and committed.

        The future has its result once that is durable, its exception where it refused, and a
        StoreError where nothing could be committed. Raises OverloadedError at once.
        """
        waiting = _Waiting(command)
        try:
            self._commands.put_nowait(waiting)
        except queue.Full:
            raise OverloadedError("too many requests wait for the ledger's store") from None
        return waiting.answer

    def _run(self) -> None:
        next_watch = self._clock()
        while True:
            batch, stopping = self._take()
            now = self._clock()
            if now >= next_watch:
                next_watch = now + timedelta(seconds=WATCH_SECONDS)
                batch.append(_Waiting(self._watch_and_prune))
            if batch:
                self._commit(batch)
            if stopping:
                return

    def _take(self) -> tuple[list[_Waiting], bool]:
        batch: list[_Waiting] = []
        try:
            waiting = self._commands.get(timeout=WATCH_SECONDS)
            while waiting is not None:
                batch.append(waiting)
                if len(batch) >= COMMANDS_PER_COMMIT:
                    return batch, False
                waiting = self._commands.get_nowait()
        except queue.Empty:
            return batch, False
        return batch, True

    def _watch_and_prune(self, draft: Draft, now: datetime) -> None:
        try:
            self._watch(draft, now)
        except Exception:
            log.exception("the ledger's own watch failed")
            raise
        draft.prune(now)

    def _commit(self, batch: list[_Waiting]) -> None:
        started = perf_counter()
        try:
            self._mend()
        except StoreError as error:
            self._failed(error)
            for waiting in batch:
                waiting.answer.set_exception(error)
            return
        draft = Draft(self._book)
        answers: list[tuple[Future[Any], Any, Exception | None]] = []
        for waiting in batch:
            marked = len(draft.events), len(draft.leases)
            # Whatever a command raises, its sender must hear it.
            try:
                answers.append((waiting.answer, waiting.command(draft, self._clock()), None))
            except Exception as refused:
                if marked != (len(draft.events), len(draft.leases)):
                    # It failed half-way. Decide each alone, so that it takes no other with it.
                    if len(batch) > 1:
                        for alone in batch:
                            self._commit([alone])
                        return
                    draft = Draft(self._book)
                answers.append((waiting.answer, None, refused))
        try:
            position = self._append(draft)
        except StoreError as error:
            self._failed(error)
            for answer, _, refused_by in answers:
                answer.set_exception(refused_by or error)
            return
        self._book = draft.book()
        self._last_error = None
        for answer, result, refused_by in answers:
            if refused_by is None:
                answer.set_result(result)
            else:
                answer.set_exception(refused_by)
        if position is not None:
            self._on_commit(Commit(self._book, draft.events, position, perf_counter() - started))

    def _append(self, draft: Draft) -> int | None:
        if not draft.events and not draft.leases:
            return None
        return self._store.append(draft.events, draft.leases.values(), draft.changed.values())

    def _mend(self) -> None:
        """After an error of the disk, begin again from what is really on it."""
        if self._broken:
            self._store.reopen()
            self._book = self._store.load(self._clock())
            self._broken = False

    def _failed(self, error: StoreError) -> None:
        self._errors += 1
        self._broken = not isinstance(error, StoreFullError)
        if self._last_error is None:
            log.error("%s; nothing of it is recorded, senders are asked to send again", error)
        self._last_error = str(error)
