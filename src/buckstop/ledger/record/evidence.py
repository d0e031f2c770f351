"""Evidence: some events of a record in one file, which anybody can verify without the record.

One line of canonical JSON each: what it is of, the checkpoint and the key that signed it; then the
events, each with the hashes by which it leads to the signed root; at the end the SHA-256 of all
lines before. Only one text is the file of an evidence, so no byte of it can be another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from buckstop.ledger.domain.events import Event, canonical
from buckstop.ledger.record.chain import Entry, event_hash
from buckstop.ledger.record.checkpoint import Checkpoint, read_checkpoint
from buckstop.ledger.record.merkle import Proof, includes, leaf_hash
from buckstop.ledger.record.note import (
    KeyInvalidError,
    NoteInvalidError,
    VerifierKey,
    read_verifier,
    signed_by,
)
from buckstop.ledger.record.personal import commitment, commitments, unseal
from buckstop.ledger.record.text_check import StoredText
from buckstop.ledger.record.trust import Trust, trust

FORMAT = "buckstop-evidence-1"
EVENTS = 200_000
"""The most events of one file."""
LARGEST_BYTES = 1_000_000_000
"""No file of so many events is larger."""

_HEX = re.compile("([0-9a-f]{2})*", re.ASCII)


class EvidenceInvalidError(Exception):
    """A file is no evidence, or not the one that was written; the message says where and why."""


@dataclass(frozen=True, slots=True)
class OfIncident:
    """Events of one incident; that there are no others of it, they do not show."""

    number: int


@dataclass(frozen=True, slots=True)
class OfTime:
    """All events from `since` to before `until`, and one on either side as the bound."""

    since: datetime
    until: datetime


Subject = OfIncident | OfTime


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it is stored, and the texts beside it by place."""

    entry: Entry
    texts: Mapping[str, StoredText] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verified:
    """What an evidence shows.

    Attributes:
        key: the one that signed the checkpoint.
        events: with their positions, as they were recorded.
        texts_absent: how many personal texts are not in the file: erased, or left out of it.
    """

    of: Subject
    key: VerifierKey
    checkpoint: Checkpoint
    events: tuple[tuple[int, Event], ...]
    texts_absent: int


def write_evidence(
    of: Subject, note: str, key: VerifierKey, events: Iterable[tuple[Recorded, Proof]]
) -> Iterator[str]:
    """The lines of the file: `events` with their proofs to the checkpoint that `note` is."""
    whole = sha256()
    for value in _values(of, note, key, events):
        line = canonical(value) + "\n"
        whole.update(line.encode("utf-8"))
        yield line
    yield canonical({"sha256": whole.hexdigest()}) + "\n"


def read_evidence(data: bytes, believed: Trust | None = None) -> Verified:
    """The evidence in the file `data`, every event of it verified.

    Args:
        believed: the record's keys; None: whatever key is in the file.

    Raises:
        EvidenceInvalidError: it is not a file that was written as evidence, or was altered since.
    """
    lines = _lines(data)
    try:
        of, note, key = _head(lines[0])
        checkpoint = read_checkpoint(note, believed or trust(key))
        if note != signed_by(note, key):
            raise EvidenceInvalidError("line 1: the checkpoint has signatures of others")
    except (KeyInvalidError, NoteInvalidError) as error:
        raise EvidenceInvalidError(f"line 1: {error}") from error
    events, absent, last = [], 0, 0
    for number, line in enumerate(lines[1:], start=2):
        try:
            position, event, missing = _event(line, checkpoint)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise EvidenceInvalidError(f"line {number}: it is no event of a record") from error
        except _NotSoError as error:
            raise EvidenceInvalidError(f"line {number}: {error}") from error
        if position <= last:
            raise EvidenceInvalidError(f"line {number}: event {position} does not come after it")
        events.append((position, event))
        absent, last = absent + missing, position
    _compare(of, events, checkpoint)
    return Verified(of, key, checkpoint, tuple(events), absent)


class _NotSoError(Exception):
    """What a line says is not so."""


def _values(
    of: Subject, note: str, key: VerifierKey, events: Iterable[tuple[Recorded, Proof]]
) -> Iterator[dict[str, object]]:
    yield {
        "checkpoint": signed_by(note, key),
        "format": FORMAT,
        "key": str(key),
        "of": {"incident": of.number}
        if isinstance(of, OfIncident)
        else {"since": _time(of.since), "until": _time(of.until)},
    }
    for recorded, proof in events:
        entry = recorded.entry
        yield {
            "body": entry.body.decode("utf-8"),
            "position": entry.position,
            "previous": entry.previous.hex(),
            "proof": [step.hex() for step in proof],
            "texts": {
                place: {"salt": text.salt.hex(), "text": text.text}
                for place, text in recorded.texts.items()
            },
        }


def _lines(data: bytes) -> list[Any]:
    """The values of all lines but the last, which has been compared."""
    if len(data) > LARGEST_BYTES:
        raise EvidenceInvalidError(f"it is larger than {LARGEST_BYTES:,} bytes")
    content, _, last = data.removesuffix(b"\n").rpartition(b"\n")
    content += b"\n"
    if not data.endswith(b"\n") or content.count(b"\n") > EVENTS + 1:
        raise EvidenceInvalidError("it does not end as evidence does; a part may be missing")
    wanted = canonical({"sha256": sha256(content).hexdigest()}).encode()
    if last != wanted:
        raise EvidenceInvalidError(
            "its last line is not the SHA-256 of the lines before: it was altered, or is no "
            "evidence"
        )
    return [_value(number, line) for number, line in enumerate(content[:-1].split(b"\n"), start=1)]


def _value(number: int, line: bytes) -> Any:
    try:
        value = json.loads(line)
        if canonical(value).encode("utf-8") == line:
            return value
    except (ValueError, RecursionError):
        pass
    raise EvidenceInvalidError(f"line {number}: it is not as it was written")


def _head(value: Any) -> tuple[Subject, str, VerifierKey]:
    try:
        if set(value) != {"checkpoint", "format", "key", "of"} or value["format"] != FORMAT:
            raise EvidenceInvalidError(f"line 1: it is no {FORMAT}")
        match value["of"]:
            case {"incident": int(number), **others} if not others and number > 0:
                of: Subject = OfIncident(number)
            case {"since": str(since), "until": str(until), **others} if not others:
                of = OfTime(datetime.fromisoformat(since), datetime.fromisoformat(until))
                if (_time(of.since), _time(of.until)) != (since, until):
                    raise ValueError("another text of a time")
            case _:
                raise ValueError("of nothing that is known")
        return of, str(value["checkpoint"]), read_verifier(str(value["key"]))
    except (TypeError, ValueError) as error:
        raise EvidenceInvalidError("line 1: it does not say what the evidence is of") from error


def _event(value: Any, checkpoint: Checkpoint) -> tuple[int, Event, int]:
    """Position, event, and how many of its texts are not there."""
    if set(value) != {"body", "position", "previous", "proof", "texts"}:
        raise ValueError("other fields")
    position, body, texts = value["position"], value["body"], value["texts"]
    if type(position) is not int or position < 1:
        raise ValueError("no position")
    hash_ = event_hash(position, _bytes(value["previous"]), body.encode("utf-8"))
    proof = tuple(map(_bytes, value["proof"]))
    if not includes(checkpoint.root, checkpoint.size, position - 1, leaf_hash(hash_), proof):
        raise _NotSoError(f"event {position} is not the one that was signed")
    sealed = commitments(json.loads(body))
    for place, text in texts.items():
        if set(text) != {"salt", "text"}:
            raise ValueError("other fields")
        if sealed.get(place) != commitment(_bytes(text["salt"]), text["text"]):
            raise _NotSoError(f"the text of event {position} at {place} is not the one recorded")
    event = unseal(body, {place: text["text"] for place, text in texts.items()})
    return position, event, len(sealed) - len(texts)


def _compare(of: Subject, events: list[tuple[int, Event]], checkpoint: Checkpoint) -> None:
    """Whether the events are what the evidence says it is of. Raises EvidenceInvalidError."""
    if not events:
        raise EvidenceInvalidError("there is no event in it")
    if isinstance(of, OfIncident):
        for position, event in events:
            if event.incident != of.number:
                raise EvidenceInvalidError(f"event {position} is not of incident {of.number}")
        if events[0][1].body.kind != "opened":
            raise EvidenceInvalidError(f"the opening of incident {of.number} is missing")
        return
    (first, bound), (last, end) = events[0], events[-1]
    if last - first + 1 != len(events):
        raise EvidenceInvalidError("events between those that are there are missing")
    if first != 1 and bound.at >= of.since:
        raise EvidenceInvalidError("events at the beginning of that time may be missing")
    if last != checkpoint.size and end.at < of.until:
        raise EvidenceInvalidError("events at the end of that time may be missing")


def _bytes(text: str) -> bytes:
    if not _HEX.fullmatch(text):
        raise ValueError("no hexadecimal digits")
    return bytes.fromhex(text)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
