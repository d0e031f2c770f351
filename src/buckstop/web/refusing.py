"""What known people were not let do, put on the record before they hear it."""

from __future__ import annotations

import asyncio
import logging
import re

from buckstop.ledger.refusals import Try
from buckstop.ledger.store import StoreError
from buckstop.ledger.writer import OverloadedError
from buckstop.web.asking import ACTS
from buckstop.web.site import Site
from buckstop.web.tokens import Identity

log = logging.getLogger(__name__)

_ACT = re.compile(r"/(?:api/v1/)?incidents/([0-9]{1,15})/([a-z]+)")


async def refuse(site: Site, tried: Try) -> None:
    """Record what was tried; where that cannot be, the log says so."""
    try:
        await asyncio.wrap_future(site.ledger.refuse(tried))
    except (StoreError, OverloadedError) as error:
        log.warning("a refusal is not recorded: %s", error)


async def refuse_scope(site: Site, identity: Identity, path: str, needed: str) -> None:
    """Record that a token does not allow what was asked for at `path`."""
    act, about = needed, None
    found = _ACT.fullmatch(path)
    if found is not None and found[2] in ACTS:
        act, about = found[2], int(found[1])
    why = f"the token lacks the scope {needed!r}"
    await refuse(site, Try(identity.person, act, about, "scope", why))
