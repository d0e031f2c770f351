"""What all acts of persons have in common: on which incident, for which team, in which words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.events import Actor, Body, Event
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.membership import Membership, Person
from buckstop.ledger.domain.ownership import OwnerInterval
from buckstop.ledger.domain.refusal import ActRefusedError, UnknownIncidentError
from buckstop.ledger.domain.routing import Authority

WHY_CHARACTERS = 2_000
"""A note or a reason may be this long."""


@dataclass(frozen=True, slots=True)
class Acting:
    """A person acts: in which draft, when, and by which charter."""

    draft: Draft
    now: datetime
    person: Person
    membership: Membership

    def owned(self, number: int) -> tuple[Incident, OwnerInterval]:
        """The open incident `number` and its owner.

        Raises:
            UnknownIncidentError: no open incident has this number.
            ActRefusedError: nobody needs to answer for it.
        """
        incident = self.draft.incident(number)
        if incident is None:
            raise UnknownIncidentError(f"no open incident {number}")
        if incident.owner is None:
            raise ActRefusedError(
                "not_accountable", f"nobody needs to answer for it: {incident.not_accountable}"
            )
        return incident, incident.owner

    def must_act_for(self, team: str, deed: str) -> None:
        """Raise ActRefusedError unless the person may act for `team`; `deed` is what they would."""
        if not self.membership.may_act_for(self.person, team):
            name = self.membership.name(team)
            raise ActRefusedError(
                "not_a_member",
                f"only members of {name} {deed}; the charter does not name {self.person.name} "
                "among them",
            )

    def record(
        self, number: int, team: str, why: str, body: Body, authority: Authority | None = None
    ) -> Incident:
        """Record `body` as the person's act for `team`; the incident after it."""
        by = Actor("person", self.person.name, team)
        after = self.draft.record(Event(number, self.now, by, why, authority, body))
        assert after is not None, "an act is of an incident that is open"
        return after

    def authority(self, text: str) -> Authority:
        """What a change of owner rests on that people agreed upon; `text` says it in one line."""
        charter = self.membership
        return Authority(charter.charter_digest, charter.config_digest, None, None, text)


def said(text: str) -> str:
    """`text` as the record keeps it, which may be empty. Raises ActRefusedError: too long."""
    if len(text) > WHY_CHARACTERS:
        raise ActRefusedError(
            "text_too_long",
            f"the text has {len(text)} characters; {WHY_CHARACTERS} are the most",
        )
    return text.strip()


def required(text: str, what: str) -> str:
    """`text` as the record keeps it. Raises ActRefusedError: too long, or nothing is said."""
    kept = said(text)
    if not kept:
        raise ActRefusedError("text_missing", f"{what}; the record keeps it")
    return kept
