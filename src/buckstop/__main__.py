"""The program: ``buckstop``, and ``python -m buckstop``."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from typing import NoReturn

from buckstop.cli import main


def run() -> NoReturn:
    """Run the command line, and end without taking apart what the system takes back anyway.

    Python frees a hundred thousand rules one by one at its end, which takes a second. For the same
    reason it does not look for cycles: what a command reads it needs to its end.
    """
    gc.disable()
    try:
        main()
        status = 0
    except SystemExit as ending:
        if not isinstance(ending.code, int | None):
            raise
        status = ending.code or 0
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    os._exit(_flushed() or status)


def _flushed() -> int:
    """Have written what is held back; 2 where that fails, as for all that the system refuses."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except BrokenPipeError:
        return 0
    except OSError as error:
        os.write(2, f"Error: {error.strerror or error}\n".encode())
        return 2
    return 0


if __name__ == "__main__":
    run()
