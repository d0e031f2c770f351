"""The ledger's pure part on its own: a book, a still clock, and all events so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from tests.ledger.ledger_world import MANIFEST, ROUTES, START, Clock

from buckstop.alertmanager import Router, read
from buckstop.compiler.manifest import Manifest
from buckstop.ledger.domain import act, handover, watch
from buckstop.ledger.domain.acting import Acting
from buckstop.ledger.domain.book import Book, Draft
from buckstop.ledger.domain.case import Observation
from buckstop.ledger.domain.correction import correct
from buckstop.ledger.domain.events import Event, SourceKind, Withholding
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.labels import IdentityRule
from buckstop.ledger.domain.membership import Person
from buckstop.ledger.domain.observe import Grouping, Outcome, observe
from buckstop.ledger.owner import Accountability

T = TypeVar("T")


def accountability(routes: str = ROUTES, manifest: Manifest = MANIFEST) -> Accountability:
    """The small company's configuration, as loaded."""
    config, diagnostics = read(routes, "alertmanager.yml")
    assert config is not None, diagnostics
    return Accountability(manifest, Router(config), "sha256:" + "cd" * 32)


class Machine:
    """Decides as the writer does, without store or threads."""

    def __init__(self) -> None:
        self.book = Book()
        self.clock = Clock()
        self.events: list[Event] = []
        self.identity = IdentityRule("accountable_team")
        self.grouping = Grouping(self.identity, MANIFEST.incident_by)
        self.loaded = accountability()

    def act(self, command: Callable[[Draft, datetime], T]) -> T:
        """Decide and keep."""
        draft = Draft(self.book)
        result = command(draft, self.clock.now)
        self.book = draft.book()
        self.events += draft.events
        return result

    def observe(self, seen: Observation) -> Outcome:
        """Take in one observation."""
        return self.act(
            lambda draft, now: observe(draft, seen, now, self.grouping, self.loaded.answer)
        )

    def feed(
        self,
        carried: Mapping[str, str],
        *,
        resolved: bool = False,
        started_seconds_ago: float = 10,
        ended_at: datetime | None = None,
    ) -> Outcome:
        """A Prometheus reports an alert, with a lease of four minutes, or its end."""
        now = self.clock.now
        if resolved and ended_at is None:
            ended_at = now
        ends_at = ended_at or now + timedelta(seconds=240)
        return self._say(
            "feed", carried, started_seconds_ago, ends_at, resolved=ended_at is not None
        )

    def webhook(
        self,
        carried: Mapping[str, str],
        *,
        resolved: bool = False,
        started_seconds_ago: float = 10,
    ) -> Outcome:
        """An Alertmanager reports an alert, or its end."""
        ends_at = self.clock.now if resolved else None
        return self._say("webhook", carried, started_seconds_ago, ends_at, resolved=resolved)

    def does(
        self, person: str, deed: Callable[[Acting], Incident], *, known: bool = True
    ) -> Incident:
        """Have a person act."""
        return self.act(
            lambda draft, now: deed(
                Acting(draft, now, Person(person, known), self.loaded.membership)
            )
        )

    def acknowledge(self, person: str, number: int = 1, note: str = "") -> Incident:
        """Have a person acknowledge."""
        return self.does(person, lambda acting: act.acknowledge(acting, number, note))

    def note(self, person: str, number: int = 1, text: str = "restarted it") -> Incident:
        """Have a person write a note."""
        return self.does(person, lambda acting: act.note(acting, number, text))

    def resolve(self, person: str, number: int = 1, reason: str = "known") -> Incident:
        """Have a person resolve."""
        return self.does(person, lambda acting: act.resolve(acting, number, reason))

    def propose(
        self,
        person: str,
        team: str,
        number: int = 1,
        reason: str = "the features are late",
        seconds: float | None = None,
    ) -> Incident:
        """Have a person propose a handover."""
        return self.does(
            person, lambda acting: handover.propose(acting, number, team, reason, seconds)
        )

    def accept(self, person: str, number: int = 1, proposal: int | None = None) -> Incident:
        """Have a person accept the proposal."""
        return self.does(person, lambda acting: handover.accept(acting, number, proposal, ""))

    def decline(self, person: str, number: int = 1, reason: str = "not ours") -> Incident:
        """Have a person decline the proposal."""
        return self.does(person, lambda acting: handover.decline(acting, number, None, reason))

    def withdraw(self, person: str, number: int = 1) -> Incident:
        """Have a person withdraw the proposal."""
        return self.does(person, lambda acting: handover.withdraw(acting, number, None, ""))

    def assign(self, person: str, team: str, number: int = 1) -> Incident:
        """Have a person assign the incident."""
        return self.does(
            person, lambda acting: handover.assign(acting, number, team, "they own it")
        )

    def correct(self, person: str, entry: int, number: int = 1, text: str = "it was b") -> Incident:
        """Have a person correct an entry."""
        history = [event for event in self.events if event.incident == number]
        return self.does(person, lambda acting: correct(acting, history, entry, text))

    def expire(self) -> None:
        """Let the ledger look at its leases."""
        self.act(watch.expire)

    def time_out(self) -> None:
        """Let the ledger look at proposals that wait."""
        self.act(watch.time_out)

    def load(self, loaded: Accountability) -> None:
        """Let another configuration be loaded."""
        self.loaded = loaded
        self.act(
            lambda draft, now: watch.reroute(
                draft, now, self.grouping, loaded.answer, loaded.membership
            )
        )

    def find_unheard(self) -> None:
        """Let the ledger look for what Alertmanager has not reported within a minute."""
        self.act(lambda draft, now: watch.find_unheard(draft, now, 60))

    def prune(self) -> None:
        """Let the ledger forget what it need not remember."""
        self.act(lambda draft, now: draft.prune(now))

    def silence(self, carried: Mapping[str, str], *, by: str | None, until: datetime) -> None:
        """Alertmanager says that it withholds the alert, or (`by` None) that it does not."""
        member = self.identity.identify(carried).member
        reasons = () if by is None else (Withholding("silenced", by, until),)
        self.act(lambda draft, now: watch.withhold(draft, now, {member: reasons}, "main"))

    def _say(
        self,
        kind: SourceKind,
        carried: Mapping[str, str],
        started_seconds_ago: float,
        ends_at: datetime | None,
        *,
        resolved: bool,
    ) -> Outcome:
        return self.observe(
            Observation(
                kind=kind,
                source="main",
                labels=carried,
                annotations={"summary": "slow"},
                generator_url="",
                starts_at=max(START, self.clock.now) - timedelta(seconds=started_seconds_ago),
                ends_at=ends_at,
                resolved=resolved,
            )
        )
