"""Signing what the record has come to, and refusing to sign a record that lost what was signed."""

from __future__ import annotations

from pathlib import Path

from buckstop.ledger.record.checkpoint import Checkpoint, write_checkpoint
from buckstop.ledger.record.checkpoint_folder import CheckpointFolder
from buckstop.ledger.record.merkle import EMPTY_ROOT, Growing, leaf_hash
from buckstop.ledger.record.note import SignerKey
from buckstop.ledger.record.trust import Trust, trust
from buckstop.ledger.store import Reader

HASHES_AT_ONCE = 100_000


class RecordDiffersError(Exception):
    """The record does not begin with what was signed last; nothing is signed."""


class Checkpointer:
    """Keeps the tree over the record while the ledger runs; for one thread at a time.

    The first checkpoint reads every hash of the record, each later one those that came since.

    Args:
        trusted: the keys that may have signed what there is; `key` alone where it is left out.
    """

    def __init__(
        self,
        reader: Reader,
        key: SignerKey,
        folder: CheckpointFolder,
        trusted: Trust | None = None,
    ) -> None:
        self._reader = reader
        self._key = key
        self._trust = trusted or trust(key.verifier)
        self._folder = folder
        self._tree = Growing()

    def write(self) -> Path | None:
        """Sign the record as it is; None where it is signed already.

        Raises:
            RecordDiffersError: the record does not begin with what the latest checkpoint says.
            CheckpointsError: the folder cannot be read or written.
            StoreError: the record cannot be read.
        """
        latest = self._folder.latest(self._trust)
        signed = latest or Checkpoint(self._key.name, 0, EMPTY_ROOT)
        if signed.size != self._tree.size:
            # Somebody else has signed since, or taken checkpoints away.
            self._tree = Growing()
        self._read_on(signed)
        size, root = self._tree.size, self._tree.root()
        if size == signed.size:
            return None
        return self._folder.put(size, write_checkpoint(size, root, self._key))

    def _read_on(self, signed: Checkpoint) -> None:
        compared = self._compare(signed)
        while hashes := self._reader.hashes(self._tree.size, HASHES_AT_ONCE):
            for hash_ in hashes:
                self._tree.append(leaf_hash(hash_))
                compared |= self._compare(signed)
        if not compared:
            raise RecordDiffersError(
                f"the record ends with event {self._tree.size}, and {signed.size} were signed"
            )

    def _compare(self, signed: Checkpoint) -> bool:
        if self._tree.size != signed.size:
            return False
        if self._tree.root() != signed.root:
            raise RecordDiffersError(
                f"the first {signed.size} events are not those that were signed"
            )
        return True
