"""How long a coroutine holds the processor, whatever else its event loop does between its steps."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Coroutine, Generator
from types import coroutine
from typing import Any


async def metered(work: Awaitable[None], note: Callable[[float], None]) -> None:
    """Do `work`, telling `note` of each stretch for which it holds the thread's processor."""

    async def whole() -> None:
        await work

    await _stepwise(whole(), note)


@coroutine
def _stepwise(
    inner: Coroutine[Any, Any, None], note: Callable[[float], None]
) -> Generator[Any, Any, None]:
    sent: Any = None
    error: BaseException | None = None
    while True:
        began = time.thread_time()
        try:
            awaited = inner.send(sent) if error is None else inner.throw(error)
        except StopIteration:
            return
        finally:
            note(time.thread_time() - began)
        sent = error = None
        try:
            sent = yield awaited
        except GeneratorExit:
            inner.close()
            raise
        except BaseException as raised:  # whatever it is, it is for `inner`
            error = raised
