"""The record in a SQLite file: append-only, all or nothing, one server at a time."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import apsw
import pytest
from tests.ledger.ledger_machine import Machine
from tests.ledger.ledger_world import START, labels
from tests.ledger.record.recorded import appended

from buckstop.ledger.domain.book import Book, Draft
from buckstop.ledger.store import SqliteStore, StoreFullError, StoreRefusedError
from buckstop.ledger.store.sql import queries, schema


def kept(store: SqliteStore, machine: Machine, since: int = 0) -> None:
    """Write what `machine` decided, as the writer would."""
    draft = Draft(Book())
    for event in machine.events[:since]:
        draft.record(event)
    draft.events.clear()
    draft.changed.clear()
    for event in machine.events[since:]:
        draft.record(event)
    appended(store, draft.events, draft.leases.values(), draft.changed.values())


@pytest.fixture
def machine() -> Machine:
    """A ledger with an open, an ended and a nobody's incident."""
    machine = Machine()
    machine.feed(labels())
    machine.webhook(labels())
    machine.feed(labels(model="churn"))
    machine.feed(labels(model="churn"), resolved=True)
    machine.feed(labels("Watchdog"))
    machine.webhook(labels(model="never-seen"), resolved=True)
    machine.acknowledge("jo", note="on it")
    return machine


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET body = '{}'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events VALUES (1, 1, '', '', '{}', x'', x'')",
        "REPLACE INTO events VALUES (1, 1, '', '', '{}', x'', x'')",
        "UPDATE head SET size = 3",
        "DELETE FROM head",
        "UPDATE personal SET text = 'somebody else'",
    ],
)
def test_the_record_cannot_be_changed_by_sql(
    tmp_path: Path, machine: Machine, statement: str
) -> None:
    """Whoever connects to the file by ordinary means can only append."""
    store = SqliteStore(tmp_path / "ledger.db")
    kept(store, machine)
    store.close()
    with sqlite3.connect(tmp_path / "ledger.db") as other:
        before = list(other.iterdump())
        with pytest.raises(sqlite3.IntegrityError):
            other.execute(statement)
        assert list(other.iterdump()) == before


def test_a_new_file_has_the_schema(tmp_path: Path) -> None:
    """A new file went through all migrations; the schema says in one place what they come to."""

    def tables(db: sqlite3.Connection) -> list[tuple[str, str]]:
        found = db.execute("SELECT name, sql FROM sqlite_schema ORDER BY name")
        return [(name, " ".join(str(sql).split())) for name, sql in found if name[:7] != "sqlite_"]

    SqliteStore(tmp_path / "ledger.db").close()
    with sqlite3.connect(tmp_path / "ledger.db") as made, sqlite3.connect(":memory:") as said:
        said.executescript(schema())
        assert tables(made) == tables(said)


def test_every_query_is_valid_sql() -> None:
    """No statement waits for its first use to fail."""
    db = apsw.Connection(":memory:")
    db.execute(schema())
    for name, text in queries().items():
        numbered = "?1" in text
        bindings = (None,) * (1 if numbered else text.count("?"))
        assert db.execute(f"EXPLAIN {text}", bindings).fetchall(), name


def test_a_second_server_on_the_same_file_is_refused(tmp_path: Path) -> None:
    """Two writers would give two truths."""
    first = SqliteStore(tmp_path / "ledger.db")
    with pytest.raises(StoreRefusedError, match="another ledger has"):
        SqliteStore(tmp_path / "ledger.db")
    first.close()
    SqliteStore(tmp_path / "ledger.db").close()


def test_a_store_of_a_newer_buckstop_is_refused(tmp_path: Path) -> None:
    """An old program does not write into a form that it does not know."""
    SqliteStore(tmp_path / "ledger.db").close()
    with sqlite3.connect(tmp_path / "ledger.db") as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreRefusedError, match="newer Buckstop"):
        SqliteStore(tmp_path / "ledger.db")


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    """A slip in --store does not spoil another program's file."""
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE precious (x)")
    with pytest.raises(StoreRefusedError, match="no ledger of Buckstop"):
        SqliteStore(tmp_path / "other.db")


@pytest.mark.parametrize("content", [b"a text, and no database" * 99, b"\x00" * 4096])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    """A text file, a torn one: said, and left as it is."""
    path = tmp_path / "ledger.db"
    path.write_bytes(content)
    with pytest.raises(StoreRefusedError, match=r"ledger\.db"):
        SqliteStore(path)
    assert path.read_bytes() == content


def test_a_folder_in_the_files_place_is_refused(tmp_path: Path) -> None:
    """--store names a file."""
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(StoreRefusedError, match=r"ledger\.db"):
        SqliteStore(tmp_path / "ledger.db")


def test_a_place_that_cannot_be_written_is_refused_with_the_mend(tmp_path: Path) -> None:
    """A file in the folder's place is no folder, whoever runs the ledger."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreRefusedError, match="--store"):
        SqliteStore(tmp_path / "file" / "ledger.db")


def test_a_full_disk_keeps_nothing_of_the_transaction(tmp_path: Path) -> None:
    """SQLITE_FULL in the middle of a large commit leaves the record as it was."""
    store = SqliteStore(tmp_path / "ledger.db", max_pages=40)
    machine = Machine()
    machine.feed(labels())
    kept(store, machine)
    before = store.load(START)
    recorded = len(machine.events)
    for index in range(2000):
        machine.feed(labels(model=f"model-{index}"))
    with pytest.raises(StoreFullError):
        kept(store, machine, since=recorded)
    assert store.load(START) == before
    store.close()


def test_writing_goes_on_once_there_is_space(tmp_path: Path) -> None:
    """The ledger recovers without a restart."""
    store = SqliteStore(tmp_path / "ledger.db", max_pages=40)
    machine = Machine()
    for index in range(2000):
        machine.feed(labels(model=f"model-{index}"))
    with pytest.raises(StoreFullError):
        kept(store, machine)
    smaller = Machine()
    smaller.feed(labels())
    kept(store, smaller)
    assert store.load(START) == smaller.book
    store.close()
