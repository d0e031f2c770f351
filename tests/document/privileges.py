"""Tests about permissions and full disks: children without privileges, file systems to fill."""

from __future__ import annotations

import contextlib
import ctypes
import os
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

NOBODY = 65534
MS_NODEV = 4


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


@contextlib.contextmanager
def tiny_disk(folder: Path, size_kib: int) -> Iterator[None]:
    """A file system of so many KiB on `folder`; the test is skipped where none may be mounted."""
    libc = ctypes.CDLL(None, use_errno=True)
    size = f"size={size_kib}k".encode()
    if libc.mount(b"none", bytes(folder), b"tmpfs", MS_NODEV, size) != 0:
        pytest.skip(f"no file system may be mounted here: {os.strerror(ctypes.get_errno())}")
    try:
        yield
    finally:
        libc.umount(bytes(folder))
