"""Several servers on one PostgreSQL, killed, stopped and cut off while alerts pour in.

Every alert that any of them answered with 200 is on record, once; each incident has one owner at
every instant; the chain verifies; and in the end all of them say the same.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from tests.ledger.ledger_world import feed_alert, labels, write_build
from tests.ledger.postgres_server import PostgresServer, postgres_server
from tests.web.listing import open_incidents
from tests.web.serve_process import Serve
from tests.web.served_ledger import FEED

from buckstop.ledger.domain.incident import fold
from buckstop.ledger.store.opening import open_reader, open_verification
from buckstop.servers import await_until

pytestmark = pytest.mark.servers
SENDERS = 3
SECONDS = 60
PAUSE_SECONDS = 0.05
ANSWER_SECONDS = 2.0


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A running server."""
    with postgres_server() as server:
        yield server


@dataclass
class Chaos:
    """Servers on one record, and what was answered by them."""

    folder: Path
    store: str
    owner: str
    chance: random.Random
    servers: list[Serve] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    posted: set[str] = field(default_factory=set)
    ending: threading.Event = field(default_factory=threading.Event)

    def start(self, index: int) -> Serve:
        """One more server."""
        folder = self.folder / f"server{index}"
        folder.mkdir(exist_ok=True)
        return Serve(self.folder / "build", folder / "unused.db", "--store", self.store)

    def pour(self, sender: int) -> None:
        """Post new alerts, each to all servers in some order, whether or not they answer."""
        chance = random.Random(sender)
        with httpx.Client(trust_env=False, timeout=ANSWER_SECONDS) as client:
            for index in range(1_000_000):
                if self.ending.is_set():
                    return
                model = f"m{sender}-{index}"
                self.posted.add(model)
                alert = feed_alert(labels(model=model), datetime.now(UTC))
                for server in chance.sample(self.servers, len(self.servers)):
                    with contextlib.suppress(httpx.HTTPError):
                        if client.post(server.url + FEED, json=[alert]).status_code == 200:
                            self.answered.add(model)
                if chance.random() < 0.1:
                    self.act(client, chance)
                time.sleep(PAUSE_SECONDS)

    def act(self, client: httpx.Client, chance: random.Random) -> None:
        """Have a person do something with some incident; it may be refused."""
        server, number = chance.choice(self.servers), chance.randint(1, 50)
        deed, body = chance.choice(
            [
                ("acknowledge", {"note": "seen"}),
                ("propose", {"team": "data_mlops", "reason": "late features"}),
                ("accept", {}),
                ("resolve", {"reason": "rolled back"}),
            ]
        )
        with contextlib.suppress(httpx.HTTPError):
            client.post(f"{server.url}/api/v1/incidents/{number}/{deed}", json=body)

    def strike(self) -> None:
        """Do one bad thing to one server, or to all connections."""
        index = self.chance.randrange(len(self.servers))
        struck = self.servers[index]
        match self.chance.choice(["kill", "stop", "cut", "cut"]):
            case "kill":
                struck.kill()
                self.servers[index] = self.start(index)
            case "stop":
                os.kill(struck.process.pid, signal.SIGSTOP)
                time.sleep(self.chance.choice([0.5, 8]))
                os.kill(struck.process.pid, signal.SIGCONT)
            case _:
                with psycopg.connect(self.owner, autocommit=True) as db:
                    db.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE usename = 'ledger' AND random() < 0.7"
                    )
                time.sleep(0.5)


def wreak(chaos: Chaos, servers: int, strikes: int) -> None:
    """Strike so often while alerts pour in; then let things settle, and look."""
    senders = [threading.Thread(target=chaos.pour, args=(index,)) for index in range(SENDERS)]
    try:
        for index in range(servers):
            chaos.servers.append(chaos.start(index))
        for sender in senders:
            sender.start()
        for _ in range(strikes):
            enough = len(chaos.answered) + 4
            chaos.strike()
            await_until(lambda: len(chaos.answered) >= enough, SECONDS, "answers")  # noqa: B023
        chaos.ending.set()
        for sender in senders:
            sender.join(SECONDS)
        look(chaos)
    finally:
        chaos.ending.set()
        for server in chaos.servers:
            server.process.kill()
            server.process.wait(SECONDS)


def look(chaos: Chaos) -> None:
    """What must hold, whatever happened."""
    assert len(chaos.answered) > 20
    assert list(open_verification(chaos.store, ()).run()) == []
    reader = open_reader(chaos.store)
    opened: list[str] = []
    number = 1
    while history := reader.history(number):
        incident = fold(history)
        opened.append(dict(incident.key)["model"])
        assert [event.body.kind for event in history[:3]] == ["opened", "joined", "source_seen"]
        assert len(incident.members) == 1
        ends = [owner.until for owner in incident.owners[:-1]]
        assert ends == [owner.since for owner in incident.owners[1:]]
        assert incident.owners[0].since == incident.opened_at
        number += 1
    reader.close()
    assert len(opened) == len(set(opened))
    assert chaos.answered <= set(opened) <= chaos.posted

    def says(server: Serve) -> list[tuple[str, str, bool]]:
        found = open_incidents(server.http)
        return sorted((one["id"], one["team"], bool(one["acknowledged_by"])) for one in found)

    def same() -> bool:
        first, *others = map(says, chaos.servers)
        return all(other == first for other in others)

    await_until(same, SECONDS, "the same answer of all")


def chaos_with(postgres: PostgresServer, folder: Path, seed: int) -> Chaos:
    """A new record and its build."""
    write_build(folder / "build")
    name = postgres.prepared()
    owner, store = postgres.address(name), postgres.address(name, "ledger")
    return Chaos(folder, store, owner, random.Random(seed))


def test_some_chaos_loses_and_doubles_nothing(postgres: PostgresServer, tmp_path: Path) -> None:
    """With this seed one server hangs for 8 s, the other is killed, and connections are cut."""
    wreak(chaos_with(postgres, tmp_path, seed=3), servers=2, strikes=3)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(6))
def test_much_chaos_loses_and_doubles_nothing(
    postgres: PostgresServer, tmp_path: Path, seed: int
) -> None:
    """The same for long, and among three."""
    wreak(chaos_with(postgres, tmp_path, seed), servers=3, strikes=40)
