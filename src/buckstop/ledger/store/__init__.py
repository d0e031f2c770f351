"""The record on disk."""

from buckstop.ledger.store.erasure import Erasure
from buckstop.ledger.store.errors import StoreError, StoreFullError, StoreRefusedError
from buckstop.ledger.store.interface import Eraser, Missed, Reader, Store, Transaction
from buckstop.ledger.store.sqlite import SqliteStore
from buckstop.ledger.store.sqlite_reader import StoreReader

__all__ = [
    "Eraser",
    "Erasure",
    "Missed",
    "Reader",
    "SqliteStore",
    "Store",
    "StoreError",
    "StoreFullError",
    "StoreReader",
    "StoreRefusedError",
    "Transaction",
]
