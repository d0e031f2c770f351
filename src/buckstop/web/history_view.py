"""An incident's record as the API gives it and the timeline shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from buckstop.ledger.domain.act_events import Accepted, Assigned, Corrected, Proposed
from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.incident import Incident
from buckstop.web.ownership_view import AuthorityView, authority_view
from buckstop.web.view import IncidentView, incident_view


class EventView(BaseModel):
    """One entry of the record."""

    entry: int = Field(description="its place in the incident's record, from 1")
    at: datetime
    kind: str
    by: str
    by_kind: Literal["person", "system"]
    team: str | None = Field(description="for which team a person acted")
    about: str = Field(description="whom or what it is about, in a few words; else empty")
    why: str
    authority: AuthorityView | None
    corrected_by: list[int] = Field(description="the entries that say what is wrong in this one")


class IncidentWithHistory(IncidentView):
    """One incident and its whole record."""

    history: list[EventView]


def with_history(incident: Incident, history: Sequence[Event]) -> IncidentWithHistory:
    """`incident` together with all its events."""
    return IncidentWithHistory(**dict(incident_view(incident)), history=history_view(history))


def history_view(history: Sequence[Event]) -> list[EventView]:
    """An incident's whole record for the API and the pages."""
    corrections: dict[int, list[int]] = {}
    for place, event in enumerate(history, start=1):
        if isinstance(event.body, Corrected):
            corrections.setdefault(event.body.entry, []).append(place)
    return [
        EventView(
            entry=place,
            at=event.at,
            kind=event.body.kind,
            by=event.by.name,
            by_kind=event.by.kind,
            team=event.by.team,
            about=_about(event),
            why=event.why,
            authority=authority_view(event.authority),
            corrected_by=corrections.get(place, []),
        )
        for place, event in enumerate(history, start=1)
    ]


def _about(event: Event) -> str:
    match event.body:
        case Proposed(to_team_name=name, until=until):
            return f"to {name}, until {until:%Y-%m-%d %H:%M:%S} UTC"
        case Accepted(team_name=name) | Assigned(team_name=name):
            return f"{name} is accountable from now on"
        case Corrected(entry=entry):
            return f"entry {entry}"
        case _:
            return ""
