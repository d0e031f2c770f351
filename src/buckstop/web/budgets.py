"""How much of the ledger each may have, so that no reader keeps an alert from being taken in.

Readers pay for the processor time that they cause, each for themselves and all together; the
intakes do not pay, so half of the processor is always theirs. Acts are counted, for each waits for
the disk. Whoever shows no valid token pays by address. Where the ledger is open nobody pays: all
who reach it are the user that runs it.
"""

from __future__ import annotations

import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass, field
from types import coroutine
from typing import Any

KEYS = 10_000
"""The most that are told apart in one budget; those unheard of longest are forgotten, all paid."""
READS_AT_ONCE = 64
"""The most requests of one reader that are being answered; open pages that listen count."""


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
    readers: Budget = field(default_factory=lambda: Budget(0.5, 5.0))
    """The same of all readers together."""
    actor: Budget = field(default_factory=lambda: Budget(5.0, 50.0))
    """Acts of one person."""
    stranger: Budget = field(default_factory=lambda: Budget(20.0, 200.0))
    """Requests without a valid token from one address."""
    _reading: Counter[str] = field(default_factory=Counter)

    def reading_wait_seconds(self, person: str) -> float:
        """How long `person` must wait until they may read again; 0: they may now."""
        if self._reading[person] >= READS_AT_ONCE:
            return 1.0
        return max(self.reader.wait_seconds(person), self.readers.wait_seconds(""))

    async def reading(self, person: str, answering: Coroutine[Any, Any, None]) -> None:
        """Run `answering`, and have `person` pay for its time on the processor."""

        def spend(seconds: float) -> None:
            self.reader.spend(person, seconds)
            self.readers.spend("", seconds)

        self._reading[person] += 1
        try:
            await _timed(answering, spend)
        finally:
            self._reading[person] -= 1
            if not self._reading[person]:
                del self._reading[person]


@coroutine
def _timed(
    inner: Coroutine[Any, Any, None], spend: Callable[[float], None]
) -> Generator[Any, Any, None]:
    """Run `inner`, telling `spend` of each stretch for which it holds the event loop."""
    step = _sender(inner, None)
    while True:
        began = time.thread_time()
        try:
            awaited = step()
        except StopIteration:
            return
        finally:
            spend(time.thread_time() - began)
        try:
            sent = yield awaited
        except GeneratorExit:
            inner.close()
            raise
        except BaseException as error:  # whatever it is, it is for `inner`
            step = _thrower(inner, error)
        else:
            step = _sender(inner, sent)


def _sender(inner: Coroutine[Any, Any, None], value: Any) -> Callable[[], Any]:
    return lambda: inner.send(value)


def _thrower(inner: Coroutine[Any, Any, None], error: BaseException) -> Callable[[], Any]:
    return lambda: inner.throw(error)
