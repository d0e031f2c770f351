"""The tasks that prove what the servers have loaded, and check the record, in another process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from itertools import takewhile
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Final, ParamSpec, TypeVar

from buckstop.ledger.domain.events import Event, Proved
from buckstop.ledger.proving.proof import (
    Asking,
    NotProvenError,
    Proof,
    check_record,
    prepare,
    prove,
)
from buckstop.ledger.store import StoreError
from buckstop.ledger.writer import OverloadedError
from buckstop.web.site import Site
from buckstop.web.vigil import Proven, RecordCheck

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)

PROOFS_LOOKED_AT: Final = 1000
"""Changes of what is loaded that are looked through for when a proof began to hold."""
CHECK_AFTER_SECONDS: Final = 60.0
"""After a start other things come first."""
CHECK_SECONDS: Final = 3600.0
"""How often the whole record is checked."""


class Prover:
    """Proves what the servers have loaded, and checks the record; run it where the leader runs.

    Args:
        build: the folder that the ledger serves.
        where: the record.
        seconds: how often the servers are asked whether anything has changed.
        check_seconds: how often the record is checked.
    """

    def __init__(
        self,
        build: Path,
        alertmanagers: tuple[str, ...],
        prometheuses: tuple[str, ...],
        where: str,
        *,
        seconds: float,
        check_seconds: float = CHECK_SECONDS,
    ) -> None:
        self._asking = Asking(build, alertmanagers, prometheuses, known="")
        self._where = where
        self._seconds = seconds
        self._check_seconds = check_seconds

    async def run(self, site: Site) -> None:
        """Both, until it is cancelled."""
        while True:
            # A process that only computes; what it is given and gives are values.
            pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=prepare)
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._check(site, pool))
                    if self._asking.alertmanagers and self._asking.prometheuses:
                        tasks.create_task(self._prove(site, pool))
            except* BrokenProcessPool:
                log.warning("the process that proves has ended; another one is started")
                await asyncio.sleep(self._seconds)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                _forget(site)

    async def _prove(self, site: Site, pool: ProcessPoolExecutor) -> None:
        asking = self._asking
        while True:
            try:
                proof = await _in(pool, prove, asking)
                if proof is not None:
                    await _take_up(site, proof)
                    asking = Asking(
                        asking.build, asking.alertmanagers, asking.prometheuses, proof.loaded
                    )
                site.vigil.proof_asked_at = site.ledger.now()
                site.problems.pop("proof not made", None)
            except (NotProvenError, StoreError, OverloadedError) as error:
                said = f"what the servers have loaded is not proven anew: {error}"
                if site.problems.get("proof not made") != said:
                    log.warning("%s", said)
                site.problems["proof not made"] = said
            await asyncio.sleep(self._seconds)

    async def _check(self, site: Site, pool: ProcessPoolExecutor) -> None:
        await asyncio.sleep(min(CHECK_AFTER_SECONDS, self._check_seconds))
        while True:
            started = perf_counter()
            try:
                events, found = await _in(pool, check_record, self._where)
            except NotProvenError as error:
                site.problems["record"] = f"the record cannot be checked: {error}"
            else:
                seconds = perf_counter() - started
                site.vigil.record = RecordCheck(site.ledger.now(), seconds, events, len(found))
                if found:
                    log.error("the record is not what was recorded: %s", found[0])
                    site.problems["record"] = (
                        f"the record is not what was recorded ({found[0]}); "
                        "`buckstop record verify` shows all"
                    )
                else:
                    site.problems.pop("record", None)
            await asyncio.sleep(self._check_seconds)


async def _in(
    pool: ProcessPoolExecutor, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    return await asyncio.wrap_future(pool.submit(function, *args, **kwargs))


async def _take_up(site: Site, proof: Proof) -> None:
    """Put `proof` on record where it says something new, and show it."""
    proved = Proved(
        loaded=proof.loaded,
        holds=proof.holds,
        rules=proof.rules,
        proven=proof.proven,
        refuted=proof.refuted,
        unknown=proof.unknown,
        witness=proof.witness,
        differs=proof.differs,
    )
    last = await asyncio.to_thread(site.ledger.proofs, 1)
    before = last[0] if last else None
    if before is None or before.body != proved:
        await asyncio.wrap_future(site.ledger.prove(proved, _why(proved)))
    site.vigil.proof = Proven(
        holds=proved.holds,
        since=await asyncio.to_thread(_since, site, proved),
        rules=proved.rules,
        proven=proved.proven,
        witness=proved.witness,
        differs=proved.differs,
    )
    for subject, said in (
        ("proof", "" if proved.holds else f"the proof does not hold: {proved.witness}"),
        ("loaded", "; ".join(proved.differs)),
    ):
        if said:
            log.warning("%s: %s", subject, said)
            site.problems[subject] = said
        else:
            site.problems.pop(subject, None)


def _forget(site: Site) -> None:
    """Say nothing more of what another server proves and checks from now on."""
    site.vigil.proof = site.vigil.proof_asked_at = site.vigil.record = None
    for subject in ("proof", "proof not made", "loaded", "record"):
        site.problems.pop(subject, None)


def _since(site: Site, proved: Proved) -> datetime:
    """Since when the proof has held, or not held, by the record."""
    events: tuple[Event, ...] = site.ledger.proofs(PROOFS_LOOKED_AT)
    alike = takewhile(
        lambda event: isinstance(event.body, Proved) and event.body.holds == proved.holds, events
    )
    return min((event.at for event in alike), default=site.ledger.now())


def _why(proved: Proved) -> str:
    if proved.holds:
        said = f"Each of the {proved.rules} rules that the servers have loaded is proven."
    else:
        said = (
            f"The proof does not hold: of {proved.rules} rules {proved.refuted} are refuted and "
            f"{proved.unknown} not decided. {proved.witness}."
        )
    if proved.differs:
        said += f" What runs is not the build: {'; '.join(proved.differs)}."
    return said
