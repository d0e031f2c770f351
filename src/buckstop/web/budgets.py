"""How much of the ledger each may have, so that nobody leaves nothing for the others.

Readers pay for the processor time that they cause. Acts are counted, for each waits for the disk.
Whoever shows no valid token pays by address. The intakes do not pay: they have an event loop to
themselves (see `aside`). Where the ledger is open nobody pays: all who reach it are the user that
runs it.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

KEYS = 10_000
"""The most that are told apart in one budget; those unheard of longest are forgotten, all paid."""
READS_AT_ONCE = 16
"""The most requests of one reader that are being answered or wait for that."""
REQUEST_SECONDS = 0.002
"""What a request costs beside what is measured."""


@dataclass
class Budget:
    """What may be spent, told apart by key; it grows back with time.

    Args:
        each_second: what grows back in a second.
        most: what is there at first, and never more.
    """

    each_second: float
    most: float
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait_seconds(self, key: str) -> float:
        """0 where `key` has something left, else until it has."""
        left = self._now(key)
        return 0.0 if left > 0 else max(-left, 1e-3) / self.each_second

    def spend(self, key: str, amount: float) -> None:
        """Take `amount`; beyond what is left it is owed, though never more than `most`."""
        left = max(self._now(key) - amount, -self.most)
        self._left[key] = left, self.clock()
        self._left.move_to_end(key)
        if len(self._left) > KEYS:
            self._left.popitem(last=False)

    def charge(self, key: str) -> float:
        """Take 1 and return 0; where nothing is left, take nothing and return the wait."""
        wait_seconds = self.wait_seconds(key)
        if not wait_seconds:
            self.spend(key, 1.0)
        return wait_seconds

    def _now(self, key: str) -> float:
        left, at = self._left.get(key, (self.most, 0.0))
        return min(self.most, left + (self.clock() - at) * self.each_second)


@dataclass
class Budgets:
    """The budgets of one server."""

    reader: Budget = field(default_factory=lambda: Budget(0.25, 5.0))
    """Seconds of the processor that one reader may cause, in each second."""
    actor: Budget = field(default_factory=lambda: Budget(5.0, 50.0))
    """Acts of one person."""
    stranger: Budget = field(default_factory=lambda: Budget(20.0, 200.0))
    """Requests without a valid token from one address."""
    _reading: Counter[str] = field(default_factory=Counter)

    def reading_wait_seconds(self, person: str) -> float:
        """How long `person` must wait until they may read again; 0: they may now."""
        return 1.0 if self._reading[person] >= READS_AT_ONCE else self.reader.wait_seconds(person)

    @contextmanager
    def reading(self, person: str) -> Iterator[Callable[[float], None]]:
        """While a request of `person` is answered; what is yielded has them pay for it."""
        self._reading[person] += 1
        try:
            yield lambda seconds: self.reader.spend(person, seconds + REQUEST_SECONDS)
        finally:
            self._reading[person] -= 1
            if not self._reading[person]:
                del self._reading[person]
