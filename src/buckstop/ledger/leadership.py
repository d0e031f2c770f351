"""Which of several servers acts by itself: expires leases, carries handovers out, reconciles.

The store's session holds the database's lock, and what a leader records it records in that same
session: whoever has lost the lock can record nothing as a leader. Outside of the record nothing
fences it, so there time does. A leader's word holds for a few seconds after the database last
confirmed it, by a clock that goes on while the process is stopped; and a new leader waits for so
long before it begins.
"""

from __future__ import annotations

import time
from collections.abc import Callable

HOLDS_SECONDS = 4.0
"""So long a confirmed leader leads, unless it is confirmed again; the database gives the lock of a
silent server to another only after more."""


class Leadership:
    """Whether this server leads; for any thread to ask, and for the writer's to say.

    Before each act on the outside ask `leads`. `listen` tells of changes, but nobody tells a
    process that was stopped.

    Args:
        alone: no other server can have the store, so there is nobody to wait for.
        clock: seconds that never go back.
    """

    def __init__(self, *, alone: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._wait_seconds = 0.0 if alone else HOLDS_SECONDS
        self._clock = clock
        self._from: float | None = None
        self._until = 0.0
        self._was_told = False
        self._listeners: list[Callable[[], None]] = []

    @property
    def leads(self) -> bool:
        """Whether this server may act by itself now."""
        began = self._from
        return began is not None and began <= self._clock() < self._until

    def listen(self, told: Callable[[], None]) -> None:
        """Have `told` called, in the writer's thread, when `leads` has changed."""
        self._listeners.append(told)

    def confirmed(self, asked_at: float) -> None:
        """The database confirms that this server leads; it was asked at `asked_at`."""
        if self._from is None:
            self._from = asked_at + self._wait_seconds
        self._until = asked_at + HOLDS_SECONDS
        self._tell()

    def lost(self) -> None:
        """Another server may lead from now on."""
        self._from = None
        self._tell()

    def _tell(self) -> None:
        now_leads = self.leads
        if now_leads != self._was_told:
            self._was_told = now_leads
            for told in self._listeners:
                told()
