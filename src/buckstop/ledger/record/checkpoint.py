"""A checkpoint: how many events the record has, and the root of their tree, signed.

The form is C2SP's ``tlog-checkpoint``: the origin, the size, the root in base64.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from buckstop.ledger.record.note import NoteInvalidError, SignerKey, decoded, sign
from buckstop.ledger.record.trust import KeyRevokedError, Trust

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `size` events of the record `origin` have this `root`.

    Attributes:
        by_former: it was signed by a key that another has replaced.
    """

    origin: str
    size: int
    root: bytes
    by_former: bool = False


def write_checkpoint(size: int, root: bytes, key: SignerKey) -> str:
    """The signed checkpoint; its origin is the key's name."""
    return sign(f"{key.name}\n{size}\n{base64.b64encode(root).decode()}\n", key)


def read_checkpoint(note: str, trust: Trust) -> Checkpoint:
    """The checkpoint in `note`, verified.

    Raises:
        KeyRevokedError: it is of a key that had been replaced or revoked when the record was as
            long as that.
        NoteInvalidError: it is no checkpoint, none of the keys signed it, or it was altered.
    """
    text, signer = trust.opened(note)
    lines = text.split("\n")
    # Lines after the third are extensions, which other programs may have added before signing.
    if len(lines) < 4 or not _SIZE.fullmatch(lines[1]):
        raise NoteInvalidError("it is no checkpoint: origin, size and root were expected")
    origin, size, encoded = lines[:3]
    root = decoded(encoded)
    if origin != trust.name or root is None or len(root) != 32:
        raise NoteInvalidError(f"it is no checkpoint of {trust.name}")
    if signer.until is not None and int(size) > signer.until:
        raise KeyRevokedError(
            f"it is of event {size}, and its key signed up to event {signer.until} before it was "
            f"replaced or revoked: {signer.key}"
        )
    return Checkpoint(origin, int(size), root, signer.until is not None)
