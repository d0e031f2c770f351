"""Wait for a condition, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import httpx

from buckstop.servers.failures import NotInTime

FIRST_PAUSE_SECONDS = 0.01
LONGEST_PAUSE_SECONDS = 0.1

Value = TypeVar("Value")


def await_until(condition: Callable[[], Value], timeout_seconds: float, what: str) -> Value:
    """Ask `condition` until its value is true, and return that value.

    A connection that fails counts as "not yet". Raises NotInTime, which says `what` was awaited
    and the last value or error seen.
    """
    end = time.monotonic() + timeout_seconds
    pause = FIRST_PAUSE_SECONDS
    while True:
        try:
            value = condition()
            if value:
                return value
            seen = repr(value)
        except (httpx.TransportError, OSError) as error:
            seen = f"{type(error).__name__}: {error}"
        if time.monotonic() >= end:
            raise NotInTime(f"{what}: not within {timeout_seconds:g} s; last seen: {seen}")
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
