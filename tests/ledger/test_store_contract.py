"""What every store keeps its word on, whatever its database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from tests.ledger.ledger_machine import Machine, accountability
from tests.ledger.ledger_world import labels
from tests.ledger.record.recorded import (
    EVENTS,
    JO,
    MARIA,
    appended,
    keep,
    machine,
    reopened_late,
)

from buckstop.ledger.checkpointing import Checkpointer
from buckstop.ledger.domain.book import Draft, Lease
from buckstop.ledger.domain.events import Acknowledged, Actor, Event, Withheld
from buckstop.ledger.erasing import erase
from buckstop.ledger.ledger import Ledger
from buckstop.ledger.record.checkpoint_folder import CheckpointFolder, read_file
from buckstop.ledger.record.note import new_key
from buckstop.ledger.record.personal import ERASED
from buckstop.ledger.record.trust import trust
from buckstop.ledger.store import Store
from buckstop.ledger.store.opening import (
    open_eraser,
    open_reader,
    open_store,
    open_verification,
)


@dataclass(frozen=True)
class Place:
    """A store's address, and that of its owner, who may erase."""

    where: str
    owner: str

    def open(self) -> Store:
        """The store, to write to."""
        return open_store(self.where)

    def found(self) -> list[tuple[str, int | None]]:
        """What a verification finds."""
        run = open_verification(self.where, ()).run()
        return [(one.kind, one.position) for one in run]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty store of each kind."""
    if request.param == "sqlite":
        path = str(tmp_path / "ledger.db")
        return Place(path, path)
    server = request.getfixturevalue("postgres")
    name = server.prepared()
    return Place(server.address(name, "ledger"), server.address(name))


def test_a_restart_finds_everything_as_it_was(place: Place) -> None:
    """Open incidents, acknowledgements, ended streams and numbering survive."""
    store, one = place.open(), machine()
    keep(store, one)
    store.close()
    again = place.open()
    assert again.load(one.clock.now) == one.book
    again.close()


def test_renewed_leases_survive_a_restart(place: Place) -> None:
    """A restart does not take for lost what was reported a moment before."""
    one, store = Machine(), place.open()
    one.feed(labels())
    keep(store, one)
    one.clock.advance(200)
    draft = Draft(one.book)
    (incident,) = one.book.incidents.values()
    (member,) = incident.members.values()
    (stream,) = member.sources
    draft.renew(Lease(1, member.id, stream, one.clock.now + timedelta(seconds=240)))
    position = appended(store, [], draft.leases.values())
    assert position == 3
    assert store.load(one.clock.now) == draft.book()
    store.close()


def test_a_resolution_by_hand_still_holds_after_a_restart(place: Place) -> None:
    """What a person closed is not opened again by a restart."""
    one = Machine()
    one.feed(labels())
    one.resolve("jo")
    store = place.open()
    keep(store, one)
    one.book = store.load(one.clock.now)
    assert one.feed(labels(), started_seconds_ago=20) == "held"
    store.close()


def test_a_reader_sees_what_was_acknowledged_at_once(place: Place) -> None:
    """History, what has ended, and the hashes to sign, while the writer goes on."""
    store, one = place.open(), machine()
    reader = open_reader(place.where)
    assert reader.history(1) == ()
    keep(store, one)
    for number in range(5):
        assert reader.history(number) == tuple(e for e in one.events if e.incident == number)
    assert [incident.number for incident in reader.resolved(9)] == [4, 2]
    assert [incident.number for incident in reader.resolved(1, 1)] == [2]
    assert len(reader.hashes(0, 1000)) == EVENTS
    assert reader.hashes(3, 2) == reader.hashes(0, 5)[3:]
    reader.close()
    store.close()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "a\x00b",
        "'; DROP TABLE events; --",
        '"\\\n\t',
        "\U0001f600",
        "ß%s?1",
        "x" * 90_000,
    ],
)
def test_any_text_is_kept_as_it_is(place: Place, text: str) -> None:
    """Names, notes and labels come from anybody."""
    store, one = place.open(), Machine()
    one.feed(labels(model=text or "m", zone=text))
    member = next(iter(one.book.incidents[1].members))
    acknowledged = Event(1, one.clock.now, Actor("person", f"p{text}"), text, None, Acknowledged())
    one.act(lambda draft, _now: draft.record(acknowledged))
    one.silence(labels(model=text or "m", zone=text), by=f"s{text}", until=one.clock.now)
    assert member
    keep(store, one)
    reader = store.reader()
    assert reader.history(1) == tuple(one.events)
    assert store.load(one.clock.now) == one.book
    reader.close()
    store.close()
    assert place.found() == []
    eraser = open_eraser(place.owner)
    assert erase(eraser, f"p{text}", "dpo", "asked to", one.clock.now).texts == 2
    eraser.close()
    assert place.found() == []


def test_an_erased_person_is_gone_and_the_record_holds(place: Place) -> None:
    """Name, notes and silences read "erased", and it is on record who erased."""
    store, one = place.open(), machine()
    one.resolve(MARIA, reason=f"{JO.upper()} fixed it")
    keep(store, one)
    store.close()
    eraser = open_eraser(place.owner)
    erasure = erase(eraser, JO, "dpo", "asked to", one.clock.now)
    assert (erasure.texts, erasure.events, erasure.mentions) == (4, 2, (EVENTS + 1,))
    assert erase(eraser, JO, "dpo", "asked to", one.clock.now).texts == 0
    assert erase(eraser, MARIA, "dpo", "asked to", one.clock.now).events == 2
    eraser.close()
    reader = open_reader(place.where)
    events = reader.history(1)
    assert {event.by.name for event in events if event.by.kind == "person"} == {ERASED}
    (withheld,) = [event for event in events if isinstance(event.body, Withheld)]
    assert withheld.why == ERASED
    assert [event.by.name for event in reader.history(0)[1:]] == ["dpo", "dpo"]
    reader.close()
    assert place.found() == []
    place.open().close()


def test_a_record_is_signed_and_verified(place: Place, tmp_path: Path) -> None:
    """The same trees and checkpoints, whatever the database."""
    key, folder = new_key("acme.example/ledger"), CheckpointFolder(tmp_path)
    store = place.open()
    keep(store, machine())
    reader = store.reader()
    Checkpointer(reader, key, folder).write()
    (file,) = folder.files()
    verification = open_verification(place.where, [read_file(file, trust(key.verifier))])
    assert list(verification.run()) == []
    assert (verification.events, verification.signed_to) == (EVENTS, EVENTS)
    assert verification.head.size == EVENTS
    reader.close()
    store.close()


def test_a_whole_ledger_runs_on_it(place: Place) -> None:
    """Intake, acts and a restart, through the one writer."""
    one = Machine()
    for _ in range(2):
        ledger = Ledger(place.open(), accountability(), clock=one.clock)
        ledger.start()
        done = ledger.load(accountability())
        done.result(20)
        ledger.stop()
    assert place.found() == []


def test_an_incident_that_goes_on_days_after_its_end_is_verified(place: Place) -> None:
    """Its earlier history is read again while all the others are read."""
    store = place.open()
    keep(store, reopened_late())
    store.close()
    assert place.found() == []
