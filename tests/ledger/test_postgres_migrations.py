"""Databases of earlier Buckstops, with data in them, brought forward by `record prepare`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.ledger.postgres_server import PostgresServer
from tests.ledger.record.recorded import EVENTS, appended, machine

from buckstop.ledger.domain.book import Draft, Lease
from buckstop.ledger.store import StoreRefusedError
from buckstop.ledger.store.opening import open_verification
from buckstop.ledger.store.postgres.preparing import prepare
from buckstop.ledger.store.postgres.store import PostgresStore
from buckstop.ledger.store.rows import lease_row
from buckstop.ledger.store.sql import migrations

FIXTURES = Path(__file__).with_name("fixtures")
pytestmark = pytest.mark.servers

RECORDED = (
    "SELECT position, incident, at, kind, body, previous, hash FROM events ORDER BY position",
    "SELECT position, place, person, salt, text FROM personal ORDER BY position, place",
    "SELECT number, key, accountable, opened_at, resolved_at FROM incidents ORDER BY number",
    "SELECT incident, member, source, label_set, until FROM leases ORDER BY member, source",
    "SELECT size, hash FROM head",
)


@pytest.fixture
def written(postgres: PostgresServer) -> str:
    """A database as the Buckstop of schema 1 left it: `pg_dump` of 19 events of 4 incidents."""
    name = postgres.new_database()
    with psycopg.connect(postgres.address(name), autocommit=True) as db:
        db.execute((FIXTURES / "postgres-1.sql").read_bytes())
    return name


def rows(postgres: PostgresServer, name: str) -> list[list[Any]]:
    """All that is recorded."""
    with psycopg.connect(postgres.address(name)) as db:
        return [db.execute(statement.encode()).fetchall() for statement in RECORDED]


def test_every_earlier_schema_has_its_database() -> None:
    """A migration is tested on what the program before it really wrote."""
    kept = sorted(path.stem for path in FIXTURES.glob("postgres-*.sql"))
    assert kept == [f"postgres-{number}" for number in range(1, len(migrations("postgres")))]


def test_what_was_recorded_is_kept_byte_for_byte_and_goes_on(
    postgres: PostgresServer, written: str
) -> None:
    """Every event, hash, text and lease stays; the same state; recording and guards go on."""
    one = machine()
    incident = one.book.incidents[1]
    (member,) = incident.members.values()
    stream = next(stream for stream in member.sources if stream.kind == "feed")
    until = one.clock.now + timedelta(seconds=900)
    renewing = Draft(one.book)
    renewing.renew(Lease(1, member.id, stream, until))
    with psycopg.connect(postgres.address(written), autocommit=True) as db:
        values = lease_row(next(iter(renewing.leases.values())))
        db.execute("INSERT INTO leases VALUES (%s, %s, %s, %s, %s, %s)", values)
    before = rows(postgres, written)
    assert [len(some) for some in before] == [EVENTS, 7, 4, 1, 1]
    with pytest.raises(StoreRefusedError, match="record prepare"):
        PostgresStore(postgres.address(written, "ledger"))
    assert prepare(postgres.address(written), "ledger") == len(migrations("postgres"))
    assert rows(postgres, written) == before
    store = PostgresStore(postgres.address(written, "ledger"))
    book = store.load(one.clock.now)
    assert book == renewing.book()
    draft = Draft(book)
    draft.record(one.events[12])
    assert appended(store, draft.events, (), draft.changed.values()) == EVENTS + 1
    store.close()
    verification = open_verification(postgres.address(written, "ledger"), ())
    assert list(verification.run()) == []
    assert verification.events == EVENTS + 1
    with (
        psycopg.connect(postgres.address(written), autocommit=True) as db,
        pytest.raises(psycopg.errors.RaiseException, match="only appended"),
    ):
        db.execute(
            "INSERT INTO events SELECT -position, incident, at, kind, body, previous, hash "
            "FROM events"
        )


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    postgres: PostgresServer, written: str
) -> None:
    """All steps are one transaction: the older Buckstop goes on with what is there."""
    with psycopg.connect(postgres.address(written), autocommit=True) as db:
        db.execute("CREATE SEQUENCE lease_renewals")
    before = rows(postgres, written)
    with pytest.raises(StoreRefusedError, match="lease_renewals"):
        prepare(postgres.address(written), "ledger")
    assert rows(postgres, written) == before
    with psycopg.connect(postgres.address(written)) as db:
        assert db.execute("SELECT max(version) FROM buckstop_schema").fetchall() == [(1,)]
