"""The outbox: looks at record and servers, and does what is next, for as long as it runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import httpx

from buckstop.alertmanager import Router, read
from buckstop.ledger.alertmanagers import AlertmanagerUnreadableError, Saying, ask
from buckstop.ledger.domain.leading import Seen
from buckstop.ledger.ledger import Ledger
from buckstop.ledger.outbox.actions import CloseOriginal
from buckstop.ledger.outbox.copies import Silenced, Wanted, wanted
from buckstop.ledger.outbox.plan import Durations, Plan, Sight, plan
from buckstop.ledger.outbox.posting import NotDoneError, carry_out
from buckstop.ledger.outbox.seen import seen
from buckstop.ledger.outbox.servers import Loaded, Server, server
from buckstop.ledger.store import StoreError
from buckstop.ledger.writer import Commit, OverloadedError

log = logging.getLogger(__name__)

LOOK_SECONDS = 10.0
"""How often it looks when nothing happens."""
STEP_SECONDS = 0.25
"""How soon after an action it looks at what came of it: silences reach a peer in 0.1 s."""
WAKING = frozenset({"accepted", "assigned", "joined", "source_resolved", "resolved", "reopened"})
"""Kinds of events after which something may be to do at once."""


@dataclass(frozen=True, slots=True)
class Report:
    """How the outbox is.

    Attributes:
        pending: copies that are wanted and not led, and actions that are due.
        age_seconds: how long the oldest of those copies' teams has been accountable; 0: none waits.
        failures: actions that were not taken, since it was made.
    """

    pending: int
    age_seconds: float
    failures: int


class Outbox:
    """Leads handed over alerts to their teams. One may run at a time for one record.

    Args:
        urls: every Alertmanager that the Prometheus servers send alerts to.
        told: if given, called with a report after each look.
        transport: for tests: what requests go through.
    """

    def __init__(
        self,
        ledger: Ledger,
        urls: Sequence[str],
        *,
        durations: Durations | None = None,
        look_seconds: float = LOOK_SECONDS,
        told: Callable[[Report], None] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._ledger = ledger
        self._urls = tuple(urls)
        self._durations = durations or Durations()
        self._look_seconds = look_seconds
        self._told = told
        self._transport = transport
        self._closed: dict[tuple[str, str], str] = {}
        self._failures = 0
        self._loaded: tuple[str, object, Loaded] | None = None
        self._awake: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        ledger.listen(self._wake)

    async def run(self) -> None:
        """Work until cancelled. It may be run again."""
        event = asyncio.Event()
        self._awake = asyncio.get_running_loop(), event
        try:
            async with httpx.AsyncClient(
                follow_redirects=False, trust_env=False, transport=self._transport
            ) as client:
                while True:
                    event.clear()
                    is_busy = await self._look_safely(client)
                    wait = STEP_SECONDS if is_busy else self._look_seconds
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(event.wait(), wait)
        finally:
            self._awake = None

    async def look(self, client: httpx.AsyncClient) -> Plan | None:
        """Look once and do what is next. None: handovers are only recorded."""
        mode = self._ledger.accountability.manifest.handover.reroute
        if mode == "off":
            return None
        now, rule = self._ledger.now(), self._ledger.identity()
        sayings = dict(zip(self._urls, await self._ask_all(client), strict=True))
        servers: dict[str, Server | None] = {}
        for url, saying in sayings.items():
            loaded = None if saying is None else await self._load(saying)
            servers[url] = (
                None if saying is None or loaded is None else server(saying, loaded, rule, now)
            )
        asked = self._wanted(servers)
        started = {url: "" if saying is None else saying.started for url, saying in sayings.items()}
        # A server that was started anew since may not have told of the end that it was told.
        closed = {key for key, at in self._closed.items() if at == started[key[0]]}
        planned = plan(asked, Sight(servers, now, rule, self._durations), closed)
        if mode == "on":
            await self._do(client, planned, started)
            self._forget(servers)
        await self._record(seen(planned.states, is_dry_run=mode == "dry-run"), servers)
        waiting = [one.copy.since for one in planned.states if one.word != "led"]
        age = max(((now - since).total_seconds() for since in waiting), default=0.0)
        report = Report(len(waiting) + len(planned.actions), age, self._failures)
        if self._told is not None:
            self._told(report)
        return planned

    async def _look_safely(self, client: httpx.AsyncClient) -> bool:
        try:
            planned = await self.look(client)
        except Exception:
            # Whatever it is, paging goes on as it was, and the next look may succeed.
            log.exception("the outbox failed; it looks again")
            self._failures += 1
            return False
        is_dry = self._ledger.accountability.manifest.handover.reroute != "on"
        return planned is not None and bool(planned.actions) and not is_dry

    def _wanted(self, servers: Mapping[str, Server | None]) -> Wanted:
        silenced = [
            Silenced(silence.member, silence.ends_at)
            for one in servers.values()
            if one is not None
            for silence in one.silences
        ]
        return wanted(
            self._ledger.book,
            self._ledger.identity(),
            silenced,
            self._durations.assurance_seconds,
        )

    async def _ask_all(self, client: httpx.AsyncClient) -> list[Saying | None]:
        return await asyncio.gather(*(self._ask(client, url) for url in self._urls))

    async def _ask(self, client: httpx.AsyncClient, url: str) -> Saying | None:
        try:
            return await ask(client, url)
        except AlertmanagerUnreadableError as error:
            log.debug("%s", error)
            return None

    async def _load(self, saying: Saying) -> Loaded | None:
        """What it has loaded; None where that cannot be read, and nothing is known of it then."""
        manifest = self._ledger.accountability.manifest
        if self._loaded is not None and self._loaded[:2] == (saying.config, manifest):
            return self._loaded[2]
        config, _ = await asyncio.to_thread(read, saying.config, saying.url)
        if config is None:
            return None
        teams = {
            receiver.name: receiver.team
            for receiver in manifest.receivers
            if receiver.role == "accountable" and receiver.team is not None
        }
        loaded = Loaded(config, Router(config), teams)
        self._loaded = saying.config, manifest, loaded
        return loaded

    async def _do(
        self, client: httpx.AsyncClient, planned: Plan, started: Mapping[str, str]
    ) -> None:
        failed: set[str] = set()
        for action in planned.actions:
            if action.url in failed:
                continue
            try:
                await carry_out(client, action, self._ledger.now())
            except NotDoneError as error:
                failed.add(action.url)
                self._failures += 1
                log.warning("%s; it is tried again", error)
                continue
            if isinstance(action, CloseOriginal):
                self._closed[action.url, action.silence] = started[action.url]

    def _forget(self, servers: Mapping[str, Server | None]) -> None:
        """Keep of what was closed only what may come up again."""
        cutoff = self._ledger.now() - timedelta(seconds=self._durations.closing_seconds)
        for url, one in servers.items():
            if one is None:
                continue
            live = {silence.id for silence in one.silences if silence.ends_at >= cutoff}
            self._closed = {
                (own, silence): at
                for (own, silence), at in self._closed.items()
                if own != url or silence in live
            }

    async def _record(
        self, found: Mapping[int, Seen], servers: Mapping[str, Server | None]
    ) -> None:
        answering = [one for one in servers.values() if one is not None]
        present = {alert.member for one in answering for alert in one.originals}
        all_answer = bool(answering) and len(answering) == len(servers)
        try:
            await asyncio.wrap_future(self._ledger.lead(found, present if all_answer else None))
        except (StoreError, OverloadedError) as error:
            log.warning("what the outbox has seen is not recorded: %s", error)

    def _wake(self, commit: Commit) -> None:
        awake = self._awake
        if awake is not None and any(event.body.kind in WAKING for event in commit.events):
            loop, event = awake
            with contextlib.suppress(RuntimeError):
                # The loop may have ended meanwhile.
                loop.call_soon_threadsafe(event.set)
