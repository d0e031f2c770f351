"""Why an act is not done: a kind for programs and a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from buckstop.ledger.domain.act_events import RefusedReason

Reason = Literal[
    "not_open",
    "not_a_member",
    "not_the_lead",
    "not_accountable",
    "acknowledged_already",
    "text_missing",
    "text_too_long",
    "team_unknown",
    "team_accountable_already",
    "proposal_open",
    "no_proposal",
    "proposal_over",
    "time_limit",
    "entry_unknown",
    "shadow",
]
"""The kinds of refusal; programs may rely on these words."""

NOT_ALLOWED: Mapping[Reason, RefusedReason] = {
    "not_a_member": "not_a_member",
    "not_the_lead": "not_the_lead",
}
"""Those that are about who acts, and go on record; all others are about how things stand."""


class ActRefusedError(Exception):
    """The act cannot be done, or not by this person; the message says why."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class UnknownIncidentError(Exception):
    """No open incident has this number."""
