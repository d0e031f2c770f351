"""Signs the record while the ledger runs: every so often, and when an incident ends."""

from __future__ import annotations

import asyncio
import logging

from buckstop.ledger.checkpointing import Checkpointer, RecordDiffersError
from buckstop.ledger.domain.events import Resolved
from buckstop.ledger.record.checkpoint_folder import CheckpointsError
from buckstop.ledger.store import StoreError
from buckstop.ledger.writer import Commit
from buckstop.web.site import Site

log = logging.getLogger(__name__)

CHECKPOINT_SECONDS = 3600.0
GATHER_SECONDS = 2.0
"""Incidents that end so shortly after one another share a checkpoint."""
RETRY_SECONDS = 60.0

SUBJECT = "checkpoints"


class Signing:
    """Keeps the checkpoints of a site's record up to date."""

    def __init__(
        self, checkpointer: Checkpointer, every_seconds: float = CHECKPOINT_SECONDS
    ) -> None:
        self._checkpointer = checkpointer
        self._every_seconds = every_seconds

    async def run(self, site: Site) -> None:
        """Sign at the start, then at each close and every so often, until cancelled."""
        loop, closed = asyncio.get_running_loop(), asyncio.Event()

        def heard(commit: Commit) -> None:
            ended = any(isinstance(event.body, Resolved) for event in commit.events)
            if ended and not loop.is_closed():
                loop.call_soon_threadsafe(closed.set)

        end_listening = site.ledger.listen(heard)
        try:
            while True:
                closed.clear()
                signed = await self._sign(site)
                wait_seconds = self._every_seconds if signed else RETRY_SECONDS
                try:
                    await asyncio.wait_for(closed.wait(), wait_seconds)
                except TimeoutError:
                    continue
                await asyncio.sleep(GATHER_SECONDS)
        finally:
            # It is run again whenever this server begins to lead.
            end_listening()

    async def _sign(self, site: Site) -> bool:
        began = site.ledger.now().timestamp()
        try:
            await asyncio.to_thread(self._checkpointer.write)
        except RecordDiffersError as error:
            message = (
                f"{error}: the record was tampered with, or restored from a backup; nothing is "
                "signed. `buckstop record verify` says more"
            )
        except (CheckpointsError, StoreError) as error:
            message = f"the record is not signed: {error}"
        else:
            site.problems.pop(SUBJECT, None)
            site.metrics.signed(began)
            return True
        if site.problems.get(SUBJECT) != message:
            log.error("%s: %s", SUBJECT, message)
        site.problems[SUBJECT] = message
        return False
