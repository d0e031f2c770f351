"""Evidence in a file: it shows what was recorded, and nothing of it can be another."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.ledger_world import START
from tests.ledger.record.recorded import (
    EVENTS,
    JO,
    NOTE,
    Attacker,
    edit_and_chain_anew,
    keep,
    recorded,
    reopened_late,
    signed,
)

from buckstop.ledger.domain.events import canonical
from buckstop.ledger.exporting import ExportRefusedError, export
from buckstop.ledger.record.checkpoint import write_checkpoint
from buckstop.ledger.record.checkpoint_folder import CheckpointFolder
from buckstop.ledger.record.evidence import (
    EvidenceInvalidError,
    OfIncident,
    OfTime,
    Subject,
    read_evidence,
)
from buckstop.ledger.record.note import SignerKey, sign
from buckstop.ledger.record.personal import ERASED
from buckstop.ledger.record.trust import trust
from buckstop.ledger.store import SqliteStore, StoreReader

KEY = SignerKey("acme.example/ledger", bytes(range(32)))
BELIEVED = trust(KEY.verifier)


def put(folder: Path, path: Path, key: SignerKey, *sizes: int) -> None:
    """Sign the record at `path` as it was with so many events."""
    folder.mkdir(exist_ok=True)
    for one in signed(path, *sizes):
        CheckpointFolder(folder).put(one.size, write_checkpoint(one.size, one.root, key))


def exported(folder: Path, of: Subject, *, texts: bool = True) -> bytes:
    """The evidence of the record in `folder`."""
    reader = StoreReader(folder / "ledger.db")
    try:
        checkpoints = CheckpointFolder(folder / "signed")
        return "".join(export(reader, checkpoints, BELIEVED, of, texts=texts)).encode()
    finally:
        reader.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A record of 19 events, signed at the 15th and at its end."""
    recorded(tmp_path / "ledger.db")
    put(tmp_path / "signed", tmp_path / "ledger.db", KEY, 3, 15, EVENTS)
    return tmp_path


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The evidence of the first incident."""
    folder = tmp_path_factory.mktemp("evidence")
    recorded(folder / "ledger.db")
    put(folder / "signed", folder / "ledger.db", KEY, EVENTS)
    return exported(folder, OfIncident(1))


def test_the_events_of_an_incident_are_as_recorded(folder: Path) -> None:
    """What the store has, names and notes included, by the first checkpoint that covers it."""
    found = read_evidence(exported(folder, OfIncident(1)), BELIEVED)
    reader = StoreReader(folder / "ledger.db")
    history = reader.history(1)
    reader.close()
    assert tuple(event for _, event in found.events) == history
    assert any(event.why == NOTE and event.by.name == JO for event in history)
    assert (found.key, found.checkpoint.size, found.texts_absent) == (KEY.verifier, 15, 0)


def test_names_can_be_left_out(folder: Path) -> None:
    """What goes to a court need not name the people; every event is proven all the same."""
    data = exported(folder, OfIncident(1), texts=False)
    assert JO.encode() not in data
    assert NOTE.encode() not in data
    found = read_evidence(data, BELIEVED)
    assert found.texts_absent == 5
    assert {event.by.name for _, event in found.events if event.by.kind == "person"} == {ERASED}


def test_of_a_time_nothing_is_left_out(tmp_path: Path) -> None:
    """One event on either side shows that there is no other between; at the ends there is none."""
    one, path = reopened_late(), tmp_path / "ledger.db"
    store = SqliteStore(path)
    keep(store, one)
    store.close()
    put(tmp_path / "signed", path, KEY, len(one.events))
    day = timedelta(days=1)
    positions = {
        (first, last): [
            position
            for position, _ in read_evidence(
                exported(tmp_path, OfTime(START + first * day, START + last * day)), BELIEVED
            ).events
        ]
        for first, last in ((-9, -8), (-1, 1), (1, 2), (2, 4), (5, 7), (8, 9), (-9, 9))
    }
    times = [event.at for event in one.events]
    assert positions[-9, -8] == [1]
    early = sum(at < START + day for at in times)
    assert positions[-1, 1] == list(range(1, early + 2))
    assert positions[1, 2] == [early, early + 1]
    middle = sum(at < START + 4 * day for at in times)
    assert positions[2, 4] == list(range(early, middle + 2))
    assert positions[5, 7] == list(range(middle, len(times) + 1))
    assert positions[8, 9] == [len(times)]
    assert positions[-9, 9] == list(range(1, len(times) + 1))


@given(st.data())
def test_no_byte_of_it_can_be_another(evidence: bytes, data: st.DataObject) -> None:
    """Bytes exchanged, put in, taken out, swapped: it is found, whoever made the key."""
    place = data.draw(st.integers(0, len(evidence) - 1))
    length = data.draw(st.integers(0, 3))
    put_there = data.draw(st.binary(max_size=3))
    altered = evidence[:place] + put_there + evidence[place + length :]
    if altered == evidence:
        return
    with pytest.raises(EvidenceInvalidError):
        read_evidence(altered)


@given(st.data())
def test_no_byte_of_it_can_be_another_with_a_digest_that_fits(
    evidence: bytes, data: st.DataObject
) -> None:
    """Whoever alters it can write the last line anew: every byte before is bound by the key."""
    lines = evidence.splitlines(keepends=True)[:-1]
    content = bytearray(b"".join(lines))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    digest = canonical({"sha256": sha256(content).hexdigest()})
    with pytest.raises(EvidenceInvalidError):
        read_evidence(bytes(content) + digest.encode() + b"\n", BELIEVED)


def again(evidence: bytes, change: Callable[[list[Any]], object]) -> bytes:
    """The evidence with its values changed, and a digest that fits."""
    values = [json.loads(line) for line in evidence.splitlines()[:-1]]
    change(values)
    content = "".join(canonical(value) + "\n" for value in values).encode()
    return content + canonical({"sha256": sha256(content).hexdigest()}).encode() + b"\n"


OTHER = SignerKey("acme.example/ledger", bytes(range(1, 33)))


def exchange_the_key(values: list[Any]) -> None:
    """Sign with a key of one's own."""
    text = values[0]["checkpoint"].rpartition("\n\n")[0] + "\n"
    values[0] |= {"checkpoint": sign(text, OTHER), "key": str(OTHER.verifier)}


def add_a_signature(values: list[Any]) -> None:
    """Have somebody sign too."""
    text = values[0]["checkpoint"].rpartition("\n\n")[0] + "\n"
    values[0]["checkpoint"] += sign(text, OTHER).rpartition("\n\n")[2]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (exchange_the_key, "no signature in it is that of the key"),
        (add_a_signature, "signatures of others"),
        (lambda values: values[0].update(key=str(OTHER.verifier)), "line 1"),
        (lambda values: values[0].update(of={"incident": 2}), "is not of incident 2"),
        (lambda values: values[0].update(of={"incident": 1, "x": 1}), "what the evidence is of"),
        (lambda values: values[0].update(format="else"), "it is no buckstop-evidence-1"),
        (lambda values: values.pop(1), "the opening of incident 1 is missing"),
        (lambda values: values.append(values[-1]), "does not come after"),
        (lambda values: values.insert(1, values.pop()), "does not come after"),
        (lambda values: values.__delitem__(slice(1, None)), "no event in it"),
        (lambda values: values[1].update(position=2), "is not the one that was signed"),
        (lambda values: values[1].update(body="{}"), "is not the one that was signed"),
        (lambda values: values[1].update(extra=1), "no event of a record"),
        (lambda values: values[1].update(position=True), "no event of a record"),
        (lambda values: values[1]["proof"].pop(), "is not the one that was signed"),
        (lambda values: values[1]["proof"].append("00" * 32), "is not the one that was signed"),
        (lambda values: values[1].update(previous="AB" * 32), "no event of a record"),
        (lambda values: values[-1]["texts"]["/why"].update(text="x"), "is not the one record"),
        (lambda values: values[1]["texts"].update({"/x": {"salt": "", "text": ""}}), "is not the"),
    ],
)
def test_whoever_writes_it_anew_is_found(
    evidence: bytes, change: Callable[[list[Any]], object], why: str
) -> None:
    """Each value is bound: to the signed root, to a commitment, or to what the file says it is."""
    with pytest.raises(EvidenceInvalidError, match=why):
        read_evidence(again(evidence, change), BELIEVED)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda values: values.pop(1), "at the beginning"),
        (lambda values: values.pop(), "at the end"),
        (lambda values: values.pop(3), "between"),
        (lambda values: values[0]["of"].update(since="2030-01-31 12:00:00"), "line 1"),
    ],
)
def test_of_a_time_no_event_can_be_taken_out(
    folder: Path, change: Callable[[list[Any]], object], why: str
) -> None:
    """Whoever leaves out what speaks against them is found."""
    data = exported(folder, OfTime(START - timedelta(days=1), START + timedelta(days=1)))
    assert len(read_evidence(data, BELIEVED).events) == EVENTS
    if why == "at the beginning":
        # The first event of the record needs no other before it, so it must be the second.
        data = again(data, lambda values: values[0]["of"].update(since=since_start()))
    with pytest.raises(EvidenceInvalidError, match=why):
        read_evidence(again(data, change), BELIEVED)


def since_start() -> str:
    """The moment at which all of the test's events are."""
    return START.isoformat(timespec="microseconds")


def test_what_is_not_signed_is_no_evidence(folder: Path) -> None:
    """No incident, no checkpoint, a record that is not what was signed: it is said, not written."""
    with pytest.raises(ExportRefusedError, match="no incident 9"):
        exported(folder, OfIncident(9))
    (folder / "signed" / f"{EVENTS:012}.checkpoint").unlink()
    with pytest.raises(ExportRefusedError, match="covers event 19 yet"):
        exported(folder, OfIncident(4))
    attacker = Attacker(folder / "ledger.db")
    edit_and_chain_anew(attacker)
    attacker.leave()
    with pytest.raises(ExportRefusedError, match="not those that were signed"):
        exported(folder, OfIncident(1))


def test_an_empty_record_has_no_evidence(tmp_path: Path) -> None:
    """Nothing was recorded: nothing is claimed."""
    SqliteStore(tmp_path / "ledger.db").close()
    put(tmp_path / "signed", tmp_path / "ledger.db", KEY, 0)
    with pytest.raises(ExportRefusedError, match="nothing has been recorded"):
        exported(tmp_path, OfTime(START, START + timedelta(days=1)))
