"""A record on disk for the tests to spoil, and its verification."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw
from tests.ledger.ledger_machine import Machine
from tests.ledger.ledger_world import labels

from buckstop.ledger.domain import watch
from buckstop.ledger.domain.book import Book, Draft, Lease
from buckstop.ledger.domain.events import Actor, Event, Reopened, Withholding
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.record.chain import event_hash
from buckstop.ledger.record.checkpoint import Checkpoint
from buckstop.ledger.record.discrepancy import Discrepancy
from buckstop.ledger.record.merkle import leaf_hash, root
from buckstop.ledger.store import SqliteStore, Store
from buckstop.ledger.store.sqlite_verify import SqliteVerification

JO, MARIA = "jo@acme.example", "maria@acme.example"
NOTE = "on it, asked the people who deployed at noon"
EVENTS = 19


def machine() -> Machine:
    """Four incidents: acknowledged and silenced, ended, nobody's, resolved by hand."""
    machine = Machine()
    machine.feed(labels())
    machine.webhook(labels())
    machine.feed(labels(model="churn"))
    machine.feed(labels(model="churn"), resolved=True)
    machine.feed(labels("Watchdog"))
    machine.webhook(labels(model="never-seen"), resolved=True)
    machine.acknowledge(JO, note=NOTE)
    (member,) = machine.book.incidents[1].members
    until = machine.clock.now + timedelta(hours=1)
    silence = Withholding("silenced", MARIA, until, "while the new model is rolled out")
    machine.act(lambda draft, now: watch.withhold(draft, now, {member: (silence,)}, "main"))
    machine.feed(labels(model="fraud"))
    machine.resolve(JO, 4, "rolled back")
    assert len(machine.events) == EVENTS
    return machine


def keep(store: Store, machine: Machine) -> None:
    """Write what `machine` decided, as the writer would."""
    draft = Draft(Book())
    for event in machine.events:
        draft.record(event)
    appended(store, draft.events, draft.leases.values(), draft.changed.values())


def appended(
    store: Store,
    events: Sequence[Event],
    leases: Iterable[Lease] = (),
    changed: Collection[Incident] = (),
) -> int:
    """Append in one transaction; the record's new end."""
    with store.transaction() as transaction:
        return transaction.append(events, leases, changed)


def recorded(path: Path) -> None:
    """Make the record at `path`."""
    store = SqliteStore(path)
    keep(store, machine())
    store.close()


def verified(path: Path, checkpoints: Sequence[Checkpoint] = ()) -> list[Discrepancy]:
    """What is wrong with the record at `path`."""
    return list(SqliteVerification(path, checkpoints).run())


def found(path: Path, checkpoints: Sequence[Checkpoint] = ()) -> list[tuple[str, int | None]]:
    """The kinds of what is wrong, and where."""
    return [(one.kind, one.position) for one in verified(path, checkpoints)]


def signed(path: Path, *sizes: int) -> list[Checkpoint]:
    """What was signed of the record at `path` when it had as many events."""
    with sqlite3.connect(path) as db:
        hashes = [row[0] for row in db.execute("SELECT hash FROM events ORDER BY position")]
    return [Checkpoint("o", size, root(map(leaf_hash, hashes[:size]))) for size in sizes]


class Attacker:
    """Somebody who can write to the file, knows its schema, and takes away the guards."""

    def __init__(self, path: Path) -> None:
        # A second SQLite library in one process would break the first one's locks.
        self._db = apsw.Connection(str(path))
        self._db.execute("BEGIN IMMEDIATE")
        self._guards: list[Any] = self._db.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in self._guards:
            self._db.execute(f"DROP TRIGGER {name}")

    def run(self, statement: str, *values: int | str | bytes) -> None:
        """One statement."""
        self._db.execute(statement, values)

    def renumber(self, mapping: dict[int, int]) -> None:
        """Give events other positions, with all that stands in their rows."""
        for table in ("events", "personal"):
            for old in mapping:
                self.run(f"UPDATE {table} SET position = ? WHERE position = ?", -old - 100, old)
            for old, new in mapping.items():
                self.run(f"UPDATE {table} SET position = ? WHERE position = ?", new, -old - 100)

    def shift(self, first: int, by: int) -> None:
        """Move all events from `first` on by so many places."""
        last: Any = self._db.execute("SELECT max(position) FROM events").get
        self.renumber({position: position + by for position in range(first, last + 1)})

    def forge(self, position: int, body: str, previous: bytes) -> None:
        """Put a row with hashes that fit it."""
        hash_ = event_hash(position, previous, body.encode())
        row = (position, 0, "", "", body, previous, hash_)
        self.run("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", *row)

    def hash(self, position: int) -> bytes:
        """The stored hash of an event."""
        found = self._db.execute("SELECT hash FROM events WHERE position = ?", (position,)).get
        assert isinstance(found, bytes)
        return found

    def body(self, position: int) -> str:
        """The stored body of an event."""
        return str(self._db.execute("SELECT body FROM events WHERE position = ?", (position,)).get)

    def chain_anew(self) -> None:
        """Make every hash fit what stands there now, and the head too."""
        previous, position = bytes(32), 0
        rows: Any = self._db.execute(
            "SELECT position, body FROM events ORDER BY position"
        ).fetchall()
        for position, body in rows:
            hash_ = event_hash(position, previous, body.encode())
            self.run(
                "UPDATE events SET previous = ?, hash = ? WHERE position = ?",
                previous,
                hash_,
                position,
            )
            previous = hash_
        self.run("UPDATE head SET size = ?, hash = ?", position, previous)

    def leave(self) -> None:
        """Put the guards back, and go."""
        for _, text in self._guards:
            self._db.execute(text)
        self._db.execute("COMMIT")
        self._db.close()


def edit_and_chain_anew(attacker: Attacker) -> None:
    """Another owner in an opening, in the list too, and every hash made to fit."""
    attacker.run(
        "UPDATE events SET body = replace(body, 'infra_sre', 'data_team') WHERE position = 5"
    )
    attacker.run(
        "UPDATE incidents SET key = replace(key, 'infra_sre', 'data_team') WHERE number = 2"
    )
    attacker.chain_anew()


def reopened_late() -> Machine:
    """An incident that went on days after its end, and then ended again."""
    one = Machine()
    one.webhook(labels())
    one.webhook(labels(), resolved=True)
    (ended,) = one.book.closed.values()
    owner = ended.owners[-1]
    one.clock.advance(3 * 86_400)
    one.webhook(labels(model="churn"))
    going_on = Reopened(ended.key, owner.team, owner.team_name)
    by = Actor("system", "webhook main")
    one.act(
        lambda draft, now: draft.record(Event(1, now, by, "it had not", owner.authority, going_on))
    )
    one.clock.advance(3 * 86_400)
    one.resolve(JO, 1, "now it has")
    return one
