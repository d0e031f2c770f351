"""Tests about permissions, in a child where permissions count."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from pathlib import Path

NOBODY = 65534


def in_child(folder: Path, work: Callable[[], None], *, privileged: bool = False) -> None:
    """Do `work` in `folder` in a child of its own; its assertions count here.

    Root may read and write everything, so a test about permissions would pass without testing
    anything: the child gives its privileges up unless they are asked for. The folder is entered
    before that, for pytest keeps its folders closed to others.
    """
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.chdir(folder)
            if os.getuid() == 0 and not privileged:
                os.setgroups([])
                os.setresgid(NOBODY, NOBODY, NOBODY)
                os.setresuid(NOBODY, NOBODY, NOBODY)
            work()
            status = 0
        except BaseException as error:
            os.write(2, "".join(traceback.format_exception(error)).encode())
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
