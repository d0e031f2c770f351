"""The record in PostgreSQL: nobody but its owner can change it, and that is found."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import psycopg
import pytest
from tests.ledger.ledger_machine import Machine, accountability
from tests.ledger.ledger_world import Clock, feed_alert, labels
from tests.ledger.ledger_world import encoded as encoded_feed
from tests.ledger.postgres_server import PostgresServer
from tests.ledger.record.recorded import EVENTS, JO, appended, keep, machine

from buckstop.ledger.erasing import ErasureRefusedError
from buckstop.ledger.ledger import Ledger
from buckstop.ledger.payload import read_feed
from buckstop.ledger.record.chain import event_hash
from buckstop.ledger.record.personal import ERASED
from buckstop.ledger.store import StoreError, StoreRefusedError
from buckstop.ledger.store.opening import open_eraser, open_verification
from buckstop.ledger.store.postgres.connecting import shown
from buckstop.ledger.store.postgres.preparing import prepare
from buckstop.ledger.store.postgres.reader import PostgresReader
from buckstop.ledger.store.postgres.store import PostgresStore
from buckstop.ledger.store.sql import queries
from buckstop.servers import await_until

pytestmark = pytest.mark.servers
SECONDS = 20


@pytest.fixture
def name(postgres: PostgresServer) -> str:
    """A database with a record of 19 events."""
    name = postgres.prepared()
    store = PostgresStore(postgres.address(name, "ledger"))
    keep(store, machine())
    store.close()
    return name


@pytest.fixture
def owner(postgres: PostgresServer, name: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A connection of the owner, who can do everything."""
    with psycopg.connect(postgres.address(name), autocommit=True) as db:
        yield db


def found(postgres: PostgresServer, name: str) -> list[tuple[str, int | None]]:
    """What a verification finds."""
    run = open_verification(postgres.address(name, "ledger"), ()).run()
    return [(one.kind, one.position) for one in run]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET body = '{}'",
        "DELETE FROM events",
        "TRUNCATE events",
        "INSERT INTO events SELECT -position, incident, at, kind, body, previous, hash FROM events",
        "INSERT INTO head VALUES (1, 0, '') ON CONFLICT (one) DO UPDATE SET size = 3",
        "DROP TABLE events",
        "DROP TRIGGER events_are_never_changed ON events",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "UPDATE head SET size = 3",
        "DELETE FROM head",
        "UPDATE personal SET text = '\"somebody else\"'",
        "DELETE FROM personal",
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
    ],
)
def test_the_ledgers_role_can_only_append(
    postgres: PostgresServer, name: str, statement: str
) -> None:
    """Whoever takes over the ledger's own connection can still change nothing."""
    with (
        psycopg.connect(postgres.address(name, "ledger"), autocommit=True) as db,
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.RaiseException)),
    ):
        db.execute(statement)
    assert found(postgres, name) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET body = '{}'",
        "DELETE FROM events",
        "TRUNCATE events",
        "UPDATE head SET size = 3",
        "TRUNCATE head",
        "UPDATE personal SET text = '\"somebody else\"'",
    ],
)
def test_a_slip_of_the_owner_is_refused_too(
    owner: psycopg.Connection[tuple[object, ...]], statement: str
) -> None:
    """Only who takes the guards away deliberately changes anything, and that is found."""
    with pytest.raises(psycopg.errors.RaiseException):
        owner.execute(statement)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["UPDATE events SET body = '{}' WHERE position = 5"], [("edited", 5)]),
        (
            ["DELETE FROM events WHERE position = 15", "DELETE FROM personal WHERE position = 15"],
            [("missing", 15)],
        ),
        (["UPDATE events SET incident = 2 WHERE position = 14"], [("column-differs", 14)]),
        (["UPDATE head SET size = 18"], [("head-differs", None)]),
        (["DELETE FROM head"], [("head-differs", None)]),
        (
            ["UPDATE incidents SET resolved_at = opened_at WHERE number = 1"],
            [("index-differs", None)],
        ),
        (
            ["UPDATE personal SET text = '\"maria\"' WHERE position = 14 AND place = '/by/name'"],
            [("text-changed", 14)],
        ),
        (
            ["UPDATE personal SET text = 'no json' WHERE position = 14 AND place = '/by/name'"],
            [("text-changed", 14)],
        ),
        (
            ["DELETE FROM personal WHERE position = 14 AND place = '/by/name'"],
            [("text-missing", 14)],
        ),
    ],
)
def test_what_the_owner_changes_is_found(
    postgres: PostgresServer,
    name: str,
    owner: psycopg.Connection[tuple[object, ...]],
    statements: list[str],
    expected: list[tuple[str, int | None]],
) -> None:
    """The same checks as of a file."""
    for table in ("events", "head", "personal"):
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        owner.execute(statement)
    for table in ("events", "head", "personal"):
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    assert found(postgres, name) == expected


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE events DISABLE TRIGGER events_are_never_changed",
        "DROP TRIGGER events_are_only_appended ON events",
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    ],
)
def test_a_guard_that_was_taken_away_is_said(
    postgres: PostgresServer,
    name: str,
    owner: psycopg.Connection[tuple[object, ...]],
    statement: str,
) -> None:
    """Switched off, dropped or hollowed out."""
    owner.execute(statement)
    assert found(postgres, name) == [("guard-missing", None)]


def test_a_cut_record_goes_on_with_its_gap(
    postgres: PostgresServer, name: str, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    """Alerts are recorded, and the gap stays for ever."""
    owner.execute("ALTER TABLE events DISABLE TRIGGER USER")
    owner.execute("DELETE FROM events WHERE position > 17")
    owner.execute("DELETE FROM personal WHERE position > 17")
    owner.execute("ALTER TABLE events ENABLE TRIGGER USER")
    store = PostgresStore(postgres.address(name, "ledger"))
    assert appended(store, machine().events[12:13]) == EVENTS + 1
    store.close()
    assert found(postgres, name) == [("missing", 18)]


def test_two_who_append_at_once_make_one_chain(
    postgres: PostgresServer, name: str, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    """Whoever has the head appends; the other waits for it."""
    store = PostgresStore(postgres.address(name, "ledger"))
    with owner.transaction():
        owner.execute(queries("postgres")["head"])
        with psycopg.connect(postgres.address(name, "ledger"), autocommit=True) as other:
            other.execute("SET lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute(queries("postgres")["head"])
    assert appended(store, machine().events[12:13]) == EVENTS + 1
    store.close()
    assert found(postgres, name) == []


def test_a_cut_connection_loses_and_doubles_nothing(
    postgres: PostgresServer, name: str, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    """The ledger connects anew by itself; readers do at their next attempt."""
    clock = Clock()
    clock.advance(3600)
    ledger = Ledger(PostgresStore(postgres.address(name, "ledger")), accountability(), clock=clock)
    ledger.start()
    ledger.load(accountability()).result(SECONDS)

    def record(model: str) -> None:
        body = encoded_feed([feed_alert(labels(model=model), clock.now)])
        (seen,) = read_feed(body, "p", clock.now).observations
        ledger.record([seen]).result(SECONDS)

    record("before")
    owner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )
    # The cut connection is noticed before anything is decided, and mended.
    record("during")
    record("after")
    opened = [incident.key for incident in ledger.book.incidents.values()]
    models = [value for key in opened for name_, value in key if name_ == "model"]
    assert models.count("during") == models.count("before") == models.count("after") == 1
    with pytest.raises(StoreError):
        ledger.history(1)
    assert ledger.history(1)
    ledger.stop()
    assert found(postgres, name) == []


def test_only_the_owner_erases(postgres: PostgresServer, name: str) -> None:
    """The ledger's role cannot, and is told who can."""
    with pytest.raises(StoreRefusedError, match="only their owner may erase"):
        open_eraser(postgres.address(name, "ledger"))


def test_a_role_that_may_change_the_record_is_refused(postgres: PostgresServer, name: str) -> None:
    """A ledger that runs as the owner would need only one slip."""
    with pytest.raises(StoreRefusedError, match="may change the record"):
        PostgresStore(postgres.address(name))


def test_a_database_that_is_not_prepared_is_refused_with_the_command(
    postgres: PostgresServer,
) -> None:
    """An empty one, one of a newer Buckstop, and somebody else's."""
    empty, newer, others = (postgres.new_database() for _ in range(3))
    with pytest.raises(StoreRefusedError, match="buckstop record prepare"):
        PostgresStore(postgres.address(empty, "ledger"))
    prepare(postgres.address(newer), "ledger")
    with psycopg.connect(postgres.address(newer), autocommit=True) as db:
        db.execute("INSERT INTO buckstop_schema VALUES (99)")
    with pytest.raises(StoreRefusedError, match="newer Buckstop"):
        PostgresStore(postgres.address(newer, "ledger"))
    with pytest.raises(StoreRefusedError, match="newer Buckstop"):
        prepare(postgres.address(newer), "ledger")
    with psycopg.connect(postgres.address(others), autocommit=True) as db:
        db.execute("CREATE TABLE events (precious INTEGER)")
    with pytest.raises(StoreRefusedError, match="another program"):
        prepare(postgres.address(others), "ledger")


def test_preparing_again_changes_nothing(postgres: PostgresServer, name: str) -> None:
    """It may be part of every deployment; a role that is not there is said."""
    assert prepare(postgres.address(name), "ledger") == 2
    with pytest.raises(StoreRefusedError, match='role "nobody-here" does not exist'):
        prepare(postgres.address(name), "nobody-here")
    with pytest.raises(StoreRefusedError, match="permission denied"):
        prepare(postgres.address(name, "ledger"), "ledger")
    assert found(postgres, name) == []


def test_a_server_that_is_not_there_is_said_without_the_password() -> None:
    """What cannot be reached is named; a password is never shown."""
    where = "postgresql://jo:secret-word@/db?host=/nowhere"
    with pytest.raises(StoreRefusedError, match="cannot use") as refused:
        PostgresStore(where)
    assert "secret-word" not in str(refused.value)
    with pytest.raises(StoreError) as failed:
        PostgresReader(where)
    assert "secret-word" not in str(failed.value)
    assert shown(where) == "user=jo host=/nowhere dbname=db"
    assert "secret" not in shown("postgresql://jo:secret@[")


def test_a_record_carried_on_by_hand_is_a_record(
    postgres: PostgresServer, name: str, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    """The chain is the same as in a file: place, hash before, body."""
    rows = owner.execute("SELECT position, previous, body, hash FROM events ORDER BY 1").fetchall()
    for position, previous, body, hash_ in rows:
        assert isinstance(position, int)
        assert isinstance(previous, bytes)
        assert event_hash(position, previous, str(body).encode()) == hash_


def test_both_databases_have_the_same_statements() -> None:
    """A query that is added for one is not forgotten for the other."""
    only_postgres = {"head_as_read", "functions", "notify", "reached"}
    only_postgres |= {"next_renewal", "missed_events", "missed_leases"}
    at_once = {"append_event", "keep_text", "put_incident", "put_lease"}
    expected = {f"{name}s" if name in at_once else name for name in queries()}
    assert set(queries("postgres")) - only_postgres == expected


def test_an_unused_machine_opens_an_empty_record(postgres: PostgresServer) -> None:
    """A new ledger starts from nothing."""
    name = postgres.prepared()
    store = PostgresStore(postgres.address(name, "ledger"))
    assert store.load(Machine().clock.now).incidents == {}
    assert appended(store, []) == 0
    store.close()
    assert found(postgres, name) == []


def test_a_running_ledger_erases_as_the_owner_and_forgets(
    postgres: PostgresServer, name: str
) -> None:
    """Its own role may not; over a connection of the owner it may, and its memory follows."""
    one = machine()
    where = postgres.address(name, "ledger")
    bare = Ledger(PostgresStore(where), accountability(), clock=one.clock)
    bare.start()
    with pytest.raises(ErasureRefusedError, match="may only append"):
        bare.erase(JO, "dpo", "request 17")
    erasing = Ledger(
        PostgresStore(where),
        accountability(),
        clock=one.clock,
        eraser=partial(open_eraser, postgres.address(name)),
    )
    erasing.start()
    assert erasing.erase(JO, "dpo", "request 17").texts == 4
    for ledger in (bare, erasing):

        def has_forgotten(ledger: Ledger = ledger) -> bool:
            act = ledger.book.incidents[1].acknowledged
            return act is not None and act.by.name == ERASED

        await_until(has_forgotten, SECONDS, "the memory of every server")
        ledger.stop()
    assert found(postgres, name) == []
