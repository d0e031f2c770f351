"""One report of one source, and where it is to be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.events import Actor, Body, Event, SourceKind, Stream
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.labels import Identity
from buckstop.ledger.domain.routing import Answer, Authority, NotAccountable


@dataclass(frozen=True, slots=True)
class Observation:
    """One alert in one message of one source.

    Attributes:
        source: the intake's name.
        resolved: the source says that the alert ended, at `ends_at`.
        ends_at: when it ended, or when the source's word runs out (None: it gives no lease).
    """

    kind: SourceKind
    source: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    generator_url: str
    starts_at: datetime
    ends_at: datetime | None
    resolved: bool


@dataclass(frozen=True, slots=True)
class Case:
    """An observation, where it is to be recorded, and when."""

    draft: Draft
    seen: Observation
    identity: Identity
    stream: Stream
    now: datetime

    @property
    def speaker(self) -> str:
        """The source, for people."""
        match self.seen.kind:
            case "feed":
                return f"Prometheus ({self.seen.source})"
            case "webhook":
                return f"Alertmanager ({self.seen.source})"
            case "asked_prometheus":
                return f"Prometheus (asked at {self.seen.source}; it had not told)"
            case "asked_alertmanager":
                return f"Alertmanager (asked at {self.seen.source}; it had not told)"
            case _:
                assert_never(self.seen.kind)

    @property
    def intake(self) -> Actor:
        """The source, as the record names it."""
        return Actor("system", f"{self.seen.kind} {self.seen.source}")

    def record(
        self, number: int, why: str, body: Body, authority: Authority | None = None
    ) -> Incident | None:
        """Record `body` as this source's doing."""
        return self.draft.record(Event(number, self.now, self.intake, why, authority, body))


def in_words(at: datetime) -> str:
    """A time for people, exact to the second."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def described(answer: Answer) -> str:
    """Where an alert is owed and where it goes, in one sentence."""
    route = answer.route
    reached = ", ".join(route.receivers) if route.receivers else "no receiver"
    said = f"Owed to {route.owed}; routed to {reached}."
    if isinstance(answer, NotAccountable):
        said = f"Nobody needs to answer for it; routed to {reached}."
    return f"{said} {route.note}" if route.note else said
