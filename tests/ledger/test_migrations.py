"""Stores of earlier Buckstops, with data in them, brought forward."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from tests.ledger.record.recorded import found

from buckstop.ledger.domain.events import read_event
from buckstop.ledger.domain.incident import fold
from buckstop.ledger.store import SqliteStore, StoreReader, StoreRefusedError
from buckstop.ledger.store.sql import migrations

FIXTURES = Path(__file__).with_name("fixtures")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A store as the Buckstop of schema 1 left it: 19 events of 4 incidents."""
    path = tmp_path / "ledger.db"
    with sqlite3.connect(path) as db:
        db.executescript((FIXTURES / "schema-1.sql").read_text(encoding="utf-8"))
    return path


def test_every_earlier_schema_has_its_store() -> None:
    """A migration is tested on what the program before it really wrote."""
    kept = sorted(path.stem for path in FIXTURES.glob("schema-*.sql"))
    assert kept == [f"schema-{number}" for number in range(1, len(migrations()))]


def test_what_was_recorded_before_the_chain_is_kept_and_chained(written: Path) -> None:
    """Every event is there as it was, in order, and is verified from then on."""
    with sqlite3.connect(written) as db:
        bodies = [body for (body,) in db.execute("SELECT body FROM events ORDER BY position")]
    before = [read_event(body) for body in bodies]
    SqliteStore(written).close()
    reader = StoreReader(written)
    for number in range(5):
        events = tuple(event for event in before if event.incident == number)
        assert reader.history(number) == events
    assert [incident.number for incident in reader.resolved(9)] == [4, 2]
    reader.close()
    assert found(written) == []


def test_the_state_after_the_migration_is_that_before_it(written: Path) -> None:
    """Open incidents, their owners and acknowledgements survive."""
    with sqlite3.connect(written) as db:
        bodies = db.execute("SELECT body FROM events WHERE incident = 1 ORDER BY position")
        before = fold(read_event(body) for (body,) in bodies)
    store = SqliteStore(written)
    assert store.load(before.opened_at).incidents[1] == before
    store.close()


def test_names_of_before_are_sealed_too(written: Path) -> None:
    """What people did before the chain can be erased as what they do now."""
    SqliteStore(written).close()
    with sqlite3.connect(written) as db:
        bodies = [json.loads(body) for (body,) in db.execute("SELECT body FROM events")]
        texts = {text for (text,) in db.execute("SELECT text FROM personal")}
    assert "jo@acme.example" not in json.dumps(bodies)
    assert "jo@acme.example" in texts
    assert "on it, asking Maria" in texts


def test_a_migration_that_fails_leaves_the_store_as_it_was(written: Path) -> None:
    """An event that cannot be read stops it; nothing is lost by that."""
    with sqlite3.connect(written) as db:
        (guard,) = db.execute(
            "SELECT sql FROM sqlite_schema WHERE name = 'events_are_never_changed'"
        ).fetchone()
        db.execute("DROP TRIGGER events_are_never_changed")
        db.execute("UPDATE events SET body = '{}' WHERE position = 7")
        db.execute(guard)
        db.commit()
        before = list(db.iterdump())
    with pytest.raises(StoreRefusedError, match="event 7"):
        SqliteStore(written)
    with sqlite3.connect(written) as db:
        assert list(db.iterdump()) == before
