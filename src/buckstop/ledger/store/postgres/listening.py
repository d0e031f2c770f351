"""Hearing at once when another server has recorded something."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import psycopg

from buckstop.ledger.store.postgres.connecting import Connection, connect

log = logging.getLogger(__name__)

WAIT_SECONDS = 0.5
"""How soon it ends when it is told to."""
AGAIN_SECONDS = 1.0


class PostgresListening:
    """A thread with a connection of its own; where that is cut, it connects again.

    What is announced meanwhile is not lost: it is on record, and the writer looks there anyway.
    """

    def __init__(self, where: str, heard: Callable[[], None]) -> None:
        self._where = where
        self._heard = heard
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger-listening", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with connect(self._where) as db:
                    self._listen(db)
            except psycopg.Error as error:
                log.info("not listening to other servers: %s", error)
                self._stopping.wait(AGAIN_SECONDS)

    def _listen(self, db: Connection) -> None:
        db.execute("LISTEN buckstop_record")
        self._heard()
        while not self._stopping.is_set():
            if any(True for _ in db.notifies(timeout=WAIT_SECONDS, stop_after=1)):
                self._heard()
