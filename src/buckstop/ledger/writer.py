"""The one writer of a server: decisions in order, many in one durable commit, answered after it.

Commands wait in a bounded queue. The writer takes all that wait and the record's end, reads what
other servers have recorded meanwhile, decides each command on top of all that, commits once, and
only then tells their senders. When the store fails, none of them happened: the senders hear it and
send again.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from time import monotonic, perf_counter
from typing import Any, TypeVar

from buckstop.ledger.deciding import Command, Decided, Waiting, decide
from buckstop.ledger.domain.book import Book, Draft
from buckstop.ledger.domain.events import Erased, Event
from buckstop.ledger.leadership import Leadership
from buckstop.ledger.store import Missed, Store, StoreError, StoreFullError, Transaction
from buckstop.ledger.store.errors import as_recorded

log = logging.getLogger(__name__)

T = TypeVar("T")

WAITING_COMMANDS = 1_000
"""Beyond this many the ledger is overloaded and says so at once."""
COMMANDS_PER_COMMIT = 200
BEAT_SECONDS = 1.0
"""How often the store is asked, when nobody is heard, what others recorded and who leads."""
WATCH_SECONDS = 5.0
"""How often the ledger looks around by itself: at leases, and at what is missing."""


class NotLeadingError(Exception):
    """Another server acts; nothing was decided."""


class OverloadedError(Exception):
    """Too many commands wait; try again."""


@dataclass(frozen=True, slots=True)
class Commit:
    """What has become durable, by this server or by another.

    Attributes:
        position: of the record's last event.
        seconds: how long deciding and committing took; 0 where others did.
    """

    book: Book
    events: Sequence[Event]
    position: int
    seconds: float


class _Signal(Enum):
    STOP = 1
    HEARD = 2
    """Another server has recorded something."""


@dataclass(frozen=True, slots=True)
class _Errand:
    """Work on the store that is no command, and where its sender waits for the answer."""

    work: Callable[[Store], Any]
    answer: Future[Any] = field(default_factory=Future)


class Writer:
    """Owns the store and the book; one thread.

    Args:
        store: open; the writer closes it.
        watch: what the ledger notices by itself; run every `WATCH_SECONDS`.
        on_commit: told of everything that changed the record, in the writer's thread.
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
        self._commands: queue.Queue[Waiting | _Errand | _Signal] = queue.Queue(WAITING_COMMANDS)
        self._undecided: list[Waiting] = []
        self._errands: list[_Errand] = []
        self._heard = threading.Event()
        self._book = store.load(clock())
        self._broken = False
        self._outdated = False
        self._last_error: str | None = None
        self._errors = 0
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._listening = store.listen(self._hear)
        self.leadership = Leadership(alone=self._listening is None)

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

    @property
    def leads(self) -> bool:
        """Whether what a command decides is recorded as the leader's; in a command only."""
        return self._store.leads

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then close the store."""
        self._commands.put(_Signal.STOP)
        self._thread.join()
        if self._listening is not None:
            self._listening.close()
        self.leadership.lost()
        self._store.close()

    def submit(self, command: Command[T]) -> Future[T]:
        """Have `command` decided and committed.

        The future has its result once that is durable, its exception where it refused, and a
        StoreError where nothing could be committed. Raises OverloadedError at once.
        """
        waiting = Waiting(command)
        try:
            self._commands.put_nowait(waiting)
        except queue.Full:
            raise OverloadedError("too many requests wait for the ledger's store") from None
        return waiting.answer

    def run(self, work: Callable[[Store], T]) -> Future[T]:
        """Have `work` done to the store between two commits; what is in memory is read anew after.

        The future has the result, or what it raised. Raises OverloadedError at once.
        """
        errand = _Errand(work)
        try:
            self._commands.put_nowait(errand)
        except queue.Full:
            raise OverloadedError("too many requests wait for the ledger's store") from None
        return errand.answer

    def submit_leading(self, command: Command[T]) -> Future[T]:
        """The same for what only the leader may do; the future may have a NotLeadingError."""

        def fenced(draft: Draft, now: datetime) -> T:
            if not self.leads:
                raise NotLeadingError("another server leads")
            return command(draft, now)

        return self.submit(fenced)

    def _hear(self) -> None:
        if not self._heard.is_set():
            self._heard.set()
            # In a full queue somebody waits, and each commit reads what others recorded.
            with contextlib.suppress(queue.Full):
                self._commands.put_nowait(_Signal.HEARD)

    def _run(self) -> None:
        next_watch = self._clock()
        next_beat = monotonic()
        while True:
            if monotonic() >= next_beat:
                next_beat = monotonic() + BEAT_SECONDS
                self._beat()
            batch, stopping = self._take()
            now = self._clock()
            if now >= next_watch:
                next_watch = now + timedelta(seconds=WATCH_SECONDS)
                batch.append(Waiting(self._watch_and_prune))
            if batch:
                self._commit(batch)
            elif self._heard.is_set():
                self._look()
            while self._errands:
                self._do(self._errands.pop(0))
            if stopping:
                while self._undecided:
                    batch, self._undecided = self._undecided, []
                    self._commit(batch)
                return

    def _take(self) -> tuple[list[Waiting], bool]:
        batch, self._undecided = self._undecided, []
        try:
            # What was left undecided waits no longer for more.
            waiting = self._commands.get(timeout=0 if batch else BEAT_SECONDS)
            while waiting is not _Signal.STOP:
                if isinstance(waiting, _Errand):
                    self._errands.append(waiting)
                    return batch, False
                if isinstance(waiting, Waiting):
                    batch.append(waiting)
                    if len(batch) >= COMMANDS_PER_COMMIT:
                        return batch, False
                elif not batch:
                    return batch, False
                waiting = self._commands.get_nowait()
        except queue.Empty:
            return batch, False
        return batch, True

    def _do(self, errand: _Errand) -> None:
        try:
            self._mend()
            result = errand.work(self._store)
        except Exception as error:
            errand.answer.set_exception(error)
        else:
            errand.answer.set_result(result)
        # It may have changed the record in part, even where it failed.
        self._outdated = True
        try:
            self._mend()
        except StoreError as error:
            self._failed(error)
            return
        self._tell((), 0.0)

    def _beat(self) -> None:
        """Ask the store who leads, and what others have recorded."""
        self._look()
        asked_at = monotonic()
        try:
            leads = not self._broken and self._store.lead()
        except StoreError:
            self._broken, leads = True, False
        if leads:
            self.leadership.confirmed(asked_at)
        else:
            self.leadership.lost()

    def _look(self) -> None:
        """Take up what others have recorded, without holding the record's end."""
        was_broken = self._broken
        try:
            self._mend()
            self._heard.clear()
            missed = self._store.missed()
            self._take_up(missed)
        except StoreError as error:
            self._failed(error)
            return
        if was_broken:
            self._last_error = None
        if missed.events:
            self._tell(missed.events, 0.0)

    def _watch_and_prune(self, draft: Draft, now: datetime) -> None:
        try:
            self._watch(draft, now)
        except Exception:
            log.exception("the ledger's own watch failed")
            raise
        draft.prune(now)

    def _commit(self, batch: Sequence[Waiting]) -> None:
        started = perf_counter()
        decided: Decided | None = Decided(Draft(self._book), (), batch)
        position = None
        try:
            with ExitStack() as stack:
                transaction = self._begun(stack)
                self._heard.clear()
                missed = transaction.missed
                self._take_up(missed)
                decided = decide(self._book, batch, self._clock)
                if decided is not None and (decided.draft.events or decided.draft.leases):
                    draft = decided.draft
                    changed = draft.changed.values()
                    position = transaction.append(draft.events, draft.leases.values(), changed)
        except StoreError as error:
            self._failed(error)
            (decided or Decided(Draft(self._book), (), batch)).tell_failed(error)
            return
        self._last_error = None
        if decided is None:
            self._tell(missed.events, 0.0)
            for alone in batch:
                self._commit([alone])
            return
        self._undecided.extend(decided.undecided)
        if position is not None:
            self._book = decided.draft.book()
        decided.tell()
        if position is not None or missed:
            self._tell((*missed.events, *decided.draft.events), perf_counter() - started)

    def _begun(self, stack: ExitStack) -> Transaction:
        """The store's transaction; begun anew once where its connection had been cut meanwhile."""
        self._mend()
        try:
            return stack.enter_context(self._store.transaction())
        except StoreFullError:
            raise
        except StoreError as error:
            log.info("%s; the store is opened again", error)
            self._broken = True
            self._mend()
            return stack.enter_context(self._store.transaction())

    def _take_up(self, missed: Missed) -> None:
        if not missed:
            return
        draft = Draft(self._book)
        with as_recorded():
            for event in missed.events:
                draft.record(event)
            for lease in missed.leases:
                draft.renew(lease)
        self._book = draft.book()
        # What was erased is in memory still.
        self._outdated |= any(isinstance(event.body, Erased) for event in missed.events)

    def _tell(self, events: Sequence[Event], seconds: float) -> None:
        self._on_commit(Commit(self._book, events, self._store.position, seconds))

    def _mend(self) -> None:
        """After an error of the store, begin again from what is really in it."""
        if self._broken:
            self.leadership.lost()
            self._store.reopen()
        if self._broken or self._outdated:
            self._book = self._store.load(self._clock())
            self._broken = self._outdated = False

    def _failed(self, error: StoreError) -> None:
        self._errors += 1
        self._broken = self._broken or not isinstance(error, StoreFullError)
        if self._last_error is None:
            log.error("%s; nothing of it is recorded, senders are asked to send again", error)
        self._last_error = str(error)
