"""The task that asks every server which alerts fire, for those that nobody told the ledger of."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from time import perf_counter
from typing import Final

import httpx

from buckstop.ledger.domain.events import Stream
from buckstop.ledger.domain.labels import IdentityRule
from buckstop.ledger.reconcile.asking import AlertmanagerAsker, PrometheusAsker
from buckstop.ledger.reconcile.round import Round
from buckstop.ledger.store import StoreError
from buckstop.ledger.writer import OverloadedError
from buckstop.loaded import NotSaidError
from buckstop.web.site import Site
from buckstop.web.vigil import Asked

Asker = PrometheusAsker | AlertmanagerAsker

log = logging.getLogger(__name__)

PATIENCE_ROUNDS: Final = 2
"""So many rounds an alert must be held untold: what was told of a moment ago is on its way."""
LEASE_ROUNDS: Final = 4
"""A server's word holds for so many rounds: one that does not answer once has not lost it."""
TIMEOUT_SECONDS: Final = 10.0


class Reconciler:
    """Asks `alertmanagers` and `prometheuses` every `seconds`; run it where the leader runs.

    Each run begins with no memory: what was untold waits anew, and nothing is taken in too early.
    """

    def __init__(
        self, alertmanagers: Sequence[str], prometheuses: Sequence[str], *, seconds: float
    ) -> None:
        self._askers: list[Asker] = [PrometheusAsker(url) for url in prometheuses]
        self._askers += [AlertmanagerAsker(url) for url in alertmanagers]
        self._seconds = seconds

    async def run(self, site: Site) -> None:
        """Ask and reconcile, round after round."""
        try:
            await self._run(site)
        finally:
            # Another server may ask from now on; what this one last heard is of no account.
            site.vigil.asked.clear()

    async def _run(self, site: Site) -> None:
        for asker in self._askers:
            site.vigil.asked.setdefault(asker.server, Asked())
        waiting: Mapping[Stream, datetime] = {}
        with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client:
            while True:
                rounds = [one for asker in self._askers if (one := await _ask(client, asker, site))]
                try:
                    future = site.ledger.reconcile(
                        rounds,
                        waiting,
                        patience_seconds=PATIENCE_ROUNDS * self._seconds,
                        lease_seconds=LEASE_ROUNDS * self._seconds,
                    )
                    outcome = await asyncio.wrap_future(future)
                except (StoreError, OverloadedError) as error:
                    log.warning("what servers hold is not reconciled: %s", error)
                else:
                    waiting = outcome.waiting
                    site.vigil.found += outcome.found
                await asyncio.sleep(self._seconds)


async def _ask(client: httpx.Client, asker: Asker, site: Site) -> Round | None:
    """What a server says; None, and said on the pages, where it does not answer."""
    asked = site.vigil.asked[asker.server]
    program = "prometheus" if isinstance(asker, PrometheusAsker) else "alertmanager"
    subject = f"{program} {asker.server.name} (reconciled)"
    identity: IdentityRule = site.ledger.identity()
    started = perf_counter()
    try:
        found = await asyncio.to_thread(asker.ask, client, identity, site.ledger.now())
    except NotSaidError as error:
        asked.failures += 1
        said = f"{error}; what it holds is unknown, and nothing is concluded from its silence"
        if site.problems.get(subject) != said:
            log.warning("%s: %s", subject, said)
        site.problems[subject] = said
        return None
    site.problems.pop(subject, None)
    asked.at, asked.unknown = site.ledger.now(), found.unknown
    asked.seconds = perf_counter() - started
    return found
