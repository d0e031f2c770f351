"""A verification of a store, whatever its database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from buckstop.ledger.record.chain import Head
from buckstop.ledger.record.checkpoint import Checkpoint
from buckstop.ledger.record.discrepancy import Discrepancy
from buckstop.ledger.record.verification import Verification
from buckstop.ledger.store.rows import columns_of, incident_row


class StoreVerification(ABC):
    """One verification of one store."""

    def __init__(self, checkpoints: Sequence[Checkpoint]) -> None:
        self._verification = Verification(checkpoints, incident_row, columns_of)

    @property
    def head(self) -> Head:
        """Where the record ends, once `run` is through."""
        return self._verification.head

    @property
    def events(self) -> int:
        """How many events were verified so far."""
        return self._verification.events

    @property
    def signed_to(self) -> int:
        """Up to which event the record is what was signed of it."""
        return self._verification.signed_to

    @abstractmethod
    def run(self) -> Iterator[Discrepancy]:
        """Everything that is wrong, as of one moment; closes the store."""
