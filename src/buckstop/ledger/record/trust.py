"""Which keys are believed, and how far: a ledger's present key, and those that it had before.

One key a line, as `note.VerifierKey` writes it. A key that was replaced, or that leaked, has
``until=N`` behind it: it signed records of up to N events, and what it signs of a longer one shows
nothing. How long a record was is part of what is signed; a time would be the word of whoever has
the key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from buckstop.ledger.record.note import (
    KeyInvalidError,
    NoteInvalidError,
    VerifierKey,
    open_note,
    read_verifier,
    signers,
)

KEYS = 100
"""The most keys that one record has had."""

_UNTIL = re.compile(r"until=(0|[1-9][0-9]{0,17})", re.ASCII)


class KeyRevokedError(NoteInvalidError):
    """A key signed what it no longer may; the message says which and since when."""


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key, and how far it is believed.

    Attributes:
        until: the longest record, in events, that it may sign; None: any, it is the present key.
    """

    key: VerifierKey
    until: int | None = None

    def __str__(self) -> str:
        return str(self.key) if self.until is None else f"{self.key} until={self.until}"


@dataclass(frozen=True, slots=True)
class Trust:
    """The keys of one record, all of its name.

    Attributes:
        keys: the present ones last.
    """

    keys: tuple[TrustedKey, ...]

    @property
    def name(self) -> str:
        """The record's name."""
        return self.keys[0].key.name

    @property
    def present(self) -> tuple[VerifierKey, ...]:
        """The keys that may sign now."""
        return tuple(one.key for one in self.keys if one.until is None)

    def opened(self, note: str) -> tuple[str, TrustedKey]:
        """The text of `note`, and which of the keys signed it; a present one if it did.

        Raises:
            NoteInvalidError: it is no note, none of the keys has signed it, or it was altered.
        """
        signed = signers(note)
        for one in sorted(self.keys, key=lambda one: one.until is not None):
            if (one.key.name, one.key.id) in signed:
                return open_note(note, one.key), one
        known = ", ".join(str(one.key) for one in self.keys)
        raise NoteInvalidError(f"no signature in it is that of the key {known}")

    def replaced(self, by: VerifierKey, until: int) -> Trust:
        """With `by` as the only present key; those before it signed up to `until` events.

        Raises:
            KeyInvalidError: it is of another record, or one of these keys.
        """
        if by.name != self.name:
            raise KeyInvalidError(f"the record is called {self.name}, and the new key {by.name}")
        former = tuple(
            replace(one, until=until if one.until is None else min(one.until, until))
            for one in self.keys
        )
        return _checked((*former, TrustedKey(by)))

    def __str__(self) -> str:
        return "".join(f"{one}\n" for one in self.keys)


def trust(key: VerifierKey) -> Trust:
    """Belief in `key` alone."""
    return Trust((TrustedKey(key),))


def read_trust(text: str) -> Trust:
    """The keys that `str` of a Trust gives; ``#`` begins a comment. Raises KeyInvalidError."""
    keys = []
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        key, until = read_verifier(words[0]), None
        if len(words) > 1:
            said = _UNTIL.fullmatch(words[1])
            if said is None or len(words) > 2:
                raise KeyInvalidError(
                    "behind a key stands nothing, or until= and the number of the last event that "
                    "it may sign"
                )
            until = int(said[1])
        keys.append(TrustedKey(key, until))
    return _checked(tuple(keys))


def _checked(keys: tuple[TrustedKey, ...]) -> Trust:
    if not keys:
        raise KeyInvalidError("there is no key in it")
    if len(keys) > KEYS:
        raise KeyInvalidError(f"there are {len(keys)} keys in it; {KEYS} are the most")
    if len({one.key for one in keys}) < len(keys):
        raise KeyInvalidError("the same key stands there twice")
    names = sorted({one.key.name for one in keys})
    if len(names) > 1:
        raise KeyInvalidError(f"its keys are of several records: {', '.join(names)}")
    return Trust(keys)
