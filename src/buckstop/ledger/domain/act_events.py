"""What persons say and propose, and what becomes of it, as it goes on record.

What a person wrote is the event's ``why`` and never a field of a body: so all that a person wrote
lies in one place, where it can be kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Cause = Literal["timed_out", "resolved", "owner_changed", "team_gone"]
"""Why a proposal ends though nobody answered it."""

RefusedReason = Literal["not_a_member", "not_the_lead", "scope", "form", "too_many"]
"""Why a person was not let do something: by the charter, by their token's scopes, because a form
was none of ours; `too_many` for what is no longer told apart."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A person writes down something for the accountable team; nothing else changes."""

    kind: Literal["noted"] = "noted"


@dataclass(frozen=True, slots=True)
class Corrected:
    """A person says what is wrong in an earlier entry, which stays as it is.

    Attributes:
        entry: the place of that entry in the incident's record, from 1.
    """

    entry: int
    kind: Literal["corrected"] = "corrected"


@dataclass(frozen=True, slots=True)
class Proposed:
    """The accountable team asks another one to take the incident over. It stays accountable.

    Attributes:
        proposal: its number within the incident, from 1.
        until: when it ends by itself if nobody has answered.
    """

    proposal: int
    to_team: str
    to_team_name: str
    until: datetime
    kind: Literal["proposed"] = "proposed"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The asked team takes over: from this event on it is accountable.

    The one event is both the acceptance and the change of owner, so neither is ever on record
    without the other. What else must come with it (the work of re-routing, named by incident and
    proposal) is written where this event is appended, in the same transaction.
    """

    proposal: int
    team: str
    team_name: str
    kind: Literal["accepted"] = "accepted"


@dataclass(frozen=True, slots=True)
class Declined:
    """The asked team does not take over."""

    proposal: int
    kind: Literal["declined"] = "declined"


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The accountable team takes its proposal back."""

    proposal: int
    kind: Literal["withdrawn"] = "withdrawn"


@dataclass(frozen=True, slots=True)
class ProposalEnded:
    """A proposal ends by itself: nobody answered in time, or it has lost its object."""

    proposal: int
    cause: Cause
    kind: Literal["proposal_ended"] = "proposal_ended"


@dataclass(frozen=True, slots=True)
class Assigned:
    """The lead of the team for the unrecognised gives the incident to the team it belongs to."""

    team: str
    team_name: str
    kind: Literal["assigned"] = "assigned"


Leading = Literal["would", "copying", "copied", "led", "not_led"]
"""How far an incident's alerts are led to its team: a dry run says what would be done; copies are
on the way; both teams are notified; the accountable one alone is; it is not, or not everywhere."""


@dataclass(frozen=True, slots=True)
class Led:
    """How far the incident's alerts are led to its accountable team, as seen on the servers.

    Attributes:
        sequence: which handover of the incident it is about; 0: a copy that only makes sure.
        servers: each Alertmanager's address, and what is there, in words.
    """

    sequence: int
    team: str
    state: Leading
    servers: tuple[tuple[str, str], ...]
    kind: Literal["led"] = "led"


@dataclass(frozen=True, slots=True)
class Refused:
    """A person tried what they may not (incident 0); nothing else changes.

    Attributes:
        act: the act's name, or the scope that was needed.
        about: the incident that they tried it on, or None.
        times: how often since `since`, beyond what was recorded before.
    """

    act: str
    about: int | None
    reason: RefusedReason
    times: int
    since: datetime
    kind: Literal["refused"] = "refused"
