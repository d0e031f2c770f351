"""An event loop of its own for whoever reads and acts, so that the intakes never wait for them.

Drawing a board of a thousand incidents takes a while, and nothing else runs on an event loop
meanwhile. Here it is only other readers that wait.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from starlette.types import ASGIApp, Message, Scope

from buckstop.web.metered import metered

AT_ONCE = 4
"""Reads that are being answered at once; the others wait their turn."""

Receive = Callable[[], Coroutine[Any, Any, Message]]
Send = Callable[[Message], Coroutine[Any, Any, None]]
T = TypeVar("T")


class Aside:
    """The other event loop, in a thread of its own."""

    def __init__(self) -> None:
        self._loop: Future[asyncio.AbstractEventLoop] = Future()
        self._enough: asyncio.Event
        self._reads = asyncio.Semaphore(AT_ONCE)
        self._thread = threading.Thread(target=self._run, name="ledger-aside", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()
        self._loop.result()

    def stop(self) -> None:
        """End what is still being answered."""
        self._loop.result().call_soon_threadsafe(self._enough.set)
        self._thread.join()

    async def answer(
        self,
        app: ASGIApp,
        scope: Scope,
        receive: Receive,
        send: Send,
        spend: Callable[[float], None],
    ) -> None:
        """Have `app` answer there; `receive` and `send` stay here, where the connection is.

        Args:
            spend: told, here, for how many seconds of the processor; once all is answered.
        """
        here, there = asyncio.get_running_loop(), self._loop.result()
        spent = 0.0

        def note(seconds: float) -> None:
            nonlocal spent
            spent += seconds

        async def receive_here() -> Message:
            return await _over(receive(), here)

        async def answer_there() -> None:
            # Who takes the answer slowly keeps nobody else waiting for their turn.
            turn = _Turn(self._reads)

            async def send_here(message: Message) -> None:
                turn.end()
                await _over(send(message), here)

            # Acts wait for nobody: their bodies may come slowly, and each person has few.
            if scope["method"] in {"GET", "HEAD"}:
                await turn.begin()
            try:
                await metered(app(scope, receive_here, send_here), note)
            finally:
                turn.end()

        try:
            await _over(answer_there(), there)
        finally:
            spend(spent)

    def _run(self) -> None:
        asyncio.run(self._until_enough())

    async def _until_enough(self) -> None:
        self._enough = asyncio.Event()
        self._loop.set_result(asyncio.get_running_loop())
        await self._enough.wait()


class _Turn:
    def __init__(self, turns: asyncio.Semaphore) -> None:
        self._turns = turns
        self._is_ours = False

    async def begin(self) -> None:
        await self._turns.acquire()
        self._is_ours = True

    def end(self) -> None:
        if self._is_ours:
            self._is_ours = False
            self._turns.release()


async def _over(work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> T:
    """The result of `work`, done on another event loop."""
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))
