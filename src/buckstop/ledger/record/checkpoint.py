"""A checkpoint: how many events the record has, and the root of their tree, signed.

The form is C2SP's ``tlog-checkpoint``: the origin, the size, the root in base64.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from buckstop.ledger.record.note import (
    NoteInvalidError,
    SignerKey,
    VerifierKey,
    decoded,
    open_note,
    sign,
)

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` events of the record `origin` have this `root`."""

    origin: str
    size: int
    root: bytes


def write_checkpoint(size: int, root: bytes, key: SignerKey) -> str:
    """The signed checkpoint; its origin is the key's name."""
    return sign(f"{key.name}\n{size}\n{base64.b64encode(root).decode()}\n", key)


def read_checkpoint(note: str, key: VerifierKey) -> Checkpoint:
    """The checkpoint in `note`, verified. Raises NoteInvalidError."""
    lines = open_note(note, key).split("\n")
    # Lines after the third are extensions, which other programs may have added before signing.
    if len(lines) < 4 or not _SIZE.fullmatch(lines[1]):
        raise NoteInvalidError("it is no checkpoint: origin, size and root were expected")
    origin, size, encoded = lines[:3]
    root = decoded(encoded)
    if origin != key.name or root is None or len(root) != 32:
        raise NoteInvalidError(f"it is no checkpoint of {key.name}")
    return Checkpoint(origin, int(size), root)
