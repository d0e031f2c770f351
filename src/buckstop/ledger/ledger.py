"""The running ledger: observations and acts in, a record and its present state out."""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from buckstop.ledger import shadow
from buckstop.ledger.domain import act, handover, leading, watch
from buckstop.ledger.domain.acting import Acting
from buckstop.ledger.domain.book import Book, Draft
from buckstop.ledger.domain.case import Observation
from buckstop.ledger.domain.correction import correct
from buckstop.ledger.domain.events import Actor, Event, Proved, Stream, Withholding
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.labels import DEFAULT_REPLICA_LABELS, IdentityRule
from buckstop.ledger.domain.leading import Seen
from buckstop.ledger.domain.membership import Person
from buckstop.ledger.domain.observe import Grouping, Outcome
from buckstop.ledger.domain.refusal import ActRefusedError
from buckstop.ledger.erasing import ErasureRefusedError, erase
from buckstop.ledger.leadership import Leadership
from buckstop.ledger.outbox.intake import take_in
from buckstop.ledger.owner import Accountability
from buckstop.ledger.reconcile.decision import Outcome as Reconciled
from buckstop.ledger.reconcile.decision import Terms, reconcile
from buckstop.ledger.reconcile.round import Round
from buckstop.ledger.refusals import Refusals, Try
from buckstop.ledger.store import Eraser, Erasure, Store
from buckstop.ledger.writer import Commit, OverloadedError, Writer

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the ledger waits before it concludes anything.

    Attributes:
        unheard_seconds: until Alertmanager's silence about an alert that Prometheus reports is
            remarked upon.
        hearing_seconds: after a start, until leases that ran out meanwhile count as lost;
            Prometheus sends again every minute.
    """

    unheard_seconds: float = 60.0
    hearing_seconds: float = 150.0


class Ledger:
    """Everything the pages, the API and the intakes need; safe to use from any thread."""

    def __init__(
        self,
        store: Store,
        accountability: Accountability,
        *,
        replica_labels: Sequence[str] = DEFAULT_REPLICA_LABELS,
        patience: Patience | None = None,
        in_shadow: bool = False,
        eraser: Callable[[], Eraser] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """A ledger on `store`, which it closes at its end.

        Args:
            in_shadow: only observe: nobody acts; see `shadow`.
            eraser: opens what erases, where whoever serves may not.
        """
        self.is_shadow = in_shadow
        self._eraser = eraser
        self._accountability = accountability
        self._replica_labels = tuple(replica_labels)
        self._patience = patience or Patience()
        self._clock = clock
        self._deaf_until = clock() + timedelta(seconds=self._patience.hearing_seconds)
        self._refusals = Refusals()
        self._listeners: tuple[Callable[[Commit], None], ...] = ()
        self._rerouted_by: Accountability | None = None
        self._reader = store.reader()
        self._writer = Writer(store, self._watch, self._committed, clock)
        self._writer.leadership.listen(self._lead_changed)

    @property
    def accountability(self) -> Accountability:
        """The configuration by which owners are found now."""
        return self._accountability

    @property
    def book(self) -> Book:
        """The open incidents, as last committed."""
        return self._writer.book

    @property
    def leadership(self) -> Leadership:
        """Whether this server, of all that have the record, acts by itself."""
        return self._writer.leadership

    @property
    def store_error(self) -> str | None:
        """Why the last commit failed; None while the store works."""
        return self._writer.last_error

    @property
    def store_errors(self) -> int:
        """How many commits have failed."""
        return self._writer.errors

    def start(self) -> None:
        """Begin to record; a leader routes what is already open anew, by the configuration."""
        self._writer.start()
        if self.is_shadow and not shadow.is_shadow(self._reader):
            self._writer.submit(shadow.begin)
        self._writer.submit(self._reroute)

    def stop(self) -> None:
        """Finish what waits and close the store."""
        with contextlib.suppress(OverloadedError):
            self._writer.submit(lambda draft, now: self._refusals.end_windows(draft, now, 0.0))
        self._writer.stop()
        self._reader.close()

    def now(self) -> datetime:
        """The present time by the ledger's clock."""
        return self._clock()

    def listen(self, listener: Callable[[Commit], None]) -> Callable[[], None]:
        """Have `listener` told of every commit, in the writer's thread, until the result is called.

        Both from the event loop's thread, or before there is one.
        """
        self._listeners = (*self._listeners, listener)

        def end() -> None:
            self._listeners = tuple(one for one in self._listeners if one is not listener)

        return end

    def record(self, observations: Sequence[Observation]) -> Future[Counter[Outcome]]:
        """Record all of `observations` in one commit; how many came to what."""

        def command(draft: Draft, now: datetime) -> Counter[Outcome]:
            grouping, accountability = self._grouping(), self._accountability
            return Counter(
                take_in(draft, seen, now, grouping, accountability.answer) for seen in observations
            )

        return self._writer.submit(command)

    def acknowledge(self, number: int, person: Person, note: str) -> Future[Incident]:
        """Have `person` take notice of incident `number`; see `act.acknowledge`."""
        return self._act(person, lambda acting: act.acknowledge(acting, number, note))

    def note(self, number: int, person: Person, text: str) -> Future[Incident]:
        """Have `person` write something down; see `act.note`."""
        return self._act(person, lambda acting: act.note(acting, number, text))

    def resolve(self, number: int, person: Person, reason: str) -> Future[Incident]:
        """Have `person` end incident `number`; see `act.resolve`."""
        return self._act(person, lambda acting: act.resolve(acting, number, reason))

    def propose(
        self, number: int, person: Person, team: str, reason: str, *, seconds: float | None = None
    ) -> Future[Incident]:
        """Have `person` ask `team` to take incident `number` over; see `handover.propose`."""
        return self._act(
            person, lambda acting: handover.propose(acting, number, team, reason, seconds)
        )

    def accept(
        self, number: int, person: Person, proposal: int | None, note: str
    ) -> Future[Incident]:
        """Have `person` take incident `number` over for their team; see `handover.accept`."""
        return self._act(person, lambda acting: handover.accept(acting, number, proposal, note))

    def decline(
        self, number: int, person: Person, proposal: int | None, reason: str
    ) -> Future[Incident]:
        """Have `person` say no for their team; see `handover.decline`."""
        return self._act(person, lambda acting: handover.decline(acting, number, proposal, reason))

    def withdraw(
        self, number: int, person: Person, proposal: int | None, note: str
    ) -> Future[Incident]:
        """Have `person` take a proposal back; see `handover.withdraw`."""
        return self._act(person, lambda acting: handover.withdraw(acting, number, proposal, note))

    def assign(self, number: int, person: Person, team: str, reason: str) -> Future[Incident]:
        """Have `person` give incident `number` to `team`; see `handover.assign`."""
        return self._act(person, lambda acting: handover.assign(acting, number, team, reason))

    def correct(self, number: int, person: Person, entry: int, text: str) -> Future[Incident]:
        """Have `person` say what is wrong in an entry; see `correction.correct`.

        The future has a StoreError where the record cannot be read.
        """

        def deed(acting: Acting) -> Incident:
            so_far = (event for event in acting.draft.events if event.incident == number)
            return correct(acting, (*self._reader.history(number), *so_far), entry, text)

        return self._act(person, deed)

    def refuse(self, tried: Try) -> Future[None]:
        """Put on record that somebody was not let do something; see `refusals`."""
        return self._writer.submit(lambda draft, now: self._refusals.take(draft, now, tried))

    def erase(self, person: str, by: str, why: str) -> Erasure:
        """Erase what concerns `person`, here and in memory; waits until that is done.

        Raises:
            ErasureRefusedError: see `erasing.erase`; or whoever serves may not.
            StoreError: see `Eraser.erase`.
            StoreRefusedError: there is no connection to what erases.
            OverloadedError: too many wait.
        """
        now = self._clock()
        if self._eraser is not None:
            # Of that this server hears as of what others record, and reads its memory anew.
            with contextlib.closing(self._eraser()) as eraser:
                return erase(eraser, person, by, why, now)

        def work(store: Store) -> Erasure:
            if store.eraser is None:
                raise ErasureRefusedError(
                    "this ledger's role may only append to the record; `buckstop record erase` as "
                    "the owner of the tables erases, or a ledger with `serve --eraser`"
                )
            return erase(store.eraser, person, by, why, now)

        return self._writer.run(work).result()

    def erasures(self, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """What was erased, the newest first. Raises StoreError."""
        return self._reader.apart("erased", limit, offset)

    def refusals(self, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """What was refused, the newest first. Raises StoreError."""
        return self._reader.apart("refused", limit, offset)

    def prove(self, proved: Proved, why: str) -> Future[None]:
        """Put on record what a proof of what the servers have loaded came to."""
        prover = Actor("system", "prover")

        def command(draft: Draft, now: datetime) -> None:
            draft.record(Event(0, now, prover, why, None, proved))

        return self._writer.submit(command)

    def proofs(self, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """What was proven of what the servers have loaded, the newest first. Raises StoreError."""
        return self._reader.apart("proved", limit, offset)

    def load(self, accountability: Accountability) -> Future[None]:
        """From now on find owners by `accountability`; a leader does for what is open too."""
        self._accountability = accountability
        return self._writer.submit(self._reroute)

    def withhold(
        self, reports: Mapping[str, tuple[Withholding, ...]], alertmanager: str
    ) -> Future[None]:
        """Take up what the Alertmanager at that address withholds; see `watch.withhold`."""

        def command(draft: Draft, now: datetime) -> None:
            # All servers ask; one speaks.
            if self._writer.leads:
                watch.withhold(draft, now, reports, alertmanager)

        return self._writer.submit(command)

    def reconcile(
        self,
        rounds: Sequence[Round],
        waiting: Mapping[Stream, datetime],
        *,
        patience_seconds: float,
        lease_seconds: float,
    ) -> Future[Reconciled]:
        """Take in what servers hold and nobody has told of; see `reconcile.decision`."""

        def command(draft: Draft, now: datetime) -> Reconciled:
            answer = self._accountability.answer
            terms = Terms(patience_seconds, lease_seconds, self._grouping(), answer)
            return reconcile(draft, now, rounds, waiting, terms)

        return self._writer.submit(command)

    def lead(self, found: Mapping[int, Seen], present: AbstractSet[str] | None) -> Future[None]:
        """Take up what the outbox has seen on the Alertmanagers; see `leading`.

        Args:
            present: members that an Alertmanager has; None: not all of them answered.
        """

        def command(draft: Draft, now: datetime) -> None:
            leading.take_up(draft, now, found)
            if present is not None:
                leading.end_silenced(draft, now, present)

        return self._writer.submit(command)

    def identity(self) -> IdentityRule:
        """What tells one alert from another."""
        return self._grouping().identity

    def history(self, number: int) -> tuple[Event, ...]:
        """The record of incident `number`; empty where there is none. Raises StoreError."""
        return self._reader.history(number)

    def resolved(self, limit: int, offset: int = 0) -> tuple[Incident, ...]:
        """The latest resolved incidents, newest first. Raises StoreError."""
        return self._reader.resolved(limit, offset)

    def opened(
        self, since: datetime, until: datetime, limit: int, offset: int = 0
    ) -> tuple[tuple[Event, ...], ...]:
        """The record of each incident that was opened in a time. Raises StoreError."""
        return self._reader.opened(since, until, limit, offset)

    def _grouping(self) -> Grouping:
        manifest = self._accountability.manifest
        rule = IdentityRule(manifest.team_label, self._replica_labels)
        return Grouping(rule, manifest.incident_by)

    def _act(self, person: Person, deed: Callable[[Acting], T]) -> Future[T]:
        def command(draft: Draft, now: datetime) -> T:
            if self.is_shadow:
                raise ActRefusedError(
                    "shadow", "this ledger observes in shadow: nobody answers, and nobody acts"
                )
            return deed(Acting(draft, now, person, self._accountability.membership))

        return self._writer.submit(command)

    def _reroute(self, draft: Draft, now: datetime) -> None:
        if not self._writer.leads:
            return
        self._rerouted_by = accountability = self._accountability
        watch.reroute(
            draft, now, self._grouping(), accountability.answer, accountability.membership
        )

    def _lead_changed(self) -> None:
        if not self.leadership.leads:
            self._rerouted_by = None

    def _watch(self, draft: Draft, now: datetime) -> None:
        self._refusals.end_windows(draft, now)
        if not self._writer.leads:
            return
        if self._rerouted_by is not self._accountability:
            self._reroute(draft, now)
        watch.time_out(draft, now)
        if now < self._deaf_until:
            return
        watch.expire(draft, now)
        receivers = self._accountability.manifest.receivers
        # In shadow the built routes are not loaded, so no Alertmanager tells.
        if not self.is_shadow and any(receiver.role == "ledger" for receiver in receivers):
            watch.find_unheard(draft, now, self._patience.unheard_seconds)

    def _committed(self, commit: Commit) -> None:
        for listener in self._listeners:
            try:
                listener(commit)
            except Exception:
                log.exception("a listener failed; the record is unharmed")
