"""The signing key's file, which only its owner can read, and the public half beside it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from buckstop.ledger.record.note import (
    KeyInvalidError,
    SignerKey,
    VerifierKey,
    new_key,
    read_signer,
)
from buckstop.ledger.record.trust import Trust, read_trust, trust

PUBLIC_SUFFIX = ".pub"


class KeyFileError(Exception):
    """A key's file cannot be made or used; the message says why, and shows nothing of a key."""


def make_key(
    path: Path, name: str, *, former: Trust | None = None, until: int = 0
) -> tuple[VerifierKey, Path]:
    """A new key called `name` at `path`, mode 0600; its public half, and the file of that.

    Args:
        former: keys that it replaces; they go into the public file too, as having signed records
            of up to `until` events.

    Raises:
        KeyFileError: the name cannot be one, or a file is there already.
    """
    public = public_file(path)
    try:
        key = new_key(name)
        believed = trust(key.verifier)
        if former is not None:
            believed = former.replaced(key.verifier, until)
        path.parent.mkdir(parents=True, exist_ok=True)
        _create(path, key.secret_text() + "\n", 0o600)
        _create(public, str(believed), 0o644)
    except KeyInvalidError as error:
        raise KeyFileError(str(error)) from error
    except FileExistsError as error:
        raise KeyFileError(
            f"{error.filename} exists; a key that signed checkpoints is needed to add to them"
        ) from error
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror or error}") from error
    return key.verifier, public


def read_key_file(path: Path) -> SignerKey:
    """The signing key at `path`. Raises KeyFileError, also where others can read the file."""
    try:
        status = path.stat()
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path} cannot be read as a key") from error
    if is_open(status.st_mode, status.st_uid, os.geteuid()):
        raise KeyFileError(
            f"{path} can be read by others, who could sign in the ledger's name: chmod 600 {path}"
        )
    try:
        return read_signer(text)
    except KeyInvalidError as error:
        raise KeyFileError(f"{path}: {error}") from error


def is_open(mode: int, owner: int, reader: int) -> bool:
    """Whether others than `reader` can use a key file of that mode and owner, users by number.

    A secret that Kubernetes or systemd hands to a process is root's, and the process reads it as
    one of a group that was made for that: such a file may be readable by its group.
    """
    allowed = 0o740 if owner == 0 != reader else 0o700
    return bool(stat.S_IMODE(mode) & ~allowed)


def trust_of(text: str) -> Trust:
    """The public keys that `text` is, or that the file of that name has. Raises KeyFileError."""
    path = Path(text)
    try:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
        return read_trust(text)
    except KeyInvalidError as error:
        raise KeyFileError(f"no public key, nor a file with one: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path} cannot be read as a key") from error


def trust_beside(path: Path, key: SignerKey) -> Trust:
    """The public keys in the file beside that of `key`; `key` alone where there is none.

    Raises:
        KeyFileError: that file cannot be read, or `key` is not the present one there.
    """
    public = public_file(path)
    if not public.exists():
        return trust(key.verifier)
    believed = trust_of(str(public))
    if key.verifier not in believed.present:
        raise KeyFileError(f"{public}: the key in {path} may not sign: it is not there, or revoked")
    return believed


def public_file(path: Path) -> Path:
    """Where the public half of the key at `path` is."""
    return path.with_name(path.name + PUBLIC_SUFFIX)


def _create(path: Path, text: str, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
