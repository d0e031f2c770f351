"""The open incidents and what is needed to tell a new alert from an old one.

A `Book` is a value; a `Draft` is what a transaction writes on top of one. Only when the store has
committed does the draft become the next book, so memory never runs ahead of the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from buckstop.ledger.domain.act_events import Corrected
from buckstop.ledger.domain.events import (
    Apart,
    Event,
    Joined,
    Reopened,
    Resolved,
    ResolvedUnseen,
    SourceResolved,
    Stream,
)
from buckstop.ledger.domain.incident import Incident, apply, renewed

K = TypeVar("K")
V = TypeVar("V")
Key = tuple[tuple[str, str], ...]

TOMBSTONE_SECONDS = 20 * 60
"""How long an ended stream is remembered: Prometheus repeats a resolved alert for 15 minutes."""

HOLD_SECONDS = 60 * 60
"""How long a resolution by hand holds against an alert that has never stopped firing."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A stream that ended: `ended_at` by its source's clock, `noted_at` by ours.

    `unseen`: the ledger has not heard it fire yet.
    """

    ended_at: datetime
    noted_at: datetime
    unseen: bool


@dataclass(frozen=True, slots=True)
class Lease:
    """A source's word renewed: kept beside the record, for it changes nothing but its end."""

    incident: int
    member: str
    stream: Stream
    until: datetime


@dataclass(frozen=True, slots=True)
class Book:
    """All that deciding needs to know.

    Attributes:
        incidents: the open ones by number.
        by_key: the key of each open incident to its number.
        by_member: each member of an open incident to its incident's number.
        by_fingerprint: the same without the team label.
        last_by_key: each key ever seen to its latest incident's number.
        tombstones: streams that ended a short time ago.
        holds: members of incidents that a person resolved while they fired, and when.
        closed: the incidents that were resolved a short time ago, by number.
        closed_by_member: each member of a closed incident to its latest one's number.
        last_number: of the latest incident.
    """

    incidents: Mapping[int, Incident] = field(default_factory=dict)
    by_key: Mapping[Key, int] = field(default_factory=dict)
    by_member: Mapping[str, int] = field(default_factory=dict)
    by_fingerprint: Mapping[str, int] = field(default_factory=dict)
    last_by_key: Mapping[Key, int] = field(default_factory=dict)
    tombstones: Mapping[Stream, Tombstone] = field(default_factory=dict)
    holds: Mapping[str, datetime] = field(default_factory=dict)
    closed: Mapping[int, Incident] = field(default_factory=dict)
    closed_by_member: Mapping[str, int] = field(default_factory=dict)
    last_number: int = 0


class _Overlay(Generic[K, V]):
    """A mapping with changes on top that its base does not see."""

    def __init__(self, base: Mapping[K, V]) -> None:
        self._base = base
        self._changes: dict[K, V | None] = {}

    def get(self, key: K) -> V | None:
        return self._changes[key] if key in self._changes else self._base.get(key)

    def set(self, key: K, value: V) -> None:
        self._changes[key] = value

    def drop(self, key: K) -> None:
        self._changes[key] = None

    def values(self) -> list[V]:
        return list(self.merged().values())

    def merged(self) -> Mapping[K, V]:
        if not self._changes:
            return self._base
        # One quick copy of the base: there may be thousands of incidents, and few changes.
        merged = dict(self._base)
        for key, value in self._changes.items():
            if value is None:
                merged.pop(key, None)
            else:
                merged[key] = value
        return merged


class Draft:
    """What one transaction adds to a book: events, leases, and the state that follows."""

    def __init__(self, base: Book) -> None:
        self._incidents = _Overlay(base.incidents)
        self._by_key = _Overlay(base.by_key)
        self._by_member = _Overlay(base.by_member)
        self._by_fingerprint = _Overlay(base.by_fingerprint)
        self._last_by_key = _Overlay(base.last_by_key)
        self._tombstones = _Overlay(base.tombstones)
        self._holds = _Overlay(base.holds)
        self._closed = _Overlay(base.closed)
        self._closed_by_member = _Overlay(base.closed_by_member)
        self.last_number = base.last_number
        self.events: list[Event] = []
        self.leases: dict[tuple[int, str, Stream], Lease] = {}
        self.changed: dict[int, Incident] = {}

    def incident(self, number: int) -> Incident | None:
        """The open incident `number`, or None."""
        return self._incidents.get(number)

    def open_incidents(self) -> list[Incident]:
        """All open incidents, in the order in which they were opened."""
        return self._incidents.values()

    def holding(self, member: str) -> Incident | None:
        """The open incident that has the member, or None."""
        return self._at(self._by_member.get(member))

    def with_key(self, key: Key) -> Incident | None:
        """The open incident with the key, or None."""
        return self._at(self._by_key.get(key))

    def with_fingerprint(self, fingerprint: str) -> Incident | None:
        """The open incident that has a member with the fingerprint, whatever its team."""
        return self._at(self._by_fingerprint.get(fingerprint))

    def last_with_key(self, key: Key) -> int | None:
        """The number of the latest incident with the key, open or not."""
        return self._last_by_key.get(key)

    def tombstone(self, stream: Stream) -> Tombstone | None:
        """When the stream last ended, if that was a short time ago."""
        return self._tombstones.get(stream)

    def held_since(self, member: str) -> datetime | None:
        """When a person resolved an incident with this member while it fired, if recently."""
        return self._holds.get(member)

    def lately(self, number: int) -> Incident | None:
        """The incident `number` if it is open, or was resolved a short time ago."""
        return self._incidents.get(number) or self._closed.get(number)

    def closed_with(self, member: str) -> Incident | None:
        """The latest incident with this member that was resolved, if a short time ago."""
        number = self._closed_by_member.get(member)
        return None if number is None else self._closed.get(number)

    def record(self, event: Event) -> Incident | None:
        """Add `event` and everything that follows from it; the incident after it, if any.

        The record of an incident never runs backwards: where the clock was set back, an event has
        the time of the one before it.
        """
        before = self._incidents.get(event.incident) or self._closed.get(event.incident)
        if before is not None and event.at < before.latest_at:
            event = replace(event, at=before.latest_at)
        self.events.append(event)
        body = event.body
        if isinstance(body, SourceResolved | ResolvedUnseen):
            unseen = isinstance(body, ResolvedUnseen)
            self._tombstones.set(body.stream, Tombstone(body.ended_at, event.at, unseen))
        is_late = isinstance(body, Corrected) and before is None
        if isinstance(body, Apart) or is_late:
            return None
        after = apply(before, event)
        self.changed[after.number] = after
        if isinstance(body, Resolved):
            self._forget(after, by_person=event.by.kind == "person", at=event.at)
        elif after.resolved is not None:
            self._closed.set(after.number, after)
        else:
            self._remember(before, after)
        if isinstance(body, Reopened):
            self._restore(after)
        if isinstance(body, Joined):
            self._by_member.set(body.member, after.number)
            self._by_fingerprint.set(body.fingerprint, after.number)
        return after

    def renew(self, lease: Lease) -> None:
        """Note that a source's word holds until later."""
        incident = self._incidents.get(lease.incident)
        assert incident is not None, "leases are of open incidents"
        after = renewed(incident, lease.member, lease.stream, lease.until)
        if after is not incident:
            self._incidents.set(after.number, after)
            self.leases[after.number, lease.member, lease.stream] = lease

    def prune(self, now: datetime) -> None:
        """Forget tombstones, ends and holds that no late message can need any more."""
        for stream, stone in self._tombstones.merged().items():
            if now - stone.noted_at > timedelta(seconds=TOMBSTONE_SECONDS):
                self._tombstones.drop(stream)
        for number, incident in self._closed.merged().items():
            assert incident.resolved is not None, "only what is resolved is closed"
            if now - incident.resolved.at > timedelta(seconds=TOMBSTONE_SECONDS):
                self._drop_closed(number, incident)
        for member, since in self._holds.merged().items():
            if now - since > timedelta(seconds=HOLD_SECONDS):
                self._holds.drop(member)

    def book(self) -> Book:
        """The book as this draft leaves it."""
        return Book(
            incidents=self._incidents.merged(),
            by_key=self._by_key.merged(),
            by_member=self._by_member.merged(),
            by_fingerprint=self._by_fingerprint.merged(),
            last_by_key=self._last_by_key.merged(),
            tombstones=self._tombstones.merged(),
            holds=self._holds.merged(),
            closed=self._closed.merged(),
            closed_by_member=self._closed_by_member.merged(),
            last_number=self.last_number,
        )

    def _at(self, number: int | None) -> Incident | None:
        return None if number is None else self._incidents.get(number)

    def _remember(self, before: Incident | None, after: Incident) -> None:
        self._incidents.set(after.number, after)
        self.last_number = max(self.last_number, after.number)
        if before is not None and before.key == after.key:
            return
        if before is not None and self._by_key.get(before.key) == after.number:
            self._by_key.drop(before.key)
        if self.with_key(after.key) is None:
            self._by_key.set(after.key, after.number)
        self._latest_with(after.key, after.number)

    def _latest_with(self, key: Key, number: int) -> None:
        self._last_by_key.set(key, max(number, self._last_by_key.get(key) or 0))

    def _forget(self, incident: Incident, *, by_person: bool, at: datetime) -> None:
        self._incidents.drop(incident.number)
        if self._by_key.get(incident.key) == incident.number:
            self._by_key.drop(incident.key)
        self._closed.set(incident.number, incident)
        for member in incident.members.values():
            self._closed_by_member.set(member.id, incident.number)
            if self._by_member.get(member.id) == incident.number:
                self._by_member.drop(member.id)
            if self._by_fingerprint.get(member.fingerprint) == incident.number:
                self._by_fingerprint.drop(member.fingerprint)
            if by_person and member.state != "resolved":
                self._holds.set(member.id, at)

    def _restore(self, incident: Incident) -> None:
        self._drop_closed(incident.number, incident)
        if self.with_key(incident.key) is None:
            self._by_key.set(incident.key, incident.number)
        self._latest_with(incident.key, incident.number)
        for member in incident.members.values():
            self._by_member.set(member.id, incident.number)
            self._by_fingerprint.set(member.fingerprint, incident.number)

    def _drop_closed(self, number: int, incident: Incident) -> None:
        self._closed.drop(number)
        for member in incident.members:
            if self._closed_by_member.get(member) == number:
                self._closed_by_member.drop(member)


def load(events: Iterable[Event], base: Book) -> Book:
    """`base` after `events`, in the order in which they were recorded."""
    draft = Draft(base)
    for event in events:
        draft.record(event)
    return draft.book()
