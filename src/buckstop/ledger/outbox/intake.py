"""What comes in and bears the marks of a copy: the ledger's own is known, a stranger's is not."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from buckstop.ledger.domain.act_events import Noted
from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.case import Observation
from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.leading import OUTBOX
from buckstop.ledger.domain.observe import Grouping, Outcome, observe
from buckstop.ledger.domain.routing import Resolver
from buckstop.ledger.outbox.copies import incident_named, is_copy_of, is_marked

FORGED: Final = (
    "This alert bears the marks of a copy that the ledger makes of a handed over alert, and the "
    "ledger has not made it: whoever sends it forges them, or its record was lost."
)


def take_in(
    draft: Draft, seen: Observation, now: datetime, grouping: Grouping, resolver: Resolver
) -> Outcome:
    """Record what `seen` means; nothing where it is a copy that the ledger made itself."""
    if not is_marked(seen.labels):
        return observe(draft, seen, now, grouping, resolver)
    number = incident_named(seen.labels)
    named = None if number is None else draft.lately(number)
    if named is not None and is_copy_of(named, seen.labels, grouping.identity):
        return "copy"
    outcome = observe(draft, seen, now, grouping, resolver)
    if outcome in {"opened", "joined", "reopened"}:
        incident = draft.holding(grouping.identity.identify(seen.labels).member)
        if incident is not None:
            draft.record(Event(incident.number, now, OUTBOX, FORGED, None, Noted()))
    return outcome
