"""Server-sent events: tells open pages that the record has grown, so that they fetch anew."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable

STREAMS = 500
"""The most pages that listen at once."""
STREAMS_OF_PERSON = 50
"""The most of one person, who so cannot keep the others from listening."""
HEARTBEAT_SECONDS = 10.0


class Hub:
    """Wakes every listening page; used from the event loop, but for `announce`."""

    def __init__(self) -> None:
        self._position = 0
        self._changed = asyncio.Event()
        self._closed = False
        self._loop = asyncio.get_running_loop()
        self._listening: Counter[str] = Counter()

    @property
    def position(self) -> int:
        """Where the record ends, as last announced."""
        return self._position

    def has_room(self, person: str) -> bool:
        """Whether a further page of `person` can listen."""
        return self._listening[person] < STREAMS_OF_PERSON and self._listening.total() < STREAMS

    def announce(self, position: int) -> None:
        """The record now ends at `position`; from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._announced, position)

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self._closed = True
        self._changed.set()

    async def stream(self, person: str, may_listen: Callable[[], bool]) -> AsyncIterator[bytes]:
        """One page's stream: where the record ends, at once and whenever it grows.

        It ends once its reader may no longer listen.
        """
        self._listening[person] += 1
        try:
            yield b"retry: 2000\n\n"
            told = None
            while not self._closed and may_listen():
                if told != self._position:
                    told = self._position
                    yield f"id: {told}\nevent: changed\ndata: {told}\n\n".encode()
                changed = self._changed
                try:
                    await asyncio.wait_for(changed.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield b"event: alive\ndata: \n\n"
        finally:
            self._listening[person] -= 1

    def _announced(self, position: int) -> None:
        self._position = position
        self._changed.set()
        if not self._closed:
            self._changed = asyncio.Event()
