"""What can happen to an incident. Events are facts: appended, never changed.

An event says when, who (a person or a part of the system), why, and on what authority; its body
says what. The record is the events; everything else is folded from them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from buckstop.ledger.domain.act_events import (
    Accepted,
    Assigned,
    Corrected,
    Declined,
    Led,
    Noted,
    ProposalEnded,
    Proposed,
    Refused,
    Withdrawn,
)
from buckstop.ledger.domain.routing import Authority, Route

SourceKind = Literal["feed", "webhook", "asked_prometheus", "asked_alertmanager"]
"""How a source speaks: Prometheus's feed and Alertmanager's webhook tell by themselves; the others
are what those servers hold when they are asked."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who caused an event: a person who signed in, or the part of the system that saw it.

    Attributes:
        team: for which team a person acted; None for the system.
    """

    kind: Literal["person", "system"]
    name: str
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """One label set as one source sends it: the unit that fires and resolves.

    Attributes:
        source: the intake's name, for example ``prometheus``.
        label_set: digest of all labels as sent.
    """

    kind: SourceKind
    source: str
    label_set: str


@dataclass(frozen=True, slots=True)
class Withholding:
    """Why Alertmanager does not notify of an alert.

    Attributes:
        reason: silenced, inhibited or muted.
        by: the person who made the silence, the inhibiting alert, or the time interval.
        until: the silence's end, or None where none is known.
        comment: the silence's comment.
    """

    reason: Literal["silenced", "inhibited", "muted"]
    by: str
    until: datetime | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """An incident begins.

    Attributes:
        key: label and value pairs that say which alerts belong together.
        team: who is accountable; None for what the charter says nobody answers for.
        not_accountable: that entry's reason, or None.
        follows: the number of the previous incident with this key, or None.
    """

    key: tuple[tuple[str, str], ...]
    team: str | None
    team_name: str
    not_accountable: str | None
    follows: int | None
    kind: Literal["opened"] = "opened"


@dataclass(frozen=True, slots=True)
class Joined:
    """An alert becomes a member of the incident.

    Attributes:
        member: its identity with the team label; `fingerprint` is the one without.
        starts_at: as its source says; for people only, never an identity.
        severity_rank: place of its severity, 0 the gravest.
    """

    member: str
    fingerprint: str
    labels: dict[str, str]
    annotations: dict[str, str]
    generator_url: str
    starts_at: datetime
    severity_rank: int
    route: Route
    kind: Literal["joined"] = "joined"


@dataclass(frozen=True, slots=True)
class SourceSeen:
    """A source says that a member fires: for the first time, or again after lost or resolved."""

    member: str
    stream: Stream
    lease_until: datetime | None
    kind: Literal["source_seen"] = "source_seen"


@dataclass(frozen=True, slots=True)
class SourceLost:
    """A source's lease ran out unrenewed. Nothing is resolved by that."""

    member: str
    stream: Stream
    lease_until: datetime
    kind: Literal["source_lost"] = "source_lost"


@dataclass(frozen=True, slots=True)
class SourceResolved:
    """A source says that a member no longer fires, since `ended_at` by its own clock."""

    member: str
    stream: Stream
    ended_at: datetime
    kind: Literal["source_resolved"] = "source_resolved"


@dataclass(frozen=True, slots=True)
class ResolvedUnseen:
    """A source says that an alert ended which the ledger never saw firing (incident 0)."""

    labels: dict[str, str]
    stream: Stream
    ended_at: datetime
    kind: Literal["resolved_unseen"] = "resolved_unseen"


@dataclass(frozen=True, slots=True)
class Rerouted:
    """The loaded configuration sends a member elsewhere than before."""

    member: str
    route: Route
    kind: Literal["rerouted"] = "rerouted"


@dataclass(frozen=True, slots=True)
class OwnerChanged:
    """Accountability moved: `team` answers from now on; alerts with `key` belong here now."""

    team: str
    team_name: str
    key: tuple[tuple[str, str], ...]
    kind: Literal["owner_changed"] = "owner_changed"


@dataclass(frozen=True, slots=True)
class Superseded:
    """A member whose label set ended goes on as another member, under another team's label."""

    member: str
    by_member: str
    kind: Literal["superseded"] = "superseded"


@dataclass(frozen=True, slots=True)
class Withheld:
    """Alertmanager says whether it withholds the notification of a member; empty: it does not."""

    member: str
    withholdings: tuple[Withholding, ...]
    kind: Literal["withheld"] = "withheld"


@dataclass(frozen=True, slots=True)
class Unheard:
    """Prometheus reports a member and Alertmanager has stayed silent about it."""

    member: str
    kind: Literal["unheard"] = "unheard"


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A person takes notice for the accountable team."""

    kind: Literal["acknowledged"] = "acknowledged"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The incident ends.

    Attributes:
        still_firing: a person ended it while sources still fired.
    """

    still_firing: bool
    kind: Literal["resolved"] = "resolved"


@dataclass(frozen=True, slots=True)
class Reopened:
    """The incident goes on, for what was said to have ended had not; `team` answers from now on.

    Attributes:
        key: as in `Opened`: the configuration may have changed.
    """

    key: tuple[tuple[str, str], ...]
    team: str
    team_name: str
    kind: Literal["reopened"] = "reopened"


@dataclass(frozen=True, slots=True)
class Proved:
    """What the servers have loaded was proven anew, with another result (incident 0).

    Attributes:
        loaded: digest of what they have loaded and of the build.
        holds: whether every rule has exactly one team that answers.
        witness: the first rule that is not proven, and why; "" where all are.
        differs: the parts in which what runs is not the build.
    """

    loaded: str
    holds: bool
    rules: int
    proven: int
    refuted: int
    unknown: int
    witness: str
    differs: tuple[str, ...]
    kind: Literal["proved"] = "proved"


@dataclass(frozen=True, slots=True)
class Erased:
    """Personal texts were erased from the record (incident 0); what is hashed stays.

    Attributes:
        places: where in an event (``/by/name``) to the positions of the events it was erased of.
    """

    places: dict[str, tuple[int, ...]]
    kind: Literal["erased"] = "erased"


@dataclass(frozen=True, slots=True)
class Shadowed:
    """This record is kept in shadow: it says who would answer, and nobody does (incident 0)."""

    kind: Literal["shadowed"] = "shadowed"


Body = Annotated[
    Opened
    | Joined
    | SourceSeen
    | SourceLost
    | SourceResolved
    | ResolvedUnseen
    | Rerouted
    | OwnerChanged
    | Superseded
    | Withheld
    | Unheard
    | Acknowledged
    | Noted
    | Proposed
    | Accepted
    | Declined
    | Withdrawn
    | ProposalEnded
    | Assigned
    | Led
    | Corrected
    | Resolved
    | Reopened
    | Proved
    | Erased
    | Refused
    | Shadowed,
    Field(discriminator="kind"),
]

Apart = ResolvedUnseen | Proved | Erased | Refused | Shadowed
"""What belongs to no incident (incident 0)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One fact of the record.

    Attributes:
        incident: its number; 0 for what belongs to none.
        at: when the ledger took note, by its own clock, in UTC.
        by: who or what caused it.
        why: one sentence for people.
        authority: on what authority an owner became the owner, else None.
    """

    incident: int
    at: datetime
    by: Actor
    why: str
    authority: Authority | None
    body: Body


_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def write_event(event: Event) -> str:
    """`event` as canonical JSON, the same bytes every time."""
    value = _EVENT.dump_python(event, mode="json")
    if event.by.team is None:
        # So that an event reads and writes as it did before persons acted for teams.
        del value["by"]["team"]
    return canonical(value)


def canonical(value: object) -> str:
    """`value` as JSON with sorted keys and no spaces."""
    return _CANONICAL.encode(value)


def read_event(text: str) -> Event:
    """The event that `write_event` wrote. Raises pydantic's ValidationError for anything else."""
    return _EVENT.validate_json(text)
