"""The forms of an incident's page. They are plain: everything works without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from buckstop.web.acts import act
from buckstop.web.asking import ACTS, Asked
from buckstop.web.pages import incident_page_after
from buckstop.web.site import site_of

TEXTS = ("note", "text", "reason", "team")
NUMBERS = ("proposal", "entry")


async def act_form(request: Request) -> Response:
    """Do what a form asks for; the incident's page again, with the reason where it is refused."""
    number, name = request.path_params["number"], request.path_params["deed"]
    if name not in ACTS:
        raise HTTPException(404, "no such form")
    form = await _fields(request)
    try:
        await act(request, number, _asked(ACTS[name], form))
    except HTTPException as refused:
        if refused.status_code == HTTPStatus.NOT_FOUND:
            raise
        return await incident_page_after(request, refused)
    return RedirectResponse(f"/incidents/{number}", HTTPStatus.SEE_OTHER)


routes = [Route("/incidents/{number}/{deed}", act_form, methods=["POST"])]


async def _fields(request: Request) -> Mapping[str, str | int]:
    """The fields of one of our own forms. Raises a 403 for a form from elsewhere."""
    form = await request.form(max_files=0, max_fields=8)
    if not site_of(request).access.is_our_form(request, str(form.get("form_token", ""))):
        raise HTTPException(403, "the form is out of date: go back, reload the page, try again")
    texts = {name: str(form.get(name, "")) for name in (*TEXTS, *NUMBERS)}
    return {**texts, **{name: _whole(texts[name]) for name in NUMBERS}}


def _asked(kind: type[Asked], form: Mapping[str, str | int]) -> Asked:
    """What a form asks for, not yet judged: the domain says to people what is wrong with it."""
    return kind.model_construct(
        **{name: form[name] for name in kind.model_fields if name in form}  # type: ignore[arg-type]
    )


def _whole(text: str) -> int:
    """The number of a field; 0, which is the number of nothing, where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
