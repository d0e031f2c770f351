"""What one server answered when it was asked which alerts fire, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from buckstop.ledger.domain.events import SourceKind, Stream
from buckstop.ledger.domain.labels import Identity


@dataclass(frozen=True, slots=True)
class Server:
    """A server that is asked.

    Attributes:
        kind: ``asked_prometheus`` or ``asked_alertmanager``.
        name: its address, without credentials.
    """

    kind: SourceKind
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A firing alert, with the labels under which the server sends it."""

    identity: Identity
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    generator_url: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Round:
    """One server's answer.

    Attributes:
        unknown: how many of its alerts cannot be told, because what it does to their labels
            depends on whom it sends them to; of these nothing is concluded.
    """

    server: Server
    shown: Sequence[Shown]
    unknown: int = 0

    def stream(self, shown: Shown) -> Stream:
        """The stream of `shown` on this server."""
        return Stream(self.server.kind, self.server.name, shown.identity.label_set)
