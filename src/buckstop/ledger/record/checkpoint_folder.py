"""Where checkpoints are kept: one file each, in a folder outside the database.

A folder that is the root of a git repository gets a commit for each. Whoever cannot rewrite what
that repository was pushed to cannot rewrite the record unseen.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from buckstop.ledger.record.checkpoint import Checkpoint, read_checkpoint
from buckstop.ledger.record.note import NoteInvalidError
from buckstop.ledger.record.trust import Trust

SUFFIX = ".checkpoint"
LARGEST_BYTES = 64_000
"""No checkpoint is longer, however many witnesses signed it."""
GIT_SECONDS = 60
_IDENTITY = ("-c", "user.name=Buckstop", "-c", "user.email=buckstop@localhost")


class CheckpointsError(Exception):
    """Checkpoints cannot be read or kept; the message says where and why."""


class CheckpointFolder:
    """The checkpoints of one record."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def files(self) -> list[Path]:
        """All checkpoint files, the shortest record first. Raises CheckpointsError."""
        if not self.path.is_dir():
            raise CheckpointsError(f"there is no folder {self.path}")
        return sorted(self.path.glob(f"*{SUFFIX}"))

    def latest(self, trust: Trust) -> Checkpoint | None:
        """The checkpoint of the longest record; None where there is none yet.

        Raises:
            CheckpointsError: the folder or the file cannot be read, or none of the keys
                may have signed it.
        """
        files = self.files()
        if not files:
            return None
        try:
            return read_file(files[-1], trust)
        except NoteInvalidError as error:
            raise CheckpointsError(f"{files[-1]}: {error}") from error

    def put(self, size: int, note: str) -> Path:
        """Keep `note`, durably, and commit it where the folder is a git repository.

        Raises:
            CheckpointsError: it could not be written, or not committed.
        """
        path = self.path / f"{size:012}{SUFFIX}"
        draft = path.with_name(f".{path.name}.new")
        try:
            with draft.open("w", encoding="utf-8") as file:
                file.write(note)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            folder = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise CheckpointsError(f"{path}: {error.strerror or error}") from error
        if (self.path / ".git").exists():
            # What an earlier commit failed to take is staged still, and goes with this one.
            self._git("add", "--", path.name)
            self._git(*_IDENTITY, "commit", "--quiet", "-m", f"Checkpoint at event {size}")
        return path

    def _git(self, *arguments: str) -> None:
        command = ["git", "-C", str(self.path), *arguments]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=GIT_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CheckpointsError(f"{self.path}: git does not work: {error}") from error
        if done.returncode != 0:
            said = done.stdout.strip()[-500:]
            raise CheckpointsError(f"{self.path}: the checkpoint is not committed: {said}")


def read_file(path: Path, trust: Trust) -> Checkpoint:
    """The checkpoint in the file at `path`, verified.

    Raises CheckpointsError, and what `read_checkpoint` raises.
    """
    return read_checkpoint(read_note(path), trust)


def read_note(path: Path) -> str:
    """The text of the file at `path`. Raises NoteInvalidError, CheckpointsError."""
    try:
        with path.open("rb") as file:
            note = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise CheckpointsError(f"{path}: {error.strerror or error}") from error
    if len(note) > LARGEST_BYTES:
        raise NoteInvalidError("it is too long for a checkpoint")
    try:
        return note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteInvalidError("it is no UTF-8 text") from error
