"""Signed notes, as C2SP's ``signed-note`` has them: text, a blank line, signatures of Ed25519.

Keys have the text form of that specification too, so that other programs (Go's ``sumdb/note``,
witnesses of transparency logs) verify what is signed here.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_SIGNATURE = "\u2014 "

_Key = TypeVar("_Key")


class KeyInvalidError(Exception):
    """A text is no key; the message says why, and never quotes it."""


class NoteInvalidError(Exception):
    """A text is no note, or no signature in it is the key's; the message says which."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half: a name, and by what its signatures are known."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature line names its key."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class SignerKey:
    """The private half; it is shown only by `secret_text`."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(self.name, public.public_bytes_raw())

    def secret_text(self) -> str:
        """The key as text, for a file that only its owner can read."""
        encoded = base64.b64encode(_ED25519 + self.seed).decode()
        return f"{_PRIVATE}{self.name}+{self.verifier.id.hex()}+{encoded}"


def new_key(name: str) -> SignerKey:
    """A new key called `name`. Raises KeyInvalidError for a name that cannot be one."""
    return SignerKey(_named(name), Ed25519PrivateKey.generate().private_bytes_raw())


def read_signer(text: str) -> SignerKey:
    """The key that `SignerKey.secret_text` wrote. Raises KeyInvalidError."""
    text = text.strip()
    if not text.startswith(_PRIVATE):
        raise KeyInvalidError("it does not begin with PRIVATE+KEY+, so it is no signing key")
    name, key_id, seed = _parts(text.removeprefix(_PRIVATE))
    key = SignerKey(name, seed)
    return _checked(key, key.verifier.id, key_id)


def read_verifier(text: str) -> VerifierKey:
    """The key that `str` of a VerifierKey gives. Raises KeyInvalidError."""
    text = text.strip()
    if text.startswith(_PRIVATE):
        raise KeyInvalidError("it is the signing key; to verify, give the public one (NAME.pub)")
    name, key_id, public = _parts(text)
    key = VerifierKey(name, public)
    return _checked(key, key.id, key_id)


def sign(text: str, key: SignerKey) -> str:
    """`text`, which ends with a newline, with the key's signature."""
    assert text.endswith("\n")
    signature = Ed25519PrivateKey.from_private_bytes(key.seed).sign(text.encode())
    return f"{text}\n{_signature_line(key.verifier, signature)}"


def open_note(note: str, key: VerifierKey) -> str:
    """The text of `note`, once a signature of `key` holds; others' signatures are passed over.

    Raises:
        NoteInvalidError: it is no note, `key` has not signed it, or the text was altered.
    """
    text, signatures = _taken_apart(note)
    for name, key_id, signature in signatures:
        if name != key.name or key_id != key.id:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
        except InvalidSignature as error:
            raise NoteInvalidError(
                f"the signature of {key.name} does not hold: the text or the signature was altered"
            ) from error
        return text
    raise NoteInvalidError(f"no signature in it is that of the key {key}")


def signers(note: str) -> tuple[tuple[str, bytes], ...]:
    """Names and ids of the keys that `note` says it is signed by; NoteInvalidError for no note."""
    return tuple((name, key_id) for name, key_id, _ in _taken_apart(note)[1])


def signed_by(note: str, key: VerifierKey) -> str:
    """`note` with the signature of `key` alone. Raises NoteInvalidError, see `open_note`."""
    text = open_note(note, key)
    own = next(
        signature
        for name, key_id, signature in _taken_apart(note)[1]
        if (name, key_id) == (key.name, key.id)
    )
    return f"{text}\n{_signature_line(key, own)}"


def decoded(text: str) -> bytes | None:
    """The bytes that `text` is the base64 of, or None; each has one text only."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


def _signature_line(key: VerifierKey, signature: bytes) -> str:
    return f"{_SIGNATURE}{key.name} {base64.b64encode(key.id + signature).decode()}\n"


def _taken_apart(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """The text, and of each signature the key's name, its id, and the bytes."""
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise NoteInvalidError("it is no signed note: a blank line and signatures should end it")
    found = []
    for line in signatures.removesuffix("\n").split("\n"):
        name, _, encoded = line.removeprefix(_SIGNATURE).rpartition(" ")
        signed = decoded(encoded)
        if signed is None or not line.startswith(_SIGNATURE) or len(signed) <= 4:
            raise NoteInvalidError("a line of its signatures cannot be read")
        found.append((name, signed[:4], signed[4:]))
    return text + "\n", found


def _named(name: str) -> str:
    if not name or "+" in name or any(c.isspace() or not c.isprintable() for c in name):
        raise KeyInvalidError(
            f"a key's name has no spaces and no '+': {name!r}; write it like acme.example/ledger"
        )
    return name


def _parts(text: str) -> tuple[str, str, bytes]:
    # The base64 at the end may have '+' in it; names and ids have none.
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise KeyInvalidError("a key has three parts with + between them: name+id+base64")
    name, key_id, encoded = parts
    data = decoded(encoded)
    if data is None:
        raise KeyInvalidError("the key's last part is no base64")
    if data[:1] != _ED25519 or len(data) != 33:
        raise KeyInvalidError("it is no Ed25519 key (01 and 32 bytes)")
    return _named(name), key_id, data[1:]


def _checked(key: _Key, key_id: bytes, said: str) -> _Key:
    if key_id.hex() != said:
        raise KeyInvalidError("the key's id is not that of its name and bytes: it was altered")
    return key
