"""Files are read whatever stands there, and written whole or not at all."""

from __future__ import annotations

import errno
import os
import resource
import signal
import socket
import stat
from pathlib import Path

import pytest
from tests.document.privileges import in_child, tiny_disk

from buckstop.document import NotWrittenError, load, staged, write_atomically


def said(path: Path) -> str:
    raw, diagnostics = load(path, "rules.yml")
    assert raw is None
    (finding,) = diagnostics
    assert finding.code.name == "file-unreadable"
    return finding.message


def test_bytes_are_read(tmp_path: Path) -> None:
    """A file is what it is, unchanged; a link to a file is that file."""
    path = tmp_path / "with space\nand \udcff.yml"
    path.write_bytes(b"a: \xff\r\n")
    (tmp_path / "link").symlink_to(path)
    assert load(path, "x") == (b"a: \xff\r\n", ())
    assert load(tmp_path / "link", "x") == (b"a: \xff\r\n", ())


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    """A folder, a missing file, a dangling link, a loop, a socket, a device, a name with NUL."""
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        assert said(tmp_path / "socket") == "rules.yml is a socket or a device, not a file"
    assert said(tmp_path) == "rules.yml is a folder, not a file"
    assert said(tmp_path / "nothing") == "rules.yml does not exist"
    assert "symbolic link to a file that does not exist" in said(tmp_path / "dangling")
    assert "leads back to itself" in said(tmp_path / "loop")
    assert said(tmp_path / "dangling" / "x") == "rules.yml does not exist"
    assert said(tmp_path / ("x" * 300)) == "rules.yml has a name that is too long"
    assert said(tmp_path / "a\0b") == "rules.yml has a NUL character in its name"
    assert said(Path("/dev/zero")) == "rules.yml is a device, not a file"


@pytest.mark.timeout(10)
def test_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    """A pipe that nobody writes to does not make the command hang."""
    os.mkfifo(tmp_path / "pipe")
    assert said(tmp_path / "pipe") == "rules.yml is a named pipe, not a file"


def test_forbidden_file_is_named(tmp_path: Path) -> None:
    """Without the permission to read, the finding says so; the file beside it is read."""
    for name, mode in (("open.yml", 0o644), ("secret.yml", 0)):
        (tmp_path / name).write_text("a: 1")
        (tmp_path / name).chmod(mode)

    def work() -> None:
        assert load(Path("open.yml"), "x") == (b"a: 1", ())
        assert said(Path("secret.yml")) == "rules.yml may not be read"

    tmp_path.chmod(0o755)
    in_child(tmp_path, work)


def test_too_large_file_is_refused(tmp_path: Path) -> None:
    """A sparse file of a terabyte is not read into memory."""
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    raw, diagnostics = load(path, "huge.yml")
    assert raw is None
    assert [d.code.name for d in diagnostics] == ["file-too-large"]


def test_text_is_written_and_replaces_what_was_there(tmp_path: Path) -> None:
    """Folders are made, the mode of the old file is kept, and no temporary file is left."""
    path = tmp_path / "a" / "b" / "rules.yml"
    write_atomically(path, "模型\n")
    assert path.read_text(encoding="utf-8") == "模型\n"
    path.chmod(0o640)
    write_atomically(path, "new\n")
    assert path.read_text() == "new\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [entry.name for entry in path.parent.iterdir()] == ["rules.yml"]


def test_link_stays_a_link(tmp_path: Path) -> None:
    """Who links a file to where it really lives finds the new text there."""
    (tmp_path / "real.yml").write_text("old")
    (tmp_path / "link.yml").symlink_to("real.yml")
    write_atomically(tmp_path / "link.yml", "new")
    assert (tmp_path / "link.yml").is_symlink()
    assert (tmp_path / "real.yml").read_text() == "new"


def test_folder_in_the_way_is_named(tmp_path: Path) -> None:
    """A folder where the file should go, and a file where a folder should be."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotWrittenError, match="a folder stands there"):
        write_atomically(tmp_path / "folder", "x")
    with pytest.raises(NotWrittenError, match="not a folder"):
        write_atomically(tmp_path / "file" / "x", "x")
    assert (tmp_path / "file").read_text() == "x"


def test_read_only_folder_is_named_and_keeps_its_files(tmp_path: Path) -> None:
    """Where nothing may be written, the old file is whole and the reason is said."""
    folder, open_folder = tmp_path / "out", tmp_path / "open"
    for made in (folder, open_folder):
        made.mkdir()
    (folder / "rules.yml").write_text("old")
    tmp_path.chmod(0o755)
    folder.chmod(0o555)
    open_folder.chmod(0o777)

    def work() -> None:
        write_atomically(Path("open/rules.yml"), "new")
        with pytest.raises(
            NotWrittenError, match="may not be written to; what stood there before is unchanged"
        ):
            write_atomically(Path("out/rules.yml"), "new")
        with pytest.raises(NotWrittenError, match="may not be written to"):
            write_atomically(Path("out/new/rules.yml"), "new")

    in_child(tmp_path, work)
    assert (open_folder / "rules.yml").read_text() == "new"
    assert (folder / "rules.yml").read_text() == "old"
    assert [entry.name for entry in folder.iterdir()] == ["rules.yml"]


def test_write_that_fails_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    """The kernel stops a real write after 4 KiB: the old text stays, and nothing half-written."""
    path = tmp_path / "rules.yml"
    path.write_text("old")

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        with pytest.raises(NotWrittenError, match="File too large"):
            write_atomically(path, "x" * 100_000)

    in_child(tmp_path, work, privileged=True)
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["rules.yml"]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EROFS, "the file system is read-only"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_disk_trouble_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    """What the disk answers when the bytes are flushed reaches the user in words."""
    path = tmp_path / "rules.yml"
    path.write_text("old")

    def failing(_: int) -> None:
        raise OSError(number, "as the kernel says")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(NotWrittenError) as caught:
        write_atomically(path, "new")
    assert (
        str(caught.value)
        == f"{path} was not written: {reason}; what stood there before is unchanged"
    )
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["rules.yml"]


def test_files_staged_together_are_all_written_or_none(tmp_path: Path) -> None:
    """Where the second cannot be written the first keeps its text, and nothing is left over."""
    first, second = tmp_path / "routes.yml", tmp_path / "rules.yml"
    first.write_text("old")
    second.mkdir()
    with (
        pytest.raises(NotWrittenError, match=r"rules\.yml was not written"),
        staged({first: "new", second: "new"}) as put,
    ):
        put(first)
    assert first.read_text() == "old"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["routes.yml", "rules.yml"]


def test_staged_file_takes_its_place_when_it_is_put(tmp_path: Path) -> None:
    """The order in which files change is the caller's; what was not put is not there."""
    first, second = tmp_path / "a.yml", tmp_path / "b.yml"
    done: list[int] = []
    with staged({first: "a", second: "b"}, done.append) as put:
        assert not first.exists()
        put(second)
        assert second.read_text() == "b"
    assert [entry.name for entry in tmp_path.iterdir()] == ["b.yml"]
    assert done == [1, 1]


def test_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """On a real file system of 64 KiB that is full, the old text stays whole."""
    with tiny_disk(tmp_path, size_kib=64):
        path = tmp_path / "rules.yml"
        path.write_text("old")
        with pytest.raises(NotWrittenError, match="the disk is full"):
            write_atomically(path, "x" * 200_000)
        assert path.read_text() == "old"
        assert [entry.name for entry in tmp_path.iterdir()] == ["rules.yml"]
