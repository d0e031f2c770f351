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
    read_verifier,
)

PUBLIC_SUFFIX = ".pub"


class KeyFileError(Exception):
    """A key's file cannot be made or used; the message says why, and shows nothing of a key."""


def make_key(path: Path, name: str) -> tuple[VerifierKey, Path]:
    """A new key called `name` at `path`, mode 0600; its public half, and the file of that.

    Raises:
        KeyFileError: the name cannot be one, or a file is there already.
    """
    public = path.with_name(path.name + PUBLIC_SUFFIX)
    try:
        key = new_key(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        _create(path, key.secret_text(), 0o600)
        _create(public, str(key.verifier), 0o644)
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
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path} cannot be read as a key") from error
    if stat.S_IMODE(mode) & 0o077:
        raise KeyFileError(
            f"{path} can be read by others, who could sign in the ledger's name: chmod 600 {path}"
        )
    try:
        return read_signer(text)
    except KeyInvalidError as error:
        raise KeyFileError(f"{path}: {error}") from error


def verifier_of(text: str) -> VerifierKey:
    """The public key that `text` is, or that the file of that name has. Raises KeyFileError."""
    path = Path(text)
    try:
        if path.is_file():
            text = path.read_text(encoding="utf-8")
        return read_verifier(text)
    except KeyInvalidError as error:
        raise KeyFileError(f"no public key, nor a file with one: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"{path} cannot be read as a key") from error


def _create(path: Path, text: str, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
