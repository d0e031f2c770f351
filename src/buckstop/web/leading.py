"""Tasks that one server at a time does, of all that share a record."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from buckstop.web.app import Task
from buckstop.web.site import Site

log = logging.getLogger(__name__)

ASK_SECONDS = 0.25
AGAIN_SECONDS = 5.0
"""A task that ended by itself is begun again after so long."""


def while_leading(task: Task) -> Task:
    """`task`, begun whenever this server begins to lead, and cancelled when it ceases.

    Whether it leads is asked, not told: a process that was stopped, or whose store hangs, is told
    nothing, and finds out here that its time is over.
    """

    async def run(site: Site) -> None:
        running: asyncio.Task[None] | None = None
        try:
            while True:
                if not site.ledger.leadership.leads:
                    await _ended(running)
                    running = None
                elif running is None:
                    running = asyncio.create_task(task(site))
                elif running.done():
                    log.error("a task of the leader ended", exc_info=running.exception())
                    running = None
                    await asyncio.sleep(AGAIN_SECONDS)
                await asyncio.sleep(ASK_SECONDS)
        finally:
            await _ended(running)

    return run


async def _ended(running: asyncio.Task[None] | None) -> None:
    if running is not None:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await running
