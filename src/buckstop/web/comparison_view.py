"""Over a time: who would have answered for what, and what happens to such alerts today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import AwareDatetime, BaseModel, Field
from starlette.responses import Response
from starlette.routing import Route

from buckstop.ledger.domain.events import Event, Withheld
from buckstop.ledger.domain.incident import Incident, fold
from buckstop.ledger.domain.watch import describe
from buckstop.ledger.owner import Accountability
from buckstop.web.api import READ_PROBLEMS, TOKEN, Limit, Offset, problems
from buckstop.web.frame import frame
from buckstop.web.rendering import page
from buckstop.web.site import site_of
from buckstop.web.today import Today
from buckstop.web.view import incident_view

PAGE_DAYS = 7
"""The page is of so many days."""
SHOWN = 500
"""The most on the page."""


class ComparedView(BaseModel):
    """One incident: who would have answered, and whom its alerts go to today."""

    id: str
    opened_at: datetime
    resolved_at: datetime | None
    summary: str
    severity: str | None
    model: str | None
    team: str | None = Field(description="who would have answered; null: nobody needs to")
    team_name: str
    authority: str = Field(description="the charter's row or the label by which that is so")
    without_team: bool = Field(
        description="neither a team label nor a row of the charter names a team: it fell to the "
        "team for the unrecognised"
    )
    today: list[str] | None = Field(
        description="receivers to which the routes that are loaded today lead its alerts; null: no "
        "Alertmanager was asked"
    )
    not_notified: list[str] = Field(
        description="why Alertmanager withheld a notification at some time, or today's routes lead "
        "nowhere"
    )


class Comparison(BaseModel):
    """What was opened in a time; the counts are of this page."""

    shadow: bool
    since: datetime
    until: datetime
    incidents: list[ComparedView]
    by_team: dict[str, int]
    without_team: int
    not_notified: int
    more: bool


router = APIRouter(prefix="/api/v1", responses=READ_PROBLEMS, dependencies=[TOKEN])


@router.get("/comparison", responses=problems(400))
async def compare(
    request: Request,
    since: Annotated[AwareDatetime | None, Query(description="seven days before its end")] = None,
    until: Annotated[AwareDatetime | None, Query(description="now, where it is left out")] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Comparison:
    """Of what was opened in a time: who would have answered, and whom it goes to today."""
    try:
        end = _just_after(request) if until is None else until.astimezone(UTC)
        start = end - timedelta(days=PAGE_DAYS) if since is None else since.astimezone(UTC)
    except OverflowError as error:
        raise HTTPException(400, "since or until is no time that there is") from error
    return await _compared(request, start, end, limit, offset)


async def comparison_page(request: Request) -> Response:
    """``/comparison``: the same, of the last days, for people."""
    end = _just_after(request)
    found = await _compared(request, end - timedelta(days=PAGE_DAYS), end, SHOWN, 0)
    return page("comparison.html", {**frame(request), "found": found, "days": PAGE_DAYS})


routes = [Route("/comparison", comparison_page)]


def _just_after(request: Request) -> datetime:
    """The end of a time that has what is opened at this moment."""
    return site_of(request).ledger.now() + timedelta(seconds=1)


async def _compared(
    request: Request, since: datetime, until: datetime, limit: int, offset: int
) -> Comparison:
    site = site_of(request)
    histories = await site.opened(since, until, limit + 1, offset)
    seen = [_view(history, site.ledger.accountability, site.today) for history in histories[:limit]]
    return Comparison(
        shadow=site.ledger.is_shadow,
        since=since,
        until=until,
        incidents=seen,
        by_team=dict(sorted(Counter(one.team for one in seen if one.team is not None).items())),
        without_team=sum(one.without_team for one in seen),
        not_notified=sum(bool(one.not_notified) for one in seen),
        more=len(histories) > limit,
    )


def _view(history: Sequence[Event], by: Accountability, today: Today | None) -> ComparedView:
    incident = fold(history)
    view = incident_view(incident)
    receivers = _today(incident, by, today)
    why = {
        describe(withholding): None
        for event in history
        if isinstance(event.body, Withheld)
        for withholding in event.body.withholdings
    }
    if today is not None and receivers is not None and set(receivers) <= today.silent:
        why[f"today's routes lead to {', '.join(receivers)}, which delivers nowhere"] = None
    return ComparedView(
        id=view.id,
        opened_at=view.opened_at,
        resolved_at=view.resolved_at,
        summary=view.summary,
        severity=view.severity,
        model=view.model,
        team=view.team,
        team_name=view.team_name,
        authority="" if incident.authority is None else incident.authority.text,
        without_team=incident.not_accountable is None and _is_without_team(incident, by),
        today=receivers,
        not_notified=list(why),
    )


def _is_without_team(incident: Incident, by: Accountability) -> bool:
    """Whether nothing but the charter's catch-all says who answers for its alerts."""
    default = by.manifest.default_authority
    return any(
        (owed.file, owed.line, owed.text) == (default.file, default.line, default.text)
        for owed in (by.owed(member.labels) for member in incident.members.values())
    )


def _today(incident: Incident, by: Accountability, today: Today | None) -> list[str] | None:
    """To whom its alerts go by what is loaded now."""
    if today is None:
        return None
    own = {receiver.name for receiver in by.manifest.receivers if receiver.role == "ledger"}
    return list(
        dict.fromkeys(
            match.receiver
            for member in incident.members.values()
            for match in today.router.route(member.labels)
            if match.receiver not in own
        )
    )
