"""The pages: who is accountable for what, now; one incident's timeline.

Forms are plain: everything works without JavaScript.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from buckstop.ledger.domain.book import HOLD_SECONDS
from buckstop.ledger.domain.incident import Incident
from buckstop.web.frame import frame
from buckstop.web.history_view import history_view
from buckstop.web.offers import offers
from buckstop.web.ownership_bar import ownership_bar
from buckstop.web.rendering import page
from buckstop.web.site import person_of, site_of
from buckstop.web.view import (
    IncidentView,
    MemberView,
    incident_view,
    leading,
    severity_rank,
)

FILTERS = ("team", "model", "fault")
"""What the link of an alert may say of the incident that it means."""
RECENTLY_RESOLVED = 12
SHOWN_INCIDENTS = 500
"""The most open incidents that the page draws; it says how many more there are."""
SHOWN_MEMBERS = 200
SHOWN_EVENTS = 1_000

TITLES = {
    "opened": "Opened",
    "joined": "Alert joined",
    "source_seen": "Reported firing",
    "source_lost": "Source lost",
    "source_resolved": "Source resolved",
    "rerouted": "Rerouted",
    "owner_changed": "Accountability moved",
    "superseded": "Went on under another team",
    "withheld": "Notification",
    "unheard": "Alertmanager silent",
    "acknowledged": "Acknowledged",
    "noted": "Note",
    "proposed": "Handover proposed",
    "accepted": "Handover accepted",
    "declined": "Handover declined",
    "withdrawn": "Proposal withdrawn",
    "proposal_ended": "Proposal ended",
    "assigned": "Assigned",
    "led": "Led to its team",
    "corrected": "Corrected",
    "reopened": "Reopened",
    "resolved": "Resolved",
}
"""What each kind of event is called on a timeline."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An incident as the board draws it: its place among the severities decides its colour."""

    view: IncidentView
    rank: int


@dataclass(frozen=True, slots=True)
class TeamOnBoard:
    """A team and all it answers for now, the gravest first."""

    id: str
    name: str
    incidents: tuple[Shown, ...]


async def board(request: Request) -> Response:
    """``/``: who is accountable for what, now.

    ``?team=…&model=…&fault=…``, the link that an alert carries, leads to the one incident that
    is meant, or shows those that are left.
    """
    site = site_of(request)
    everything = site.ledger.book.incidents.values()
    wanted = {name: request.query_params[name] for name in FILTERS if name in request.query_params}
    owned = sorted((i for i in everything if _is_meant(i, wanted)), key=_urgency)
    if wanted and len(owned) == 1:
        return RedirectResponse(f"/incidents/{owned[0].number}", HTTPStatus.SEE_OTHER)
    context = {
        **frame(request),
        "teams": _by_team(owned[:SHOWN_INCIDENTS]),
        "open_count": len(owned),
        "wanted": wanted,
        "left_out": max(0, len(owned) - SHOWN_INCIDENTS),
        "unacknowledged": sum(incident.acknowledged is None for incident in owned),
        "resolved": [incident_view(i) for i in await site.resolved(RECENTLY_RESOLVED)],
        "not_accountable": [incident_view(i) for i in everything if i.owner is None],
        "heard": sorted((kind, name, at) for (kind, name), at in list(site.heard.items())),
        "proof": site.vigil.proof,
        "hold_hours": HOLD_SECONDS // 3600,
    }
    return page("board.html", context)


async def incident_page(request: Request) -> Response:
    """``/incidents/ID``: what happened, who did it, why, and on what authority."""
    return await incident_page_after(request, None)


async def events(request: Request) -> Response:
    """``/events``: tells open pages that the record has grown."""
    site = site_of(request)
    person = person_of(request).name
    if not site.hub.has_room(person):
        raise HTTPException(503, "too many pages listen already")

    def may_listen() -> bool:
        return site.access.identify(request) is not None

    return StreamingResponse(site.hub.stream(person, may_listen), media_type="text/event-stream")


routes = [
    Route("/", board),
    Route("/incidents/{number}", incident_page),
    Route("/events", events),
]


async def not_found(request: Request, status: int, message: str) -> Response:
    """A page that says what is wrong with the request."""
    context = {**frame(request), "status": status, "message": message}
    return page("problem.html", context, status)


async def incident_page_after(request: Request, refused: HTTPException | None) -> Response:
    """The incident's page, with why an act was `refused` that a form on it had asked for."""
    incident, history = await site_of(request).read(request.path_params["number"])
    view = incident_view(incident)
    entries = history_view(history)
    shown = entries if len(entries) <= SHOWN_EVENTS else [entries[0], *entries[1 - SHOWN_EVENTS :]]
    around = frame(request)
    person = person_of(request) if around["may_act"] and not around["shadow"] else None
    context = {
        **around,
        "incident": view,
        "rank": _colour(severity_rank(incident)),
        "members": _firing_first(view.members)[:SHOWN_MEMBERS],
        "members_left_out": max(0, len(view.members) - SHOWN_MEMBERS),
        "history": shown,
        "bar": ownership_bar(view.owners, view.resolved_at or site_of(request).ledger.now()),
        "offers": offers(incident, site_of(request).ledger.accountability.membership, person),
        "history_left_out": len(history) - len(shown),
        "titles": TITLES,
        "form_token": site_of(request).access.form_token(request),
        "refused": None if refused is None else refused.detail,
        "hold_hours": HOLD_SECONDS // 3600,
    }
    return page("incident.html", context, 200 if refused is None else refused.status_code)


def _is_meant(incident: Incident, wanted: Mapping[str, str]) -> bool:
    """Whether a team answers for the incident, and it is as `wanted` says."""
    if incident.owner is None:
        return False
    labels = leading(incident).labels
    found = {"team": incident.owner.team, **{name: labels.get(name) for name in FILTERS[1:]}}
    return all(found[name] == value for name, value in wanted.items())


def _urgency(incident: Incident) -> tuple[int, bool, object]:
    return severity_rank(incident), incident.acknowledged is not None, incident.opened_at


def _by_team(incidents: list[Incident]) -> list[TeamOnBoard]:
    """The teams in the order of their gravest incident."""
    teams: dict[str, list[Incident]] = {}
    for incident in incidents:
        assert incident.owner is not None, "only owned incidents are on the board"
        teams.setdefault(incident.owner.team, []).append(incident)
    return [
        TeamOnBoard(
            id=team,
            name=owned[0].owner.team_name if owned[0].owner is not None else team,
            incidents=tuple(
                Shown(incident_view(incident), _colour(severity_rank(incident)))
                for incident in owned
            ),
        )
        for team, owned in teams.items()
    ]


def _colour(rank: int) -> int:
    """Severities beyond the third share its colour."""
    return min(rank, 2)


def _firing_first(members: list[MemberView]) -> list[MemberView]:
    order = ("firing", "lost", "superseded", "resolved")
    return sorted(members, key=lambda member: order.index(member.state))
