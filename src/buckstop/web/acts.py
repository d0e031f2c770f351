"""Acts of persons, asked for by a page or a program: done durably, or refused with the reason."""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.refusal import (
    NOT_ALLOWED,
    ActRefusedError,
    Reason,
    UnknownIncidentError,
)
from buckstop.ledger.refusals import Try
from buckstop.ledger.writer import OverloadedError
from buckstop.web.asking import Asked
from buckstop.web.refusing import refuse
from buckstop.web.site import durable, overloaded, person_of, site_of


class ActNotDone(HTTPException):
    """Why an act was refused: 403 where this person may not, 409 where nobody could now."""

    def __init__(self, status: HTTPStatus, detail: str, reason: Reason) -> None:
        super().__init__(status, detail)
        self.reason = reason


async def act(request: Request, incident_id: str, asked: Asked) -> Incident:
    """Do what is `asked` for whoever sends `request`; the incident after it, once that is on disk.

    Raises:
        ActNotDone: it is refused.
        HTTPException: a 404 for no such incident, a 503 where nothing can be recorded now.
    """
    site = site_of(request)
    number = site.find(incident_id)
    try:
        return await durable(asked.of(site.ledger, number, person_of(request)))
    except ActRefusedError as refused:
        status = HTTPStatus.CONFLICT
        not_allowed = NOT_ALLOWED.get(refused.reason)
        if not_allowed is not None:
            status = HTTPStatus.FORBIDDEN
            person = person_of(request).name
            await refuse(site, Try(person, asked.name(), number, not_allowed, str(refused)))
        raise ActNotDone(status, str(refused), refused.reason) from refused
    except UnknownIncidentError as refused:
        await site.read(incident_id)
        detail = f"incident {incident_id} is no longer open"
        raise ActNotDone(HTTPStatus.CONFLICT, detail, "not_open") from refused
    except OverloadedError as error:
        raise overloaded(error) from error
