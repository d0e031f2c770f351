"""Personal texts outside the hash: the body has a commitment, the text lies beside and can go.

A commitment is ``SHA-256("buckstop-personal-v1\\n" + salt + text)`` with a random salt of 32 bytes.
While text and salt are there, anybody can check the text against the hashed body. Once they are
erased, the commitment says nothing of the text, for nobody can guess the salt; and every hash of
the record still holds.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from buckstop.ledger.domain.events import Event, canonical, read_event, write_event

SALT_BYTES = 32
ERASED = "erased"
"""What is read where a text has been erased."""

_MARK = "sealed"
_SEALED_START = f'{{"{_MARK}":"'

Value = dict[str, Any]
"""An event as JSON."""


@dataclass(frozen=True, slots=True)
class PersonalText:
    """A text of one event that is about a person, or that a person wrote.

    Attributes:
        place: where in the event, as a JSON pointer: ``/by/name``.
        person: whom it concerns.
    """

    place: str
    person: str
    salt: bytes
    text: str

    @property
    def commitment(self) -> str:
        """What the hashed body has in the text's place."""
        return commitment(self.salt, self.text)


def commitment(salt: bytes, text: str) -> str:
    """The SHA-256 that binds to `text` and, without `salt`, does not give it away."""
    return sha256(b"buckstop-personal-v1\n" + salt + text.encode("utf-8")).hexdigest()


def seal(
    event: Event, random_bytes: Callable[[int], bytes] = secrets.token_bytes
) -> tuple[str, tuple[PersonalText, ...]]:
    """The body of `event` that is hashed, and the texts that are kept out of it."""
    body = write_event(event)
    if event.by.kind != "person" and event.body.kind not in _PERSONAL_FIELDS:
        return body, ()
    value = json.loads(body)
    texts = []
    # All of them before the first is sealed: a sealed name names nobody.
    for place, person in list(_concerns(value)):
        holder, key = _holder(value, place)
        text = PersonalText(place, person, random_bytes(SALT_BYTES), holder[key])
        holder[key] = {_MARK: text.commitment}
        texts.append(text)
    return canonical(value), tuple(texts)


def unseal(body: str, texts: Mapping[str, str]) -> Event:
    """The event whose hashed body is `body`, with the texts that are still there, by place."""
    if not may_be_sealed(body):
        return read_event(body)
    value = json.loads(body)
    for place in commitments(value):
        holder, key = _holder(value, place)
        holder[key] = texts.get(place, ERASED)
    return read_event(canonical(value))


def may_be_sealed(body: str) -> bool:
    """Whether it is worth looking for commitments in `body`."""
    return _SEALED_START in body


def commitments(value: Value) -> dict[str, str]:
    """The commitments in an event's hashed body, by place."""
    found = {}
    for place in _places(value):
        holder, key = _holder(value, place)
        sealed = holder.get(key)
        if isinstance(sealed, dict) and isinstance(sealed.get(_MARK), str):
            found[place] = sealed[_MARK]
    return found


def _withholdings(body: Value) -> Iterator[tuple[str, Value, tuple[str, ...]]]:
    """Who made a silence, and what they said of it; an inhibition or a mute time names nobody."""
    for index, withholding in enumerate(body["withholdings"]):
        if withholding["reason"] == "silenced":
            yield f"/body/withholdings/{index}", withholding, ("by", "comment")


_PERSONAL_FIELDS: Mapping[str, Callable[[Value], Iterator[tuple[str, Value, tuple[str, ...]]]]] = {
    "withheld": _withholdings,
}
"""Kind of event to the parts of its body that have personal fields: the first names the person."""


def _concerns(value: Value) -> Iterator[tuple[str, str]]:
    """Each place of a personal text in `value`, and the person."""
    author = value["by"]["name"] if value["by"]["kind"] == "person" else None
    named = []
    for stem, part, fields in _parts(value):
        named.append(part[fields[0]])
        for field in fields:
            yield f"{stem}/{field}", part[fields[0]]
    if author is not None:
        yield "/by/name", author
    # The sentence for people repeats what the fields say of a person.
    if author is not None or named:
        yield "/why", author or named[0]


def _places(value: Value) -> Iterator[str]:
    yield "/by/name"
    yield "/why"
    for stem, _, fields in _parts(value):
        for field in fields:
            yield f"{stem}/{field}"


def _parts(value: Value) -> Iterator[tuple[str, Value, tuple[str, ...]]]:
    personal = _PERSONAL_FIELDS.get(value["body"]["kind"])
    if personal is not None:
        yield from personal(value["body"])


def _holder(value: Value, place: str) -> tuple[Value, str]:
    *parents, key = place.removeprefix("/").split("/")
    holder: Any = value
    for parent in parents:
        holder = holder[int(parent)] if isinstance(holder, list) else holder[parent]
    return holder, key
