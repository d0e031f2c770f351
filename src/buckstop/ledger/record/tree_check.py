"""The record against what was signed of it, outside the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from buckstop.ledger.record.checkpoint import Checkpoint
from buckstop.ledger.record.discrepancy import Discrepancy
from buckstop.ledger.record.merkle import Growing, leaf_hash


class TreeCheck:
    """Takes the events' hashes in order, and compares at the sizes that were signed."""

    def __init__(self, checkpoints: Sequence[Checkpoint]) -> None:
        self._left = sorted(checkpoints, key=lambda checkpoint: checkpoint.size, reverse=True)
        self._tree = Growing()
        self._holds_to = 0
        self._rewritten = False

    @property
    def holds_to(self) -> int:
        """Up to which event the record is what was signed."""
        return self._holds_to

    def append(self, hash_: bytes) -> Iterator[Discrepancy]:
        """Take the next event's hash."""
        yield from self._compare()
        self._tree.append(leaf_hash(hash_))

    def finish(self) -> Iterator[Discrepancy]:
        """What was signed beyond the end of the record."""
        yield from self._compare()
        if self._left:
            signed, size = self._left[0].size, self._tree.size
            gone = signed - size
            events = f"{gone} event{'s' if gone > 1 else ''}"
            said = f"the record ends with event {size}; {signed} were signed: {events} cut off"
            yield Discrepancy("truncated", size, said)

    def _compare(self) -> Iterator[Discrepancy]:
        while self._left and self._left[-1].size == self._tree.size:
            signed = self._left.pop()
            if signed.root == self._tree.root():
                if not self._rewritten:
                    self._holds_to = signed.size
            elif not self._rewritten:
                # Every later checkpoint covers the same events; one finding says it.
                self._rewritten = True
                first = self._holds_to + 1
                said = f"events {first} to {signed.size} are not those that were signed"
                yield Discrepancy("rewritten", first, said)
