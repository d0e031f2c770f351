"""A word on the terminal while something takes longer than a second."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console

PATIENCE_SECONDS: Final = 1.0
"""What is done sooner shows nothing, so that quick commands do not flicker."""


@contextmanager
def said_if_slow(what: str, console: Console | None = None) -> Iterator[None]:
    """Show `what` with a spinner on standard error until the block ends, if that takes long.

    Nothing is shown where standard error is no terminal.
    """
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    status = console.status(what)
    timer = threading.Timer(PATIENCE_SECONDS, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()
