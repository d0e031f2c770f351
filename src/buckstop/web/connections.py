"""The server's connections: how many there may be, and how long each may keep us waiting.

Whoever opens connections and says nothing on them (or a byte now and then, or never takes what is
answered) must not keep out those who post alerts. So a connection that waits too long is cut; and
where there are too many, the one goes that has asked for nothing longest, never the newest.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
import select

from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTIONS = 1_000
"""The most at once; pages that listen count."""
SPARE_FILES = 64
"""Files that the process needs besides its connections."""
HEAD_SECONDS = 10.0
"""A request's line and headers must have arrived within this."""
STALL_SECONDS = 30.0
"""Within this somebody must take `STALL_BYTES` of what is answered, or all of it."""
STALL_BYTES = 8 * 1024
SWEEP_SECONDS = 1.0
LOOKED_AT = 50
"""Of so many that wait longest one is sought that has asked for nothing."""


class Connections:
    """All that are open."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._open: set[WatchedProtocol] = set()

    def admit(self, new: WatchedProtocol) -> None:
        """Take up `new`; where that is one too many, cut the one that has waited longest."""
        self._open.add(new)
        if len(self._open) > self._limit:
            waiting = [one for one in self._open if one.waiting_since is not None]
            waiting.sort(key=lambda one: one.waiting_since or 0.0)
            # Of a flood of connections many are taken up before anything is read: whoever has
            # asked already does not keep us waiting.
            silent = (one for one in waiting[:LOOKED_AT] if not one.has_unread())
            victim = next(silent, waiting[0] if waiting else new)
            self._open.discard(victim)
            victim.cut()

    def drop(self, gone: WatchedProtocol) -> None:
        """Forget one that has ended."""
        self._open.discard(gone)

    async def sweep(self) -> None:
        """Cut what keeps us waiting too long, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            now = loop.time()
            for one in [one for one in self._open if one.is_overdue(now)]:
                one.cut()


class WatchedProtocol(H11Protocol):
    """HTTP on one connection, which knows since when it keeps us waiting.

    Attributes:
        watched_by: set in a subclass for each server.
        waiting_since: while no request is being answered, since when, by the loop's clock.
    """

    watched_by: Connections
    waiting_since: float | None = None
    _head_since: float | None = None
    _unsent: tuple[int, float] = (0, 0.0)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """See asyncio.Protocol."""
        super().connection_made(transport)
        self.waiting_since = self._head_since = self.loop.time()
        self.watched_by.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        self.watched_by.drop(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self.waiting_since is not None and self._head_since is None:
            self._head_since = self.loop.time()
        super().data_received(data)
        self._note_whose_turn()

    def on_response_complete(self) -> None:
        """See H11Protocol."""
        super().on_response_complete()
        self._note_whose_turn()

    def is_overdue(self, now: float) -> bool:
        """Whether the head of a request, or the taking of an answer, is overdue."""
        if self._head_since is not None and now - self._head_since > HEAD_SECONDS:
            return True
        unsent, (before, since) = self.transport.get_write_buffer_size(), self._unsent
        if unsent == 0 or before == 0 or unsent <= before - STALL_BYTES:
            self._unsent = unsent, now
            return False
        return now - since > STALL_SECONDS

    def has_unread(self) -> bool:
        """Whether something has arrived that was not read yet."""
        asked = select.poll()
        asked.register(self.transport.get_extra_info("socket").fileno(), select.POLLIN)
        return bool(asked.poll(0))

    def cut(self) -> None:
        """End it at once; what was not taken is gone."""
        self.transport.abort()

    def _note_whose_turn(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self.waiting_since = self._head_since = None
        elif self.waiting_since is None:
            self.waiting_since = self.loop.time()


def watched(connections: Connections) -> type[WatchedProtocol]:
    """The protocol of a server whose connections are `connections`."""
    return type("_Watched", (WatchedProtocol,), {"watched_by": connections})


def connection_limit() -> int:
    """How many there may be: as many as the system lets us have files, up to `CONNECTIONS`."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        raised = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, soft - SPARE_FILES)
