"""Several servers on one record: each decides on what all of them have recorded."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import psycopg
import pytest
from tests.ledger.ledger_machine import accountability
from tests.ledger.ledger_world import Clock, encoded, feed_alert, labels
from tests.ledger.postgres_server import PostgresServer

from buckstop.ledger import writer
from buckstop.ledger.domain.book import Book
from buckstop.ledger.domain.membership import Person
from buckstop.ledger.erasing import erase
from buckstop.ledger.ledger import Ledger, Patience
from buckstop.ledger.payload import read_feed
from buckstop.ledger.record.personal import ERASED
from buckstop.ledger.store.opening import open_eraser, open_verification
from buckstop.ledger.store.postgres.store import PostgresStore
from buckstop.ledger.writer import Commit
from buckstop.servers import await_until

pytestmark = pytest.mark.servers
SECONDS = 20
JO = Person("jo", known=True)


class Replicas:
    """Servers on one record, with one clock."""

    def __init__(self, where: str, number: int = 2) -> None:
        self.clock = Clock()
        self.all = [
            Ledger(
                PostgresStore(where),
                accountability(),
                clock=self.clock,
                patience=Patience(hearing_seconds=0),
            )
            for _ in range(number)
        ]
        for one in self.all:
            one.start()
        # Whatever is left of their starting is done.
        for one in self.all:
            one.load(accountability()).result(SECONDS)

    def fire(self, one: Ledger, *, ended: bool = False, **changes: str) -> Future[object]:
        """Have a Prometheus report an alert to one of them."""
        seconds_ago = 0 if ended else None
        alert = feed_alert(labels(**changes), self.clock.now, ended_seconds_ago=seconds_ago)
        (seen,) = read_feed(encoded([alert]), "p", self.clock.now).observations
        return one.record([seen])  # type: ignore[return-value]

    def agree(self) -> Book:
        """Wait until all of them have the same book, and give it."""

        def same() -> bool:
            first, *others = (one.book for one in self.all)
            return all(other.incidents == first.incidents for other in others)

        await_until(same, SECONDS, "the same book everywhere")
        return self.all[0].book

    def leader(self) -> Ledger:
        """Wait for the one that leads."""
        await_until(lambda: any(one.leadership.leads for one in self.all), SECONDS, "a leader")
        (leader,) = (one for one in self.all if one.leadership.leads)
        return leader


@pytest.fixture
def name(postgres: PostgresServer) -> str:
    """An empty record."""
    return postgres.prepared()


@pytest.fixture
def start(postgres: PostgresServer, name: str) -> Iterator[Callable[[int], Replicas]]:
    """Starts so many servers on it; afterwards the record must hold."""
    started: list[Replicas] = []

    def some(number: int) -> Replicas:
        started.append(Replicas(postgres.address(name, "ledger"), number))
        return started[-1]

    yield some
    for replicas in started:
        for one in replicas.all:
            one.stop()
    assert list(open_verification(postgres.address(name, "ledger"), ()).run()) == []


@contextmanager
def owner(postgres: PostgresServer, name: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of the owner."""
    with psycopg.connect(postgres.address(name), autocommit=True) as db:
        yield db


def test_the_same_alert_posted_to_all_is_one_incident(start: Callable[[int], Replicas]) -> None:
    """Whichever is first opens it; the others find it there, though nobody told them."""
    replicas = start(3)
    for model in map(str, range(10)):
        futures = [replicas.fire(one, model=model) for one in replicas.all]
        outcomes = sorted(str(next(iter(done.result(SECONDS)))) for done in futures)  # type: ignore[call-overload]
        assert outcomes == ["opened", "renewed", "renewed"]
    book = replicas.agree()
    assert sorted(book.incidents) == list(range(1, 11))


def test_what_one_records_the_others_show_at_once(
    start: Callable[[int], Replicas], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages of every server are live: they hear, and need not ask."""
    monkeypatch.setattr(writer, "BEAT_SECONDS", 3600.0)
    replicas = start(2)
    first, second = replicas.all
    told: list[Commit] = []
    second.listen(told.append)
    replicas.fire(first).result(SECONDS)
    await_until(lambda: bool(told), SECONDS, "word of it")
    assert [event.body.kind for event in told[0].events] == ["opened", "joined", "source_seen"]
    assert told[0].position == 3
    second.acknowledge(1, JO, "mine").result(SECONDS)
    assert replicas.agree().incidents[1].acknowledged is not None


def test_a_lease_renewed_anywhere_is_renewed_everywhere(start: Callable[[int], Replicas]) -> None:
    """The leader calls nothing lost that another server has heard of."""
    replicas = start(2)
    leader = replicas.leader()
    (other,) = (one for one in replicas.all if one is not leader)
    replicas.fire(leader, model="renewed").result(SECONDS)
    replicas.fire(leader, model="lost").result(SECONDS)
    replicas.clock.advance(200)
    replicas.fire(other, model="renewed").result(SECONDS)
    replicas.clock.advance(100)

    def states() -> dict[str, str]:
        members = (m for i in other.book.incidents.values() for m in i.members.values())
        return {member.labels["model"]: member.state for member in members}

    await_until(lambda: "lost" in states().values(), SECONDS, "the watch")
    assert states() == {"renewed": "firing", "lost": "lost"}


def test_the_lead_passes_on_and_never_two_have_it(
    postgres: PostgresServer, name: str, start: Callable[[int], Replicas]
) -> None:
    """Its connection cut, or its process gone: another leads within seconds."""
    replicas = start(2)
    leader = replicas.leader()
    (other,) = (one for one in replicas.all if one is not leader)
    both: list[bool] = []

    def other_leads() -> bool:
        both.append(leader.leadership.leads and other.leadership.leads)
        return other.leadership.leads

    leader.stop()
    replicas.all.remove(leader)
    await_until(other_leads, SECONDS, "another leader")
    assert not any(both)
    # What only a leader may record is recorded in the session that has the lead.
    with owner(postgres, name) as db:
        db.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    replicas.fire(other).result(SECONDS)
    assert not other.leadership.leads


def test_a_name_that_was_erased_is_forgotten_by_every_server(
    postgres: PostgresServer, name: str, start: Callable[[int], Replicas]
) -> None:
    """Their memory has it too."""
    replicas = start(2)
    replicas.fire(replicas.all[0]).result(SECONDS)
    replicas.all[1].acknowledge(1, JO, "mine").result(SECONDS)
    replicas.agree()
    eraser = open_eraser(postgres.address(name))
    erase(eraser, "jo", "dpo", "asked to", replicas.clock.now)
    eraser.close()

    def names() -> set[str]:
        known = (one.book.incidents[1].acknowledged for one in replicas.all)
        return {said.by.name for said in known if said is not None}

    await_until(lambda: names() == {ERASED}, SECONDS, "the name's end")


@pytest.mark.parametrize("seed", range(2))
def test_any_interleaving_gives_one_history(start: Callable[[int], Replicas], seed: int) -> None:
    """Alerts and acts at random on all servers at once: one book, one owner at a time."""
    chance, replicas = random.Random(seed), start(3)
    waiting: list[Future[object]] = []
    for _ in range(150):
        one = chance.choice(replicas.all)
        number = chance.randrange(1, 8)
        match chance.randrange(4):
            case 0 | 1:
                done = replicas.fire(one, model=str(number), ended=chance.random() < 0.4)
            case 2:
                done = one.acknowledge(number, JO, "")  # type: ignore[assignment]
            case _:
                done = one.resolve(number, JO, "over")  # type: ignore[assignment]
        waiting.append(done)
        if chance.random() < 0.2:
            replicas.clock.advance(1)
            waiting.pop(chance.randrange(len(waiting))).exception(SECONDS)
    for done in waiting:
        done.exception(SECONDS)
    book = replicas.agree()
    keys = [incident.key for incident in book.incidents.values()]
    assert len(keys) == len(set(keys))
    histories = [replicas.all[0].history(number) for number in range(1, book.last_number + 1)]
    assert all(events[0].body.kind == "opened" for events in histories)
