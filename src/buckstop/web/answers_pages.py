"""The pages about who would answer: models and faults, teams, routes."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from buckstop.ledger.domain.incident import Incident
from buckstop.web.frame import frame
from buckstop.web.matrix_view import Matrix, matrix, open_by_cell
from buckstop.web.rendering import page
from buckstop.web.routes_view import LabelsError, read_labels, tree
from buckstop.web.site import Site, site_of
from buckstop.web.team_view import TeamView, team_view
from buckstop.web.view import incident_view

SHOWN_MODELS = 200
"""Models on one page; a filter finds the others."""
COUNTED_RESOLVED = 500
"""The latest resolved incidents, of all teams, from which a team's times are taken."""
FILTER_CHARACTERS = 200


async def _matrix_of(site: Site) -> Matrix:
    """Made once for each configuration: of many alerts it takes a moment."""
    accountability = site.ledger.accountability
    if site.matrix is None or site.matrix[0] is not accountability:
        site.matrix = accountability, await run_in_threadpool(matrix, accountability)
    return site.matrix[1]


async def models(request: Request) -> Response:
    """``/models``: who answers for which fault of which model; ``?q=…`` narrows the models."""
    site = site_of(request)
    whole = await _matrix_of(site)
    asked = request.query_params.get("q", "")[:FILTER_CHARACTERS].strip()
    rows = {name: row for name, row in whole.rows.items() if asked.lower() in name.lower()}
    context = {
        **frame(request),
        "matrix": whole,
        "rows": dict(list(rows.items())[:SHOWN_MODELS]),
        "left_out": max(0, len(rows) - SHOWN_MODELS),
        "asked": asked,
        "open": open_by_cell(site.ledger.book.incidents.values()),
        "existing": site.ledger.accountability.manifest.existing,
        "names": _names(site),
    }
    return page("models.html", context)


async def model(request: Request) -> Response:
    """``/models/NAME``: the alerts of one model, who answers for each, and on what authority."""
    site = site_of(request)
    name = request.path_params["model"]
    row = (await _matrix_of(site)).rows.get(name)
    if row is None:
        raise HTTPException(404, "no such model in the charter")
    incidents = [
        incident_view(one)
        for one in site.ledger.book.incidents.values()
        if one.owner is not None and _model(one) == name
    ]
    context = {**frame(request), "model": name, "row": row, "incidents": incidents}
    return page("model.html", context)


async def teams(request: Request) -> Response:
    """``/teams``: every team, what it answers for, has now, and how soon it answered."""
    site = site_of(request)
    context = {**frame(request), "teams": await _teams(site), "counted": COUNTED_RESOLVED}
    return page("teams.html", context)


async def team(request: Request) -> Response:
    """``/teams/ID``: one team."""
    site = site_of(request)
    wanted = request.path_params["team"]
    found = next((one for one in await _teams(site) if one.team.id == wanted), None)
    if found is None:
        raise HTTPException(404, "no such team in the charter")
    context = {
        **frame(request),
        "view": found,
        "incidents": [incident_view(one) for one in found.open],
        "counted": COUNTED_RESOLVED,
    }
    return page("team.html", context)


async def routes_page(request: Request) -> Response:
    """``/routes``: the tree that is loaded; ``?labels=…`` lights the way of one alert."""
    site = site_of(request)
    accountability = site.ledger.accountability
    pasted = request.query_params.get("labels", "")
    labels = None
    refused = ""
    if pasted.strip():
        try:
            labels = read_labels(pasted)
        except LabelsError as error:
            refused = str(error)
    receivers = {receiver.name: receiver for receiver in accountability.manifest.receivers}
    root = await run_in_threadpool(tree, accountability.router, receivers, _names(site), labels)
    context = {
        **frame(request),
        "root": root,
        "pasted": pasted,
        "labels": labels,
        "refused": refused,
        "answer": None if labels is None else accountability.answer(labels),
        "names": _names(site),
    }
    return page("routes.html", context, 422 if refused else 200)


routes = [
    Route("/models", models),
    Route("/models/{model:path}", model),
    Route("/teams", teams),
    Route("/teams/{team}", team),
    Route("/routes", routes_page),
]


async def _teams(site: Site) -> list[TeamView]:
    duties = await _matrix_of(site)
    opened = tuple(site.ledger.book.incidents.values())
    resolved = await site.resolved(COUNTED_RESOLVED)
    return [
        team_view(one, duties, opened, resolved)
        for one in site.ledger.accountability.manifest.teams
    ]


def _names(site: Site) -> dict[str, str]:
    return {team.id: team.name for team in site.ledger.accountability.manifest.teams}


def _model(incident: Incident) -> str:
    return incident_view(incident).model or ""
