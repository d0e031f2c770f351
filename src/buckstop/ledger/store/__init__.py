"""The record on disk."""

from buckstop.ledger.store.sqlite import (
    SqliteStore,
    StoreError,
    StoreFullError,
    StoreReader,
    StoreRefusedError,
)

__all__ = ["SqliteStore", "StoreError", "StoreFullError", "StoreReader", "StoreRefusedError"]
