"""Files as they were: a path, or what git has of one at some revision."""

from __future__ import annotations

import os
import posixpath
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from buckstop.cli.input_search import MAX_FILES
from buckstop.cli.main import CommandFailed
from buckstop.document.text import MAX_BYTES

MAX_TOTAL_BYTES: Final = 1 << 30
"""Of all files of one revision that are looked at."""
_LINK: Final = b"120000"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one state of the files lies.

    Attributes:
        path: the file or folder, or a copy of it that is thrown away.
        word: as the user named it.
        copy: the folder of the copy; None where the files themselves are read.
    """

    path: Path
    word: str
    copy: Path | None = None

    def named(self, text: str) -> str:
        """`text`, in which no file of the copy is called by a name that means nothing to people."""
        if self.copy is None:
            return text
        if self.path != self.copy:
            return text.replace(str(self.path), self.word)
        revision = self.word if ":" in self.word else f"{self.word}:"
        folder = revision if revision.endswith((":", "/")) else f"{revision}/"
        return text.replace(f"{self.copy}/", folder).replace(str(self.copy), self.word)


@contextmanager
def place_of(word: str) -> Iterator[Place]:
    """What `word` names: a path that exists, else a revision, or ``REVISION:PATH`` of git.

    A revision alone is the current folder as it was then.

    Raises:
        CommandFailed: it is neither, or git has too much of it.
    """
    if os.path.lexists(word):
        yield Place(Path(word), word)
        return
    name = _object_of(word)
    with tempfile.TemporaryDirectory(prefix="buckstop-") as folder:
        copy = Path(folder).resolve()
        if _git("cat-file", "-t", name).strip() == b"tree":
            _copy_tree(name, copy, word)
            yield Place(copy, word, copy)
        else:
            path = copy / posixpath.basename(word.partition(":")[2])
            path.write_bytes(_git("cat-file", "blob", name))
            yield Place(path, word, copy)


def _object_of(word: str) -> str:
    """The name of the tree or file that `word` means to git."""
    try:
        prefix = _git("rev-parse", "--show-prefix").decode().rstrip("\n")
    except CommandFailed as error:
        raise CommandFailed(
            f"{word} does not exist; it may be a revision, but {error.message}"
        ) from error
    wanted = word if ":" in word else f"{word}^{{commit}}:{prefix}"
    try:
        return _git("rev-parse", "--verify", "--quiet", "--end-of-options", wanted).decode().strip()
    except CommandFailed:
        raise CommandFailed(
            f"{word} is neither an existing path nor a revision of this git checkout"
            + ("" if ":" in word or not prefix else f" that has the folder {prefix}")
        ) from None


def _copy_tree(name: str, copy: Path, word: str) -> None:
    """Write the files of the tree `name` below `copy`, but for those too large to be read."""
    listed = _git("ls-tree", "-r", "-l", "-z", "--full-tree", name).split(b"\0")
    files: list[tuple[bytes, str, str]] = []
    total = 0
    for line in filter(None, listed):
        facts, _, path = line.partition(b"\t")
        mode, kind, blob, size = facts.split()
        if kind == b"blob" and int(size) <= MAX_BYTES:
            files.append((mode, blob.decode(), os.fsdecode(path)))
            total += int(size)
    if len(files) > MAX_FILES or total > MAX_TOTAL_BYTES:
        raise CommandFailed(
            f"{word} has more than {MAX_FILES:,} files or {MAX_TOTAL_BYTES >> 30} GiB; "
            "name a folder of it, such as HEAD~1:alerts"
        )
    contents = _git("cat-file", "--batch", given="".join(f"{blob}\n" for _, blob, _ in files))
    begin = 0
    for mode, _, file in files:
        head_end = contents.index(b"\n", begin)
        end = head_end + 1 + int(contents[begin:head_end].split()[2])
        _put(copy, file, mode, contents[head_end + 1 : end])
        begin = end + 1


def _put(copy: Path, path: str, mode: bytes, data: bytes) -> None:
    target = copy / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if mode != _LINK:
        target.write_bytes(data)
        return
    # A link that leads out of the copy would show a file of today's, or of somebody else's.
    end = posixpath.normpath(posixpath.join(posixpath.dirname(path), os.fsdecode(data)))
    if not end.startswith(("/", "../")) and end != "..":
        target.symlink_to(os.fsdecode(data))


def _git(*arguments: str, given: str = "") -> bytes:
    """What git prints. Raises CommandFailed with what it says where it fails."""
    try:
        done = subprocess.run(
            ["git", *arguments], check=False, input=given.encode(), capture_output=True
        )
    except FileNotFoundError:
        raise CommandFailed("git is not installed") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise CommandFailed(said[0].removeprefix("fatal: ") if said else "git finds nothing")
    return done.stdout
