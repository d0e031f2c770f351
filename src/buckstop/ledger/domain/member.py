"""An alert of an incident, and what each source says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from buckstop.ledger.domain.events import Stream, Withholding
from buckstop.ledger.domain.routing import Route

SourceState = Literal["live", "lost", "resolved"]
MemberState = Literal["firing", "lost", "resolved", "superseded"]


@dataclass(frozen=True, slots=True)
class Source:
    """What one source last said of one member.

    Attributes:
        state: live (fires), lost (its lease ran out), resolved (it said so).
        since: when the ledger took note of that state.
        lease_until: when its word runs out unless renewed; None for sources without a lease.
    """

    state: SourceState
    since: datetime
    lease_until: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """One alert of an incident, with its own state.

    Attributes:
        sources: by stream, in the order in which they were first heard.
        withholdings: why Alertmanager withholds it; None while that is unknown.
        unheard: Prometheus reports it, Alertmanager did not within the time it should take.
        superseded: it goes on as another member, under another team's label.
    """

    id: str
    fingerprint: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    generator_url: str
    starts_at: datetime
    severity_rank: int
    joined_at: datetime
    route: Route
    sources: Mapping[Stream, Source] = field(default_factory=dict)
    withholdings: tuple[Withholding, ...] | None = None
    unheard: bool = False
    superseded: bool = False

    @property
    def state(self) -> MemberState:
        """Firing while a source is live; lost while none is and one is lost; else it is over."""
        states = {source.state for source in self.sources.values()}
        if "live" in states:
            return "firing"
        if self.superseded:
            return "superseded"
        return "lost" if "lost" in states else "resolved"
