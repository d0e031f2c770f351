"""The forms of an incident's page. They are plain: everything works without JavaScript."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from buckstop.ledger.refusals import Try
from buckstop.web.acts import act
from buckstop.web.asking import ACTS, Asked
from buckstop.web.pages import incident_page_after
from buckstop.web.refusing import refuse
from buckstop.web.site import person_of, site_of

TEXTS = ("note", "text", "reason", "team")
NUMBERS = ("proposal", "entry")


async def act_form(request: Request) -> Response:
    """Do what a form asks for; the incident's page again, with the reason where it is refused."""
    number, name = request.path_params["number"], request.path_params["deed"]
    if name not in ACTS:
        raise HTTPException(404, "no such form")
    site = site_of(request)
    form = await request.form(max_files=0, max_fields=8)
    if not site.access.is_our_form(request, str(form.get("form_token", ""))):
        why = "the form is out of date: go back, reload the page, try again"
        await refuse(site, Try(person_of(request).name, name, site.find(number), "form", why))
        raise HTTPException(403, why)
    try:
        await act(request, number, _asked(ACTS[name], form))
    except HTTPException as refused:
        if refused.status_code == HTTPStatus.NOT_FOUND:
            raise
        return await incident_page_after(request, refused)
    return RedirectResponse(f"/incidents/{number}", HTTPStatus.SEE_OTHER)


routes = [Route("/incidents/{number}/{deed}", act_form, methods=["POST"])]


def _asked(kind: type[Asked], form: FormData) -> Asked:
    """What a form asks for, not yet judged: the domain says to people what is wrong with it."""
    told: dict[str, Any] = {}
    for name in kind.model_fields:
        text = str(form.get(name, ""))
        if name in TEXTS:
            told[name] = text
        elif name in NUMBERS:
            told[name] = _whole(text)
    return kind.model_construct(**told)


def _whole(text: str) -> int:
    """The number of a field; 0, which is the number of nothing, where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
