"""The forms of an incident's page. They are plain: everything works without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from buckstop.web.acts import Deed, act
from buckstop.web.pages import incident_page_after
from buckstop.web.site import site_of

Form = Mapping[str, str]

DEEDS: dict[str, Callable[[Form], Deed]] = {
    "acknowledge": lambda form: lambda ledger, n, who: ledger.acknowledge(n, who, form["note"]),
    "note": lambda form: lambda ledger, n, who: ledger.note(n, who, form["text"]),
    "resolve": lambda form: lambda ledger, n, who: ledger.resolve(n, who, form["reason"]),
    "propose": lambda form: (
        lambda ledger, n, who: ledger.propose(n, who, form["team"], form["reason"])
    ),
    "accept": lambda form: (
        lambda ledger, n, who: ledger.accept(n, who, _whole(form["proposal"]), form["note"])
    ),
    "decline": lambda form: (
        lambda ledger, n, who: ledger.decline(n, who, _whole(form["proposal"]), form["reason"])
    ),
    "withdraw": lambda form: (
        lambda ledger, n, who: ledger.withdraw(n, who, _whole(form["proposal"]), "")
    ),
    "assign": lambda form: (
        lambda ledger, n, who: ledger.assign(n, who, form["team"], form["reason"])
    ),
    "correct": lambda form: (
        lambda ledger, n, who: ledger.correct(n, who, _whole(form["entry"]), form["text"])
    ),
}
"""What a form asks for, by the last part of its address; each reads its own fields."""

FIELDS = ("note", "text", "reason", "team", "proposal", "entry")


async def act_form(request: Request) -> Response:
    """Do what a form asks for; the incident's page again, with the reason where it is refused."""
    number, name = request.path_params["number"], request.path_params["deed"]
    if name not in DEEDS:
        raise HTTPException(404, "no such form")
    form = await _fields(request)
    try:
        await act(request, number, DEEDS[name](form))
    except HTTPException as refused:
        if refused.status_code == HTTPStatus.NOT_FOUND:
            raise
        return await incident_page_after(request, refused)
    return RedirectResponse(f"/incidents/{number}", HTTPStatus.SEE_OTHER)


routes = [Route("/incidents/{number}/{deed}", act_form, methods=["POST"])]


async def _fields(request: Request) -> Form:
    """The fields of one of our own forms. Raises a 403 for a form from elsewhere."""
    form = await request.form(max_files=0, max_fields=8)
    if not site_of(request).access.is_our_form(request, str(form.get("form_token", ""))):
        raise HTTPException(403, "the form is out of date: go back, reload the page, try again")
    return {name: str(form.get(name, "")) for name in FIELDS}


def _whole(text: str) -> int:
    """The number of a field; 0, which is the number of nothing, where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
