"""The acts of persons under ``/api/v1/incidents/ID/``, described by OpenAPI."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field

from buckstop.ledger.domain.refusal import Reason
from buckstop.web.acts import act
from buckstop.web.api import READ_PROBLEMS, TOKEN, Answers, Id, Problem, problems
from buckstop.web.asking import ACTS, Asked
from buckstop.web.view import IncidentView, incident_view


class Refused(Problem):
    """Why an act was refused: a sentence for people, and a word that programs may rely on."""

    reason: Reason | None = Field(None, description="null: the token does not allow acts at all")


_ANSWERS: Answers = {
    **READ_PROBLEMS,
    **problems(400, 404, 408, 413, 415),
    403: {"model": Refused},
    409: {"model": Refused},
}
router = APIRouter(
    prefix="/api/v1/incidents/{incident_id}", responses=_ANSWERS, dependencies=[TOKEN]
)


def _endpoint(asked: type[Asked]) -> Callable[..., Coroutine[Any, Any, IncidentView]]:
    async def endpoint(request: Request, incident_id: Id, body: Any = None) -> IncidentView:
        wanted = asked() if body is None else body
        return incident_view(await act(request, incident_id, wanted))

    async def told(request: Request, incident_id: Id, body: Any) -> IncidentView:
        return incident_view(await act(request, incident_id, body))

    if any(field.is_required() for field in asked.model_fields.values()):
        told.__annotations__["body"] = asked
        return told
    # Who says nothing beside the act need not send a body.
    endpoint.__annotations__["body"] = asked | None
    return endpoint


for _name, _asked in ACTS.items():
    router.add_api_route(
        f"/{_name}", _endpoint(_asked), methods=["POST"], name=_name, description=_asked.__doc__
    )
