"""What `record verify` finds: every attack on the stored record that we could think of."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.ledger.ledger_machine import Machine
from tests.ledger.ledger_world import START, labels
from tests.ledger.record.attacks import ATTACKS, set_the_head_back
from tests.ledger.record.recorded import (
    EVENTS,
    Attacker,
    appended,
    edit_and_chain_anew,
    found,
    keep,
    machine,
    recorded,
    reopened_late,
    signed,
    verified,
)

from buckstop.ledger.domain.events import Acknowledged
from buckstop.ledger.domain.observe import OVERTAKEN_SECONDS
from buckstop.ledger.store import SqliteStore, StoreError, StoreRefusedError
from buckstop.ledger.store.sqlite_verify import SqliteVerification


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record of 19 events."""
    path = tmp_path / "ledger.db"
    recorded(path)
    return path


def test_an_untouched_record_holds(path: Path) -> None:
    """Nothing is found, and it is known how many events that is said of."""
    verification = SqliteVerification(path, signed(path, 0, 7, EVENTS))
    assert list(verification.run()) == []
    assert (verification.events, verification.signed_to) == (EVENTS, EVENTS)


def test_a_record_is_verified_while_its_ledger_writes(path: Path) -> None:
    """An auditor needs no stop of the ledger."""
    store = SqliteStore(path)
    assert found(path) == []
    store.close()


@pytest.mark.parametrize(
    ("attack", "expected"), ATTACKS, ids=lambda value: getattr(value, "__name__", "")
)
def test_an_attack_is_found_at_its_event(
    path: Path, attack: Callable[[Attacker], None], expected: list[tuple[str, int | None]]
) -> None:
    """Each is named by its kind, at the event that it touched, and nothing else is accused."""
    attacker = Attacker(path)
    attack(attacker)
    attacker.leave()
    assert found(path) == expected
    for discrepancy in verified(path):
        assert discrepancy.said
        assert len(discrepancy.means) > 20


@pytest.mark.parametrize(
    "attack",
    # A head that was only set back takes nothing away, and the next event puts it right.
    [attack for attack, _ in ATTACKS if attack is not set_the_head_back],
    ids=lambda attack: attack.__name__,
)
def test_what_is_found_stays_found_when_recording_goes_on(
    path: Path, attack: Callable[[Attacker], None]
) -> None:
    """The ledger takes alerts in a tampered record too, and covers nothing up by that."""
    attacker = Attacker(path)
    attack(attacker)
    attacker.leave()
    before = found(path)
    store = SqliteStore(path)
    more = machine().events[12:13]
    appended(store, more)
    store.close()
    after = found(path)
    assert after
    # What showed at the head then shows in the chain, and a broken chain is not folded.
    lasting = {one for one in before if one[0] not in {"head-differs", "index-differs"}}
    assert lasting <= set(after)


@pytest.mark.parametrize("attack", [attack for attack, _ in ATTACKS], ids=lambda f: f.__name__)
def test_an_altered_record_gives_no_traceback(
    path: Path, attack: Callable[[Attacker], None]
) -> None:
    """A start, a page and a list of what ended either work or say that the record was altered."""
    attacker = Attacker(path)
    attack(attacker)
    attacker.leave()
    store = SqliteStore(path)
    reader = store.reader()
    said = set()
    for read in (
        lambda: store.load(START),
        lambda: reader.resolved(9),
        lambda: [reader.history(number) for number in range(5)],
    ):
        try:
            read()
        except StoreError as error:
            said.add(str(error).partition(":")[0])
    reader.close()
    store.close()
    assert said <= {"the record was altered, `buckstop record verify` says where"}


def test_a_rewritten_record_holds_by_itself_and_not_against_a_checkpoint(path: Path) -> None:
    """Whoever runs the database can make a chain of their own; what was signed shows it."""
    checkpoints = signed(path, 4, 9, 12, EVENTS)
    attacker = Attacker(path)
    edit_and_chain_anew(attacker)
    attacker.leave()
    assert found(path) == []
    (one,) = verified(path, checkpoints)
    assert (one.kind, one.position) == ("rewritten", 5)
    assert one.said == "events 5 to 9 are not those that were signed"


def test_a_record_cut_at_its_end_is_shown_by_a_checkpoint(path: Path) -> None:
    """The head put right after the cut: only what was signed shows it."""
    checkpoints = signed(path, 12, EVENTS)
    attacker = Attacker(path)
    attacker.run("DELETE FROM events WHERE position > 15")
    attacker.run("DELETE FROM personal WHERE position > 15")
    attacker.run("DELETE FROM incidents WHERE number = 4")
    attacker.chain_anew()
    attacker.leave()
    assert found(path) == []
    (one,) = verified(path, checkpoints)
    assert (one.kind, one.position) == ("truncated", 15)
    assert one.said == "the record ends with event 15; 19 were signed: 4 events cut off"


def test_a_record_that_went_on_still_begins_with_what_was_signed(path: Path) -> None:
    """Old checkpoints hold for ever."""
    checkpoints = signed(path, 3, EVENTS)
    store = SqliteStore(path)
    appended(store, machine().events[12:13])
    store.close()
    verification = SqliteVerification(path, checkpoints)
    assert list(verification.run()) == []
    assert (verification.events, verification.signed_to) == (EVENTS + 1, EVENTS)


def test_a_missing_guard_is_said(path: Path) -> None:
    """A database that no longer refuses changes is not what the ledger made."""
    with sqlite3.connect(path) as db:
        db.execute("DROP TRIGGER events_are_never_changed")
        db.execute("DROP TRIGGER events_are_only_appended")
        db.execute(
            "CREATE TRIGGER events_are_only_appended BEFORE INSERT ON events BEGIN SELECT 1; END"
        )
    assert found(path) == [("guard-missing", None), ("guard-missing", None)]


def logical(path: Path) -> object:
    """All that the tables say, or how reading them fails."""
    try:
        with sqlite3.connect(f"file:{path}?immutable=1", uri=True) as db:
            return [
                db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
                for table in ("events", "head", "personal", "incidents")
            ]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return repr(error)


@pytest.mark.parametrize("seed", range(4))
def test_no_altered_byte_of_the_file_goes_unseen(tmp_path: Path, seed: int) -> None:
    """Bytes are flipped all over the file: what then reads otherwise is found."""
    original = tmp_path / "original.db"
    recorded(original)
    with sqlite3.connect(original) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    intact, data = logical(original), original.read_bytes()
    chance, seen = random.Random(seed), 0
    for _ in range(60):
        altered = bytearray(data)
        at = chance.randrange(100, len(altered))
        altered[at] ^= 1 << chance.randrange(8)
        spoilt = tmp_path / "spoilt.db"
        spoilt.write_bytes(altered)
        try:
            findings = found(spoilt)
        except StoreRefusedError:
            continue
        if logical(spoilt) != intact:
            seen += 1
            assert findings, f"byte {at}"
    assert seen > 5


def test_a_record_altered_throughout_is_not_slow_to_verify(tmp_path: Path) -> None:
    """Everything altered: said event by event, in time in proportion."""
    path = tmp_path / "ledger.db"
    store = SqliteStore(path)
    one = machine().events[12]
    appended(store, [one] * 20_000)
    store.close()
    attacker = Attacker(path)
    attacker.run("UPDATE events SET body = replace(body, 'main', 'else')")
    attacker.leave()
    assert found(path) == [("edited", position) for position in range(1, 20_001)]


@pytest.mark.parametrize("content", [b"a text, and no database" * 99, b""])
def test_what_is_no_store_is_refused(tmp_path: Path, content: bytes) -> None:
    """A slip in --store is not taken for a record that was tampered with."""
    path = tmp_path / "ledger.db"
    path.write_bytes(content)
    with pytest.raises(StoreRefusedError, match=r"ledger\.db"):
        SqliteVerification(path)
    with pytest.raises(StoreRefusedError, match="--store"):
        SqliteVerification(tmp_path / "nothing.db")


def test_an_empty_record_holds(tmp_path: Path) -> None:
    """A ledger that has recorded nothing yet."""
    store = SqliteStore(tmp_path / "ledger.db")
    assert found(tmp_path / "ledger.db") == []
    keep(store, machine())
    store.close()


def test_an_incident_that_goes_on_after_its_end_holds(tmp_path: Path) -> None:
    """Reopened within minutes, corrected after days: both are histories that can be."""
    path, one = tmp_path / "ledger.db", Machine()
    one.webhook(labels())
    one.webhook(labels(), resolved=True)
    one.clock.advance(OVERTAKEN_SECONDS + 1)
    assert one.webhook(labels(), started_seconds_ago=1000) == "reopened"
    one.resolve("jo")
    one.clock.advance(100_000)
    one.prune()
    one.feed(labels(model="churn"))
    one.correct("jo", entry=2)
    store = SqliteStore(path)
    keep(store, one)
    store.close()
    assert [event.body.kind for event in one.events].count("reopened") == 1
    assert one.events[-1].body.kind == "corrected"
    assert found(path) == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE leases SET until = until", []),
        ("UPDATE incidents SET resolved_at = NULL WHERE number = 1", [("index-differs", None)]),
        ("UPDATE incidents SET key = '[]' WHERE number = 1", [("index-differs", None)]),
    ],
)
def test_an_incident_that_goes_on_days_after_its_end_is_compared_too(
    tmp_path: Path, statement: str, expected: list[tuple[str, int | None]]
) -> None:
    """Nobody hides a change of the list behind a history that is no longer in memory."""
    path = tmp_path / "ledger.db"
    store = SqliteStore(path)
    keep(store, reopened_late())
    store.close()
    attacker = Attacker(path)
    attacker.run(statement)
    attacker.leave()
    assert found(path) == expected


def test_what_cannot_follow_a_late_reopening_is_found(tmp_path: Path) -> None:
    """The history before it is read again, and what comes after must fit it."""
    path, one = tmp_path / "ledger.db", reopened_late()
    store = SqliteStore(path)
    keep(store, one)
    appended(store, [replace(one.events[-1], body=Acknowledged())])
    store.close()
    assert found(path) == [("impossible", len(one.events) + 1)]


def test_an_end_that_was_taken_back_by_hand_is_found(path: Path) -> None:
    """The list says that a resolved incident is open again, and no event does."""
    attacker = Attacker(path)
    attacker.run("UPDATE incidents SET resolved_at = NULL WHERE number = 2")
    attacker.leave()
    assert found(path) == [("index-differs", None)]
