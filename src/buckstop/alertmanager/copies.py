"""The labels by which the ledger marks the copy of an alert that another team has taken over."""

from __future__ import annotations

from typing import Final

RESERVED_PREFIX: Final = "buckstop_"
"""Labels that begin so are the ledger's; generated relabelling drops them from what rules emit."""
COPY_LABEL: Final = "buckstop_copy"
COPY_MARK: Final = "handover"
"""The value of `COPY_LABEL`: by it the route of copies knows them."""
INCIDENT_LABEL: Final = "buckstop_incident"
SEQUENCE_LABEL: Final = "buckstop_handover"
"""Which of an incident's handovers a copy belongs to, from 1; 0 for one that only makes sure."""
