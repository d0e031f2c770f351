"""What can go wrong with a store."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


class StoreError(Exception):
    """The record could not be written or read; nothing of the transaction is kept."""


class StoreFullError(StoreError):
    """There is no space for the record; writing works again once there is."""


class StoreRefusedError(Exception):
    """The file cannot serve as a store at all; the message says why and how to mend it."""


@contextlib.contextmanager
def as_recorded() -> Iterator[None]:
    """Refuse what no ledger wrote: events that cannot be read, or contradict one another."""
    try:
        yield
    except (AssertionError, KeyError, ValueError) as error:
        raise StoreError(
            f"the record was altered, `buckstop record verify` says where: "
            f"{error or type(error).__name__}"
        ) from error
