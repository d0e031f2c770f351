"""Checkpoints of a record that grows: kept outside, committed, and refused for another record."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest
from tests.ledger.record.recorded import (
    EVENTS,
    Attacker,
    appended,
    edit_and_chain_anew,
    machine,
    recorded,
)

from buckstop.ledger.checkpointing import Checkpointer, RecordDiffersError
from buckstop.ledger.record.checkpoint_folder import CheckpointFolder, CheckpointsError, read_file
from buckstop.ledger.record.key_file import KeyFileError, is_open, make_key, read_key_file, trust_of
from buckstop.ledger.record.note import NoteInvalidError, new_key
from buckstop.ledger.record.trust import trust
from buckstop.ledger.store import SqliteStore, StoreReader

KEY = new_key("acme.example/ledger")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A record of 19 events."""
    path = tmp_path / "ledger.db"
    recorded(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> CheckpointFolder:
    """An empty folder."""
    (tmp_path / "checkpoints").mkdir()
    return CheckpointFolder(tmp_path / "checkpoints")


def grow(path: Path) -> None:
    """Record one more event."""
    store = SqliteStore(path)
    appended(store, machine().events[12:13])
    store.close()


def sizes(folder: CheckpointFolder) -> list[int]:
    """Of what records checkpoints are there."""
    return [read_file(file, trust(KEY.verifier)).size for file in folder.files()]


def test_a_growing_record_is_signed_again_only_where_it_grew(
    path: Path, folder: CheckpointFolder
) -> None:
    """The same process and a new one go on from what is signed."""
    reader = StoreReader(path)
    signing = Checkpointer(reader, KEY, folder)
    assert signing.write() is not None
    assert signing.write() is None
    grow(path)
    assert signing.write() is not None
    assert Checkpointer(reader, KEY, folder).write() is None
    grow(path)
    assert Checkpointer(reader, KEY, folder).write() is not None
    grow(path)
    assert signing.write() is not None
    assert sizes(folder) == [EVENTS, EVENTS + 1, EVENTS + 2, EVENTS + 3]
    reader.close()


def test_a_rewritten_record_is_not_signed(path: Path, folder: CheckpointFolder) -> None:
    """A ledger does not lend its signature to a record that is not the one it signed."""
    reader = StoreReader(path)
    running = Checkpointer(reader, KEY, folder)
    running.write()
    attacker = Attacker(path)
    edit_and_chain_anew(attacker)
    attacker.leave()
    with pytest.raises(RecordDiffersError, match="first 19 events are not those"):
        Checkpointer(reader, KEY, folder).write()
    grow(path)
    # The ledger that runs signs what it recorded, not what that was changed to.
    running.write()
    with pytest.raises(RecordDiffersError, match="first 20 events are not those"):
        Checkpointer(reader, KEY, folder).write()
    reader.close()


def test_a_record_that_was_cut_is_not_signed(path: Path, folder: CheckpointFolder) -> None:
    """A backup from before the latest checkpoint is said to be one."""
    reader = StoreReader(path)
    Checkpointer(reader, KEY, folder).write()
    attacker = Attacker(path)
    attacker.run("DELETE FROM events WHERE position > 15")
    attacker.chain_anew()
    attacker.leave()
    with pytest.raises(RecordDiffersError, match="ends with event 15, and 19 were signed"):
        Checkpointer(reader, KEY, folder).write()
    reader.close()


def test_checkpoints_of_another_key_are_not_added_to(path: Path, folder: CheckpointFolder) -> None:
    """Two ledgers never mix in one folder."""
    reader = StoreReader(path)
    Checkpointer(reader, new_key("other.example"), folder).write()
    with pytest.raises(CheckpointsError, match="no signature in it is that of the key"):
        Checkpointer(reader, KEY, folder).write()
    reader.close()


def test_each_checkpoint_is_committed_in_a_git_repository(
    path: Path, folder: CheckpointFolder
) -> None:
    """Its history shows when each was made; a commit that failed is caught up on."""

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(folder.path), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    git("init", "--quiet")
    reader = StoreReader(path)
    signing = Checkpointer(reader, KEY, folder)
    signing.write()
    hook = folder.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not now; exit 1\n")
    hook.chmod(0o755)
    grow(path)
    with pytest.raises(CheckpointsError, match="not committed: not now"):
        signing.write()
    hook.unlink()
    grow(path)
    signing.write()
    assert git("log", "--format=%s").splitlines() == [
        "Checkpoint at event 21",
        "Checkpoint at event 19",
    ]
    assert git("status", "--porcelain") == ""
    assert len(git("ls-files").splitlines()) == 3
    reader.close()


def test_a_folder_that_is_not_there_is_said(path: Path, tmp_path: Path) -> None:
    """A slip in --checkpoints signs nowhere."""
    reader = StoreReader(path)
    with pytest.raises(CheckpointsError, match="no folder"):
        Checkpointer(reader, KEY, CheckpointFolder(tmp_path / "else")).write()
    reader.close()


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x" * 70_000, b""])
def test_a_file_that_is_no_checkpoint_is_refused(folder: CheckpointFolder, content: bytes) -> None:
    """Noise is not read for ever, nor a traceback."""
    file = folder.path / "1.checkpoint"
    file.write_bytes(content)
    with pytest.raises(NoteInvalidError):
        read_file(file, trust(KEY.verifier))


def test_a_keys_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Mode 0600 from the start, never overwritten, and refused once others can read it."""
    path = tmp_path / "keys" / "ledger.key"
    verifier, public = make_key(path, "acme.example/ledger")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key_file(path).verifier == verifier
    assert trust_of(str(public)) == trust_of(public.read_text()) == trust(verifier)
    with pytest.raises(KeyFileError, match="exists"):
        make_key(path, "acme.example/ledger")
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_key_file(path)


@pytest.mark.parametrize(
    ("mode", "owner", "reader", "refused"),
    [
        (0o600, 1000, 1000, False),
        (0o400, 1000, 1000, False),
        (0o640, 1000, 1000, True),
        (0o604, 1000, 1000, True),
        (0o440, 0, 65532, False),
        (0o460, 0, 65532, True),
        (0o444, 0, 65532, True),
        (0o440, 0, 0, True),
        (0o440, 1000, 65532, True),
    ],
)
def test_a_key_that_root_hands_over_may_be_its_groups(
    mode: int,
    owner: int,
    reader: int,
    *,
    refused: bool,
) -> None:
    """So Kubernetes mounts a secret for a pod that is not root, and systemd a credential."""
    assert is_open(mode, owner, reader) is refused


def test_a_refused_key_is_never_quoted(tmp_path: Path) -> None:
    """What is said of a broken key's file goes to logs and terminals."""
    path = tmp_path / "ledger.key"
    make_key(path, "acme.example/ledger")
    secret = path.read_text().strip()
    path.write_text(secret[:-3] + "AA=\n")
    for refuse in (read_key_file, lambda path: trust_of(path.read_text())):
        with pytest.raises(KeyFileError) as refused:
            refuse(path)
        assert secret[-40:-8] not in str(refused.value)
