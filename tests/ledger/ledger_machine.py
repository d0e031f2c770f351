"""The ledger's pure part on its own: a book, a still clock, and all events so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from tests.ledger.ledger_world import MANIFEST, ROUTES, START, Clock

from buckstop.alertmanager import Router, read
from buckstop.ledger.domain import watch
from buckstop.ledger.domain.book import Book, Draft
from buckstop.ledger.domain.events import Event, SourceKind, Withholding
from buckstop.ledger.domain.labels import IdentityRule
from buckstop.ledger.domain.observe import Grouping, Observation, Outcome, observe
from buckstop.ledger.domain.routing import Resolver
from buckstop.ledger.owner import Accountability

T = TypeVar("T")


def accountability(routes: str = ROUTES) -> Accountability:
    """The small company's configuration, as loaded."""
    config, diagnostics = read(routes, "alertmanager.yml")
    assert config is not None, diagnostics
    return Accountability(MANIFEST, Router(config), "sha256:" + "cd" * 32)


class Machine:
    """Decides as the writer does, without store or threads."""

    def __init__(self, resolver: Resolver | None = None) -> None:
        self.book = Book()
        self.clock = Clock()
        self.events: list[Event] = []
        self.identity = IdentityRule("accountable_team")
        self.grouping = Grouping(self.identity, MANIFEST.incident_by)
        self.resolver = resolver or accountability().answer

    def act(self, command: Callable[[Draft, datetime], T]) -> T:
        """Decide and keep."""
        draft = Draft(self.book)
        result = command(draft, self.clock.now)
        self.book = draft.book()
        self.events += draft.events
        return result

    def observe(self, seen: Observation) -> Outcome:
        """Take in one observation."""
        return self.act(lambda draft, now: observe(draft, seen, now, self.grouping, self.resolver))

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

    def expire(self) -> None:
        """Let the ledger look at its leases."""
        self.act(watch.expire)

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
