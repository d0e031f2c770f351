"""The copies that the record asks for: derived from it, so none is ever forgotten or doubled.

A handover is on record in one event. What has to be on the servers follows from the record alone,
and what is there says so itself: nothing is kept between the two that a crash could lose.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from buckstop.alertmanager.copies import COPY_LABEL, COPY_MARK, INCIDENT_LABEL, SEQUENCE_LABEL
from buckstop.ledger.domain.book import Book
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.labels import IdentityRule
from buckstop.ledger.domain.leading import is_fed, sequence_of
from buckstop.ledger.domain.member import Member
from buckstop.ledger.domain.ownership import OwnerInterval

MAKES_SURE: Final = 0
"""The sequence of a copy that no handover asks for: its alert may go unheard otherwise."""

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Copy:
    """An alert as it is to be led to its accountable team.

    Attributes:
        sequence: which handover of the incident it belongs to; `MAKES_SURE` for none.
        member, fingerprint: of the original.
        since: when the team became accountable.
        is_fed: a Prometheus reports the original to the ledger.
        original: the original's labels without those of replicas.
        labels: its own.
    """

    incident: int
    sequence: int
    member: str
    fingerprint: str
    team: str
    team_name: str
    since: datetime
    is_fed: bool
    original: Labels
    labels: Labels
    annotations: Labels
    generator_url: str
    starts_at: datetime

    @property
    def hides_original(self) -> bool:
        """Whether its original is to be silenced.

        It belongs to a handover; and the ledger hears of its end though it is silenced.
        """
        return self.sequence != MAKES_SURE and self.is_fed


@dataclass(frozen=True, slots=True)
class Silenced:
    """An original that a handover's silence held back, and until when."""

    member: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the record asks of the servers.

    Attributes:
        fires: members that fire as far as is known, of closed incidents too.
        fingerprints: of the alerts of each open incident.
        ended: copies of what has ended a short time ago, by incident and member.
        last_number: of the latest incident.
    """

    copies: tuple[Copy, ...]
    fires: frozenset[str]
    fingerprints: Mapping[int, frozenset[str]]
    ended: Mapping[tuple[int, str], Labels]
    last_number: int


def wanted(
    book: Book, rule: IdentityRule, silenced: Collection[Silenced], assurance_seconds: float
) -> Wanted:
    """What `book` asks for.

    Args:
        silenced: originals that were silenced for a handover, as the servers remember.
        assurance_seconds: an alert that fires this long after its silence has ended, or sooner,
            gets a copy of its own: Alertmanager may take it for one that it has told already.
    """
    incidents = book.incidents.values()
    copies = [*_handed_over(book, rule)]
    ends = _latest_ends(silenced)
    for incident in incidents if ends else ():
        if incident.owner is None or sequence_of(incident) is not None:
            continue
        for member in _alive(incident):
            since = _fires_since(member)
            until = ends.get(member.id)
            if since is None or until is None:
                continue
            if (since - until).total_seconds() < assurance_seconds:
                copies.append(_copy(incident, incident.owner, MAKES_SURE, member, rule))
    alive = [member.id for incident in incidents for member in _alive(incident)]
    ended_by_hand = [
        member.id
        for incident in book.closed.values()
        if incident.still_firing
        for member in incident.members.values()
        if member.state == "firing"
    ]
    return Wanted(
        tuple(copies),
        frozenset((*alive, *ended_by_hand)),
        {one.number: frozenset(m.fingerprint for m in one.members.values()) for one in incidents},
        dict(_ended(book, rule)),
        book.last_number,
    )


def is_copy_of(incident: Incident, labels: Labels, rule: IdentityRule) -> bool:
    """Whether the ledger made the copy that carries `labels`: by incident, sequence and labels."""
    fingerprint = rule.identify(labels).fingerprint
    standing = [interval for interval in incident.owners if interval.stands]
    try:
        sequence = int(labels.get(SEQUENCE_LABEL, ""))
    except ValueError:
        return False
    if sequence == MAKES_SURE:
        owners = list(incident.owners)
    else:
        owners = standing[sequence - 1 : sequence] if sequence > 0 else []
    carried = {name: value for name, value in labels.items() if value}
    return any(
        copy_labels(incident.number, sequence, owner.team, member.labels, rule) == carried
        for member in incident.members.values()
        if member.fingerprint == fingerprint
        for owner in owners
    )


def is_marked(labels: Labels) -> bool:
    """Whether the route of copies takes what carries `labels`."""
    return labels.get(COPY_LABEL) == COPY_MARK


def incident_named(labels: Labels) -> int | None:
    """The number of the incident that a copy's labels name."""
    text = labels.get(INCIDENT_LABEL, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def copy_labels(
    number: int, sequence: int, team: str, labels: Labels, rule: IdentityRule
) -> dict[str, str]:
    """A copy's labels: the same every time, so that posting it twice is posting it once."""
    return {
        **original_labels(labels, rule),
        rule.team_label: team,
        COPY_LABEL: COPY_MARK,
        INCIDENT_LABEL: str(number),
        SEQUENCE_LABEL: str(sequence),
    }


def original_labels(labels: Labels, rule: IdentityRule) -> dict[str, str]:
    """`labels` without what tells replicas apart and what the ledger adds."""
    return {name: value for name, value in labels.items() if value and rule.tells(name)}


def _handed_over(book: Book, rule: IdentityRule) -> Iterator[Copy]:
    for incident in book.incidents.values():
        sequence = sequence_of(incident)
        if sequence is None:
            continue
        assert incident.owner is not None, "a handover has made somebody the owner"
        teams = [interval.team for interval in incident.owners if interval.stands]
        for member in _alive(incident):
            # Where all of them are told anyhow there is nothing to lead anywhere.
            if any((team,) != member.route.teams for team in teams):
                yield _copy(incident, incident.owner, sequence, member, rule)


def _ended(book: Book, rule: IdentityRule) -> Iterator[tuple[tuple[int, str], Labels]]:
    for incident in (*book.incidents.values(), *book.closed.values()):
        sequence = sequence_of(incident)
        if sequence is None:
            continue
        assert incident.owner is not None, "a handover has made somebody the owner"
        for member in incident.members.values():
            if member.state == "resolved":
                labels = copy_labels(
                    incident.number, sequence, incident.owner.team, member.labels, rule
                )
                yield (incident.number, member.id), labels


def _copy(
    incident: Incident, owner: OwnerInterval, sequence: int, member: Member, rule: IdentityRule
) -> Copy:
    return Copy(
        incident=incident.number,
        sequence=sequence,
        member=member.id,
        fingerprint=member.fingerprint,
        team=owner.team,
        team_name=owner.team_name,
        since=owner.since,
        is_fed=is_fed(member),
        original=original_labels(member.labels, rule),
        labels=copy_labels(incident.number, sequence, owner.team, member.labels, rule),
        annotations=member.annotations,
        generator_url=member.generator_url,
        starts_at=member.starts_at,
    )


def _alive(incident: Incident) -> list[Member]:
    return [one for one in incident.members.values() if one.state in {"firing", "lost"}]


def _fires_since(member: Member) -> datetime | None:
    times = [one.since for one in member.sources.values() if one.state == "live"]
    return min(times, default=None)


def _latest_ends(silenced: Collection[Silenced]) -> dict[str, datetime]:
    ends: dict[str, datetime] = {}
    for one in silenced:
        ends[one.member] = max(one.until, ends.get(one.member, one.until))
    return ends
