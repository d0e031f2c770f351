"""What can go wrong with a store."""

from __future__ import annotations


class StoreError(Exception):
    """The record could not be written or read; nothing of the transaction is kept."""


class StoreFullError(StoreError):
    """There is no space for the record; writing works again once there is."""


class StoreRefusedError(Exception):
    """The file cannot serve as a store at all; the message says why and how to mend it."""
