"""Files in and out: whatever stands at a path, reading ends; what is written is whole or absent."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from buckstop.diagnostics import Diagnostic, visible
from buckstop.document.codes import FILE_UNREADABLE
from buckstop.document.text import MAX_BYTES, too_large

_KINDS = (
    (stat.S_ISDIR, "is a folder, not a file"),
    (stat.S_ISFIFO, "is a named pipe, not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
)
_REASONS = {
    errno.ENOENT: "does not exist",
    errno.ENOTDIR: "does not exist: a part of its path is not a folder",
    errno.EACCES: "may not be read",
    errno.EPERM: "may not be read",
    errno.ELOOP: "is a symbolic link that leads back to itself",
    errno.ENAMETOOLONG: "has a name that is too long",
    errno.ENXIO: "is a socket or a device, not a file",
}


class NotWrittenError(Exception):
    """A file could not be written; what stood at its path before is unchanged.

    The message names the file and the reason, and is fit for a terminal.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{visible(str(path))} was not written: {reason}; what stood there before is unchanged"
        )
        self.path = path
        self.reason = reason


def load(path: Path, display: str) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """The bytes of a file, or what keeps them from being read.

    Never waits for a writer and never reads more than `MAX_BYTES`: a named pipe, a device and a
    folder are refused.

    Args:
        path: the file.
        display: the name by which the user knows it.
    """
    try:
        # Without O_NONBLOCK, opening a named pipe would wait until somebody writes to it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        return None, (unreadable(path, display, error),)
    except ValueError:
        return None, (_unreadable(display, "has a NUL character in its name"),)
    try:
        mode = os.fstat(descriptor).st_mode
        for is_kind, said in _KINDS:
            if is_kind(mode):
                return None, (_unreadable(display, said),)
        # Only now: Python refuses to make a file object of a folder.
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        return None, (unreadable(path, display, error),)
    finally:
        os.close(descriptor)
    if len(raw) > MAX_BYTES:
        return None, (too_large(display),)
    return raw, ()


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader, a crash or a full disk never meets half of it.

    The text is written to a new file beside `path`, flushed to the disk and then put in its place.
    Missing folders are made; a file that is replaced keeps its mode; a symbolic link stays one and
    its target is replaced.

    Raises:
        NotWrittenError: what stood at `path` is then unchanged.
    """
    with staged({path: text}) as put:
        put(path)


@contextlib.contextmanager
def staged(
    texts: Mapping[Path, str], progress: Callable[[int], None] = lambda _: None
) -> Iterator[Callable[[Path], None]]:
    """Several files on the disk beside their places; each takes its place when it is `put`.

    So a full disk or a folder that may not be written to is met before anything is changed. What
    was not put when the block ends is removed. Each file is written as `write_atomically` does.

    Args:
        texts: what is to stand at each path.
        progress: called with 1 for each file written.

    Yields:
        A function that puts the file of a path in its place.

    Raises:
        NotWrittenError: names the first file that could not be written or put.
    """
    waiting: dict[Path, tuple[Path, Path]] = {}
    folders: dict[Path, None] = {}

    def put(path: Path) -> None:
        temporary, target = waiting[path]
        try:
            temporary.replace(target)
        except OSError as error:
            raise NotWrittenError(path, _why_not_written(error)) from error
        del waiting[path]
        folders[target.parent] = None

    try:
        for path, text in texts.items():
            raw = text.encode("utf-8")
            try:
                target = Path(os.path.realpath(path)) if path.is_symlink() else path
                waiting[path] = (_stage(path, target, raw), target)
            except OSError as error:
                raise NotWrittenError(path, _why_not_written(error)) from error
            progress(1)
        yield put
    finally:
        for temporary, _ in waiting.values():
            with contextlib.suppress(OSError):
                temporary.unlink()
        for folder in folders:
            _flush_folder(folder)


def _stage(path: Path, target: Path, raw: bytes) -> Path:
    """A new file beside `target` that holds `raw`, on the disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        raise NotWrittenError(path, "a folder stands there")
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        with os.fdopen(descriptor, "wb") as file:
            with contextlib.suppress(FileNotFoundError):
                os.fchmod(descriptor, stat.S_IMODE(target.stat().st_mode))
            file.write(raw)
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def _flush_folder(folder: Path) -> None:
    """Make the new name durable, where the file system can do that."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def unreadable(path: Path, display: str, error: OSError) -> Diagnostic:
    """The finding for a file or folder that the system refuses to read."""
    return _unreadable(display, _why_not_read(path, error))


def _unreadable(display: str, said: str) -> Diagnostic:
    return Diagnostic(FILE_UNREADABLE, f"{display} {said}")


def _why_not_read(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOENT and path.is_symlink():
        return "is a symbolic link to a file that does not exist"
    code = error.errno or 0
    return _REASONS.get(code) or f"cannot be read: {os.strerror(code)}"


def _why_not_written(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "the disk is full"
        case errno.EROFS:
            return "the file system is read-only"
        case errno.EACCES | errno.EPERM:
            return "the folder may not be written to"
        case errno.ENOTDIR | errno.EEXIST:
            return "a part of its path is not a folder"
        case code:
            return os.strerror(code or 0)
