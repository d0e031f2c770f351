"""A ledger whose outbox leads alerts on real Alertmanagers, and a pager that notes who is paged."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

import httpx
from tests.differential.webhook import Webhook, listening
from tests.ledger.ledger_machine import accountability
from tests.ledger.ledger_world import MANIFEST, ROUTES, labels

from buckstop.charter.model import Handover, Reroute
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.membership import Person
from buckstop.ledger.ledger import Ledger
from buckstop.ledger.outbox.driver import Outbox
from buckstop.ledger.outbox.plan import Durations
from buckstop.ledger.payload import read_feed
from buckstop.ledger.store import SqliteStore
from buckstop.servers import Alertmanager, Installation, await_until, free_port
from buckstop.servers.failures import ServerRefused

SECONDS = 30
LOOK_SECONDS = 0.3
SEND_SECONDS = 0.5
DURATIONS = Durations(
    silence_seconds=12,
    renew_seconds=3,
    copy_seconds=24,
    repost_seconds=2,
    assurance_seconds=120,
    closing_seconds=30,
)
COPIES = """\
    - receiver: default_ops
      matchers: [buckstop_copy="handover"]
      group_by: [buckstop_incident, buckstop_handover]
      group_wait: 0s
      routes:
        - {receiver: infra_sre, matchers: [accountable_team="infra_sre"]}
        - {receiver: data_mlops, matchers: [accountable_team="data_mlops"]}
        - {receiver: default_ops, matchers: [accountable_team="default_ops"]}
"""
BEHIND_THE_OBSERVER = "    - receiver: not-accountable\n"
PEOPLE = {"infra_sre": "maria", "data_mlops": "li", "default_ops": "olga"}
TEAMS = {
    "infra_sre": "infra_sre",
    "infra_sre-critical": "infra_sre",
    "data_mlops": "data_mlops",
    "default_ops": "default_ops",
}


class Killed(BaseException):
    """The ledger's process is gone, at once; no handler of ordinary errors sees it."""


class Faulty(httpx.AsyncBaseTransport):
    """Passes requests on; something happens at the first one that is a given step.

    Args:
        step: the step, as `STEPS` names it; None: nothing happens.
        fault: what happens; `Killed` is the ledger's own end.
        when: before the server has it, or after, when the answer never arrives.
    """

    def __init__(
        self,
        step: str | None = None,
        fault: Callable[[], None] | None = None,
        when: Literal["before", "after"] = "before",
    ) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self._step = step
        self._fault = fault
        self._when = when
        self.changes: list[str] = []
        self.happened = threading.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        step = step_of(request)
        if step is None:
            return await self._inner.handle_async_request(request)
        self.changes.append(step)
        is_due = step == self._step and step not in self.changes[:-1]
        if is_due and self._when == "before":
            self._happen()
        response = await self._inner.handle_async_request(request)
        if is_due and self._when == "after":
            self._happen()
        return response

    def _happen(self) -> None:
        try:
            if self._fault is not None:
                self._fault()
        finally:
            self.happened.set()


def step_of(request: httpx.Request) -> str | None:
    """Which step a request is; None where it only asks."""
    if request.method == "GET":
        return None
    if request.method == "DELETE":
        return "expire the silence"
    if request.url.path.endswith("/silences"):
        return "set the silence"
    (alert,) = json.loads(request.content)
    is_copy = "buckstop_copy" in alert["labels"]
    if "generatorURL" in alert:
        return f"post the copy for {alert['labels']['accountable_team']}"
    return "resolve the copy" if is_copy else "resolve the original"


def kill() -> None:
    """End the ledger as a SIGKILL does."""
    raise Killed


@dataclass
class Running:
    """A ledger and its outbox, in this process; to be killed and started anew over its record."""

    store: Path
    urls: list[str]
    transport: Faulty = field(default_factory=Faulty)
    reroute: Reroute = "on"

    def __post_init__(self) -> None:
        manifest = replace(MANIFEST, handover=Handover(reroute=self.reroute))
        loaded = accountability(ROUTES, manifest)
        self.ledger = Ledger(SqliteStore(self.store), loaded)
        self.ledger.start()
        self.outbox = Outbox(
            self.ledger,
            self.urls,
            durations=DURATIONS,
            look_seconds=LOOK_SECONDS,
            transport=self.transport,
        )
        self.died = threading.Event()
        self._begun = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        async def work() -> None:
            self._task = asyncio.current_task()
            self._begun.set()
            await self.outbox.run()

        try:
            self._loop.run_until_complete(work())
        except (Killed, asyncio.CancelledError):
            pass
        finally:
            self.died.set()
            self._loop.close()

    def stop(self) -> None:
        """End both."""
        self._begun.wait(SECONDS)
        task = self._task
        if task is not None and not self.died.is_set():
            self._loop.call_soon_threadsafe(task.cancel)
        self._thread.join(SECONDS)
        self.ledger.stop()


class World:
    """Alertmanagers, a pager, alerts that are sent again and again, and a ledger."""

    def __init__(
        self, stack: ExitStack, installation: Installation, folder: Path, *, servers: int = 1
    ) -> None:
        self.pager: Webhook = stack.enter_context(listening())
        config = ROUTES.replace(BEHIND_THE_OBSERVER, COPIES + BEHIND_THE_OBSERVER, 1)
        for name in TEAMS:
            hook = f"  - name: {name}\n    webhook_configs: [{{url: '{self.pager.url}'}}]\n"
            config = config.replace(f"  - name: {name}\n", hook, 1)
        self.alertmanagers = [
            stack.enter_context(one) for one in _pair(installation, config, servers)
        ]
        for one in self.alertmanagers[: servers if servers > 1 else 0]:
            # Until they have found one another each notifies by itself.
            await_until(partial(_has_settled, one, servers), SECONDS, "the pair")
        self.firing: dict[str, dict[str, str]] = {}
        self._store = folder / "ledger.sqlite3"
        self.running = Running(self._store, self.urls)
        stack.callback(self._stop)
        self._ended = threading.Event()
        sender = threading.Thread(target=self._send_on, daemon=True)
        sender.start()
        stack.callback(sender.join)
        stack.callback(self._ended.set)

    @property
    def urls(self) -> list[str]:
        """The Alertmanagers' addresses."""
        return [one.url for one in self.alertmanagers]

    def _stop(self) -> None:
        # Whichever runs by then.
        self.running.stop()

    def start_anew(self, transport: Faulty | None = None, reroute: Reroute = "on") -> None:
        """The ledger's process ends and another one begins."""
        self.running.stop()
        self.running = Running(self._store, self.urls, transport or Faulty(), reroute)

    def fire(self, **changes: str) -> None:
        """Have Prometheus report an alert from now on."""
        carried = labels(**changes)
        self.firing[json.dumps(carried, sort_keys=True)] = carried
        self._send([carried])

    def resolve(self, **changes: str) -> None:
        """Have Prometheus say that it has ended."""
        carried = labels(**changes)
        self.firing.pop(json.dumps(carried, sort_keys=True), None)
        self._send([carried], resolved=True)

    def hand_over(self, team: str) -> None:
        """Whoever is accountable proposes it, the other team accepts."""
        incident = self.incident()
        assert incident is not None, "one is open"
        assert incident.owner is not None
        ledger, number = self.running.ledger, incident.number
        by = Person(PEOPLE[incident.owner.team], known=True)
        ledger.propose(number, by, team, "late features").result(SECONDS)
        ledger.accept(number, Person(PEOPLE[team], known=True), None, "").result(SECONDS)

    def incident(self) -> Incident | None:
        """The open incident."""
        return next(iter(self.running.ledger.book.incidents.values()), None)

    def await_state(self, state: str, team: str) -> float:
        """Until the record says that the alert is led so; the seconds that took."""

        def found() -> bool:
            incident = self.incident()
            seen = None if incident is None or incident.leading is None else incident.leading.seen
            return seen is not None and (seen.state, seen.team) == (state, team)

        return _timed(found, f"{state} to {team}; {self.incident()}")

    def await_clean(self) -> float:
        """Until nothing of the ledger's is left on any server; the seconds that took."""
        return _timed(
            lambda: not self.copies() and not self.silences() and self.incident() is None,
            "everything of the ledger's to be gone",
        )

    def await_paged(self, team: str, status: str = "firing", since: int = 0) -> float:
        """Until `team` is told that; the seconds that took."""
        return _timed(lambda: status in self.told(team, since), f"{team} to hear {status}")

    def told(self, team: str, since: int = 0) -> list[str]:
        """What the pager has told `team`, in order: firing or resolved."""
        return [
            alert["status"]
            for _, body in self.pager.payloads[since:]
            if TEAMS[body["receiver"]] == team
            for alert in body["alerts"]
        ]

    def copies(self) -> list[str]:
        """The teams of the copies that there are."""
        return [
            alert["labels"]["accountable_team"]
            for one in self.alertmanagers
            if one.running
            for alert in one.alerts()
            if "buckstop_copy" in alert["labels"]
        ]

    def silences(self) -> set[str]:
        """The active silences."""
        return {
            silence["id"]
            for one in self.alertmanagers
            if one.running
            for silence in one.http.get(f"{one.url}/api/v2/silences").json()
            if silence["status"]["state"] != "expired"
        }

    def _send_on(self) -> None:
        while not self._ended.wait(SEND_SECONDS):
            self._send(list(self.firing.values()))

    def _send(self, carried: list[dict[str, str]], *, resolved: bool = False) -> None:
        if not carried:
            return
        now = datetime.now(UTC)
        ends = now if resolved else now + timedelta(seconds=240)
        alerts: list[dict[str, Any]] = [
            {
                "labels": one,
                "annotations": {"summary": "slow"},
                "startsAt": (now - timedelta(seconds=1)).isoformat(),
                "endsAt": ends.isoformat(),
            }
            for one in carried
        ]
        for one in list(self.alertmanagers):
            if one.running:
                _quietly(partial(one.post_alerts, alerts))
        payload = read_feed(json.dumps(alerts).encode(), "prometheus", now)
        _quietly(lambda: self.running.ledger.record(payload.observations).result(SECONDS))


def _pair(installation: Installation, config: str, servers: int) -> list[Alertmanager]:
    if servers == 1:
        return [Alertmanager(installation, config)]
    ports = [free_port() for _ in range(servers)]
    return [
        Alertmanager(
            installation,
            config,
            flags=(
                f"--cluster.listen-address=127.0.0.1:{port}",
                *(f"--cluster.peer=127.0.0.1:{other}" for other in ports if other != port),
                "--cluster.peer-timeout=1s",
                "--cluster.gossip-interval=50ms",
                "--cluster.settle-timeout=1s",
            ),
        )
        for port in ports
    ]


def _has_settled(alertmanager: Alertmanager, servers: int) -> bool:
    cluster = alertmanager.status()["cluster"]
    return cluster["status"] == "ready" and len(cluster["peers"]) == servers


def _timed(holds: Callable[[], bool], what: str) -> float:
    began = datetime.now(UTC)
    await_until(holds, SECONDS, what)
    return (datetime.now(UTC) - began).total_seconds()


def _quietly(send: Callable[[], object]) -> None:
    """A sender whose server is away tries again with the next round."""
    try:
        send()
    except (httpx.HTTPError, ServerRefused, TimeoutError, RuntimeError):
        return
