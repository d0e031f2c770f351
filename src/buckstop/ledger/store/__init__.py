"""The record on disk."""

from buckstop.ledger.store.sqlite import SqliteStore, StoreError, StoreFullError, StoreRefusedError

__all__ = ["SqliteStore", "StoreError", "StoreFullError", "StoreRefusedError"]
