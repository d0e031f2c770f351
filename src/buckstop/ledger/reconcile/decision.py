"""What follows from a round of asking; pure, but for the draft that it writes to.

Asking is for what telling has missed. An alert that a server holds and that nobody has told of for
some time is taken in as if it were told. Nothing ends by absence: a server that has just started
shows no alert, and one that lost its rules shows none either. Only where those who told of an alert
have all said that it ended, absence confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.case import Observation
from buckstop.ledger.domain.events import Actor, Event, SourceKind, SourceResolved, Stream
from buckstop.ledger.domain.member import Member
from buckstop.ledger.domain.observe import Grouping, close_if_over
from buckstop.ledger.domain.routing import Resolver
from buckstop.ledger.outbox.intake import take_in
from buckstop.ledger.reconcile.round import Round, Shown

ASKED: Final[frozenset[SourceKind]] = frozenset({"asked_prometheus", "asked_alertmanager"})
"""Kinds of sources that tell nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long the reconciler waits, and who answers for what it finds.

    Attributes:
        patience_seconds: for how long nobody must have told of an alert that a server holds.
        lease_seconds: how long a server's word holds after it was asked.
    """

    patience_seconds: float
    lease_seconds: float
    grouping: Grouping
    resolver: Resolver


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it.

    Attributes:
        waiting: what nobody has told of yet, and since when; to be given to the next decision.
        found: alerts that were taken in now because nobody had told of them.
    """

    waiting: Mapping[Stream, datetime]
    found: int


def reconcile(
    draft: Draft,
    now: datetime,
    rounds: Sequence[Round],
    waiting: Mapping[Stream, datetime],
    terms: Terms,
) -> Outcome:
    """Record in `draft` what `rounds` show that nobody told of, `waiting` since when."""
    still_waiting: dict[Stream, datetime] = {}
    found = 0
    for one in rounds:
        for shown in one.shown:
            stream = one.stream(shown)
            member = _member(draft, shown.identity.member)
            is_followed = _is_live(member, stream)
            if not is_followed:
                if _is_told_of(member):
                    continue
                since = waiting.get(stream, now)
                if now - since < timedelta(seconds=terms.patience_seconds):
                    still_waiting[stream] = since
                    continue
            outcome = take_in(
                draft, _observation(one, shown, now, terms), now, terms.grouping, terms.resolver
            )
            found += outcome in {"opened", "reopened", "joined", "seen"}
        _confirm_ends(draft, now, one)
    return Outcome(still_waiting, found)


def _confirm_ends(draft: Draft, now: datetime, one: Round) -> None:
    """End what the server shows no more and all who told of it have said to be over."""
    if one.unknown:
        return
    held = {one.stream(shown) for shown in one.shown}
    actor = Actor("system", f"{one.server.kind} {one.server.name}")
    for incident in draft.open_incidents():
        has_ended = False
        for member in incident.members.values():
            if not _is_said_to_be_over(member):
                continue
            for stream, source in member.sources.items():
                is_ours = (stream.kind, stream.source) == (one.server.kind, one.server.name)
                if not is_ours or source.state == "resolved" or stream in held:
                    continue
                why = "Whoever told of it has said that it ended, and this server holds it no more."
                body = SourceResolved(member.id, stream, now)
                draft.record(Event(incident.number, now, actor, why, None, body))
                has_ended = True
        if has_ended:
            close_if_over(draft, incident.number, now)


def _member(draft: Draft, member: str) -> Member | None:
    incident = draft.holding(member)
    return None if incident is None else incident.members[member]


def _is_live(member: Member | None, stream: Stream) -> bool:
    source = None if member is None else member.sources.get(stream)
    return source is not None and source.state == "live"


def _is_told_of(member: Member | None) -> bool:
    """Whether somebody who tells by himself says that it fires."""
    return member is not None and any(
        source.state == "live"
        for stream, source in member.sources.items()
        if stream.kind not in ASKED
    )


def _is_said_to_be_over(member: Member) -> bool:
    told = [source for stream, source in member.sources.items() if stream.kind not in ASKED]
    return bool(told) and all(source.state == "resolved" for source in told)


def _observation(one: Round, shown: Shown, now: datetime, terms: Terms) -> Observation:
    return Observation(
        kind=one.server.kind,
        source=one.server.name,
        labels=shown.labels,
        annotations=shown.annotations,
        generator_url=shown.generator_url,
        starts_at=shown.starts_at,
        ends_at=now + timedelta(seconds=terms.lease_seconds),
        resolved=False,
    )
