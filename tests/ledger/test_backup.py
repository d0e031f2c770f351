"""A copy of the record is the record; one that is older than what was signed is told at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.ledger.ledger_machine import accountability
from tests.ledger.postgres_server import PostgresServer
from tests.ledger.record.recorded import EVENTS, appended, keep, machine

from buckstop.ledger.checkpointing import Checkpointer, RecordDiffersError
from buckstop.ledger.ledger import Ledger
from buckstop.ledger.record.checkpoint_folder import CheckpointFolder, read_file
from buckstop.ledger.record.note import new_key
from buckstop.ledger.record.trust import trust
from buckstop.ledger.store.opening import open_reader, open_store, open_verification
from buckstop.ledger.store.postgres.preparing import prepare

KEY = new_key("acme.example/ledger")


@dataclass(frozen=True)
class Backed:
    """A store's address, how it is copied while it runs, and the address of what was restored."""

    where: str
    back_up: Callable[[], None]
    restore: Callable[[], str]


def in_a_file(folder: Path) -> Backed:
    """As `sqlite3 FILE ".backup COPY"` does it."""
    path, copy = folder / "ledger.db", folder / "copy.db"

    def back_up() -> None:
        with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
            source.backup(target)

    return Backed(str(path), back_up, lambda: str(copy))


def in_postgres(folder: Path, server: PostgresServer) -> Backed:
    """With pg_dump and pg_restore, as docs/production.md says."""
    name, restored, dump = server.prepared(), server.new_database(), str(folder / "copy.dump")

    def restore() -> str:
        server.run("pg_restore", f"--dbname={server.address(restored)}", dump)
        prepare(server.address(restored), "ledger")
        return server.address(restored, "ledger")

    return Backed(
        server.address(name, "ledger"),
        lambda: server.run("pg_dump", "--format=custom", f"--file={dump}", server.address(name)),
        restore,
    )


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def backed(request: pytest.FixtureRequest, tmp_path: Path) -> Backed:
    """An empty store of each kind."""
    if request.param == "sqlite":
        return in_a_file(tmp_path)
    return in_postgres(tmp_path, request.getfixturevalue("postgres"))


def sign(where: str, folder: CheckpointFolder) -> None:
    """Sign the record at `where` as it is."""
    reader = open_reader(where)
    try:
        Checkpointer(reader, KEY, folder).write()
    finally:
        reader.close()


def found(where: str, folder: CheckpointFolder) -> list[str]:
    """What a verification against all checkpoints finds."""
    checkpoints = [read_file(file, trust(KEY.verifier)) for file in folder.files()]
    return [one.kind for one in open_verification(where, checkpoints).run()]


def test_a_restored_copy_is_the_record_and_an_older_one_is_noticed(
    backed: Backed, tmp_path: Path
) -> None:
    """It is copied while the ledger has it open; what was recorded since is missed, and said."""
    (tmp_path / "checkpoints").mkdir()
    folder = CheckpointFolder(tmp_path / "checkpoints")
    one, store = machine(), open_store(backed.where)
    keep(store, one)
    sign(backed.where, folder)
    backed.back_up()
    restored = backed.restore()
    assert found(restored, folder) == []
    copy = open_store(restored)
    assert copy.load(one.clock.now) == one.book
    copy.close()

    appended(store, one.events[12:13])
    store.close()
    sign(backed.where, folder)
    assert found(restored, folder) == ["truncated"]
    with pytest.raises(RecordDiffersError, match=f"{EVENTS + 1} were signed"):
        sign(restored, folder)
    # Whoever restores it all the same has a ledger that works, and a gap that shows for ever.
    ledger = Ledger(open_store(restored), accountability(), clock=one.clock)
    ledger.start()
    ledger.load(accountability()).result(20)
    ledger.stop()
    assert found(restored, folder) == ["truncated"]
