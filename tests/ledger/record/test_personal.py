"""Personal texts: outside of what is hashed, bound to it, and really gone once erased."""

from __future__ import annotations

import random
import shutil
import sqlite3
import typing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.ledger.ledger_machine import Machine
from tests.ledger.ledger_world import labels
from tests.ledger.record.recorded import (
    EVENTS,
    JO,
    MARIA,
    NOTE,
    appended,
    found,
    keep,
    machine,
    recorded,
    signed,
    verified,
)

from buckstop.ledger.domain import watch
from buckstop.ledger.domain.events import (
    Acknowledged,
    Actor,
    Body,
    Erased,
    Event,
    Stream,
    Withheld,
    Withholding,
    write_event,
)
from buckstop.ledger.domain.routing import Route
from buckstop.ledger.record.personal import ERASED, seal, unseal
from buckstop.ledger.store import SqliteStore, StoreReader

NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)


def erase(store: SqliteStore, person: str) -> tuple[int, int, tuple[int, ...]]:
    """Erase what concerns `person`: texts, events, mentions."""
    erasure = store.erase(
        person,
        lambda places: Event(
            0, NOW, Actor("person", "dpo"), "asked to", None, Erased(dict(places))
        ),
    )
    return erasure.texts, erasure.events, erasure.mentions


def bytes_on_disk(folder: Path) -> bytes:
    """Every byte of every file of the store."""
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())


def test_what_a_person_did_and_said_is_not_in_the_hashed_body() -> None:
    """Name and note are commitments there; kind, incident and time are not."""
    event = Event(7, NOW, Actor("person", JO), NOTE, None, Acknowledged())
    body, texts = seal(event)
    assert JO not in body
    assert NOTE not in body
    assert '"incident":7' in body
    assert [(text.place, text.person, text.text) for text in texts] == [
        ("/by/name", JO, JO),
        ("/why", JO, NOTE),
    ]
    assert unseal(body, {text.place: text.text for text in texts}) == event


def test_the_same_text_has_another_commitment_each_time() -> None:
    """Nobody tells from commitments that the same person acted twice, nor guesses a name."""
    event = Event(7, NOW, Actor("person", JO), NOTE, None, Acknowledged())
    assert seal(event)[0] != seal(event)[0]


def test_who_made_a_silence_is_personal_and_an_inhibition_is_not() -> None:
    """The silence's author and comment are sealed; an inhibiting alert is no person."""
    silence = Withholding("silenced", MARIA, NOW, "for Maria's rollout")
    inhibition = Withholding("inhibited", "NodeDown", None)
    why = f"silenced by {MARIA}"
    event = Event(7, NOW, Actor("system", "am"), why, None, Withheld("m", (inhibition, silence)))
    body, texts = seal(event)
    assert "Maria" not in body
    assert MARIA not in body
    assert "NodeDown" in body
    assert {text.place for text in texts} == {
        "/body/withholdings/1/by",
        "/body/withholdings/1/comment",
        "/why",
    }
    assert unseal(body, {text.place: text.text for text in texts}) == event


def test_what_no_person_did_is_hashed_as_it_is() -> None:
    """Most events have no personal text, and are written once."""
    for event in machine().events:
        if event.by.kind == "system" and event.body.kind != "withheld":
            assert seal(event) == (write_event(event), ())
            assert unseal(write_event(event), {}) == event


def test_labels_that_look_sealed_are_labels() -> None:
    """An alert cannot pass for a sealed text."""
    sly = Machine()
    sly.webhook({"sealed": "0" * 64}, resolved=True)
    (event,) = sly.events
    assert seal(event) == (write_event(event), ())
    assert unseal(write_event(event), {"/body/labels": "x"}) == event


HARMLESS = {int, bool, datetime, int | None, datetime | None, Stream, Route}
"""What names nobody, whatever its field is called."""

FIELDS_ASKED_ABOUT = {
    "opened": {"key", "team", "team_name", "not_accountable"},
    "joined": {"member", "fingerprint", "labels", "annotations", "generator_url"},
    "source_seen": {"member"},
    "source_lost": {"member"},
    "source_resolved": {"member"},
    "resolved_unseen": {"labels"},
    "rerouted": {"member"},
    "owner_changed": {"team", "team_name", "key"},
    "superseded": {"member", "by_member"},
    "withheld": {"member", "withholdings"},
    "unheard": {"member"},
    "acknowledged": set[str](),
    "noted": set[str](),
    "proposed": {"to_team", "to_team_name"},
    "accepted": {"team", "team_name"},
    "declined": set[str](),
    "withdrawn": set[str](),
    "proposal_ended": {"cause"},
    "assigned": {"team", "team_name"},
    "led": {"team", "state", "servers"},
    "proved": {"loaded", "witness", "differs"},
    "shadowed": set[str](),
    "refused": {"act", "reason"},
    "corrected": set[str](),
    "reopened": {"key", "team", "team_name"},
    "resolved": set[str](),
    "erased": {"places"},
}
"""Kind of event to the fields that name nobody, or whose personal parts `personal` seals."""


def test_no_field_of_an_event_is_hashed_before_somebody_asked_whether_it_is_personal() -> None:
    """What is hashed once can never be erased: a new field is put down above, or sealed first."""
    for body in typing.get_args(typing.get_args(Body)[0]):
        hints = typing.get_type_hints(body)
        (kind,) = typing.get_args(hints.pop("kind"))
        asked = {name for name, hint in hints.items() if hint not in HARMLESS}
        assert asked == FIELDS_ASKED_ABOUT[kind], kind


def test_an_erased_person_is_gone_and_the_record_holds(tmp_path: Path) -> None:
    """Name, notes and silences read "erased"; every hash and checkpoint holds; it is on record who
    erased and why."""
    path = tmp_path / "ledger.db"
    recorded(path)
    checkpoints = signed(path, EVENTS)
    store = SqliteStore(path)
    assert erase(store, JO) == (4, 2, ())
    reader = store.reader()
    one, four = reader.history(1), reader.history(4)
    (acknowledged,) = [event for event in one if event.body.kind == "acknowledged"]
    assert (acknowledged.by, acknowledged.why) == (Actor("person", ERASED, "infra_sre"), ERASED)
    assert (four[-1].by, four[-1].why) == (Actor("person", ERASED, "infra_sre"), ERASED)
    (withheld,) = [event for event in one if isinstance(event.body, Withheld)]
    assert MARIA in withheld.why
    (erasure,) = reader.history(0)[1:]
    assert (erasure.by.name, erasure.why) == ("dpo", "asked to")
    assert erasure.body == Erased({"/by/name": (14, 19), "/why": (14, 19)})
    assert store.load(NOW).incidents[1].acknowledged is not None
    reader.close()
    store.close()
    assert verified(path, checkpoints) == []


def test_who_made_a_silence_is_erased_from_the_sentence_too(tmp_path: Path) -> None:
    """The sentence for people repeats the name."""
    path = tmp_path / "ledger.db"
    recorded(path)
    store = SqliteStore(path)
    assert erase(store, MARIA) == (3, 1, ())
    store.close()
    reader = StoreReader(path)
    (withheld,) = [event for event in reader.history(1) if isinstance(event.body, Withheld)]
    assert withheld.why == ERASED
    assert isinstance(withheld.body, Withheld)
    assert (withheld.body.withholdings[0].by, withheld.body.withholdings[0].comment) == (
        ERASED,
        ERASED,
    )
    reader.close()
    assert found(path) == []
    assert b"Maria" not in bytes_on_disk(tmp_path)
    assert MARIA.encode() not in bytes_on_disk(tmp_path)


def test_texts_of_others_that_name_a_person_are_listed(tmp_path: Path) -> None:
    """What others wrote is not erased unseen; whoever erases learns where to look."""
    path, one = tmp_path / "ledger.db", machine()
    one.resolve(MARIA, reason=f"{JO.upper()} fixed it")
    store = SqliteStore(path)
    keep(store, one)
    assert erase(store, JO) == (4, 2, (EVENTS + 1,))
    assert erase(store, JO) == (0, 0, (EVENTS + 1,))
    store.close()
    assert found(path) == []


@pytest.mark.parametrize("seed", range(3))
def test_no_byte_of_an_erased_text_stays_on_the_disk(tmp_path: Path, seed: int) -> None:
    """Thousands of notes of many people, long and short, some erased meanwhile: neither a free
    page nor the write-ahead log keeps one, while the ledger goes on."""
    chance = random.Random(seed)
    path = tmp_path / "ledger.db"
    store = SqliteStore(path)
    people = [f"person-{number:03}-{chance.randrange(10**12):012}" for number in range(40)]
    reader = store.reader()
    for round_number in range(30):
        events = [
            Event(
                0,
                NOW + timedelta(seconds=round_number),
                Actor("person", person),
                f"{person} " * chance.choice([1, 3, 60, 900]),
                None,
                # The form of any act; what it does is no matter here.
                Erased({}),
            )
            for person in chance.sample(people, 30)
        ]
        appended(store, events)
        if round_number in {9, 19}:
            erase(store, people[round_number])
    for person in people[:5]:
        assert person.encode() in bytes_on_disk(tmp_path)
        erase(store, person)
        assert person.encode() not in bytes_on_disk(tmp_path)
    for person in people[6:9]:
        assert person.encode() in bytes_on_disk(tmp_path)
    reader.close()
    store.close()
    assert found(path) == []


def test_a_restored_backup_brings_nobody_back_unnoticed(tmp_path: Path) -> None:
    """A text that was erased and is there again is found."""
    path, backup = tmp_path / "ledger.db", tmp_path / "backup.db"
    recorded(path)
    shutil.copy(path, backup)
    store = SqliteStore(path)
    erase(store, JO)
    store.close()
    with sqlite3.connect(path) as db:
        db.execute("ATTACH ? AS backup", (str(backup),))
        db.execute("INSERT OR IGNORE INTO personal SELECT * FROM backup.personal")
    places = [(14, "/by/name"), (14, "/why"), (19, "/by/name"), (19, "/why")]
    assert found(path) == [("text-returned", position) for position, _ in places]


def test_a_silence_goes_on_after_its_author_was_erased(tmp_path: Path) -> None:
    """What Alertmanager still says is recorded anew, once."""
    path, one = tmp_path / "ledger.db", machine()
    store = SqliteStore(path)
    keep(store, one)
    erase(store, MARIA)
    one.book, one.events = store.load(one.clock.now), []
    (member,) = one.book.incidents[1].members
    silence = Withholding("silenced", MARIA, NOW, "still")
    for _ in range(2):
        one.act(lambda draft, now: watch.withhold(draft, now, {member: (silence,)}, "main"))
    assert [event.body.kind for event in one.events] == ["withheld"]
    store.close()


def test_labels_are_part_of_what_is_hashed(tmp_path: Path) -> None:
    """Erasing touches no alert: a label with the person's name stays, as the docs say."""
    path, one = tmp_path / "ledger.db", Machine()
    one.feed(labels(model=JO))
    store = SqliteStore(path)
    keep(store, one)
    assert erase(store, JO) == (0, 0, ())
    assert store.load(NOW).incidents[1].members
    store.close()
    assert JO.encode() in path.read_bytes()
