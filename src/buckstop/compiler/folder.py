"""A build on disk: what differs from it, and writing it without touching what others own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from buckstop.compiler.build import MANIFEST_FILE, RULES_FOLDER, Build, test_path
from buckstop.compiler.manifest_json import ManifestError, read_manifest
from buckstop.document import NotWrittenError, load, staged

Change = Literal["missing", "different", "stale"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A file in which a folder is not what the charter compiles to.

    Attributes:
        path: relative to the folder.
        change: ``stale`` is a file of a former build that this one no longer has.
    """

    path: str
    change: Change


def differences(build: Build, folder: Path) -> tuple[Difference, ...]:
    """Where `folder` is not `build`. Files that no build wrote are nobody's business here."""
    found = [
        Difference(path, change)
        for path, text in build.files.items()
        if (change := _change(folder / path, text)) is not None
    ]
    found += [
        Difference(path, "stale")
        for path in former_files(folder)
        if path not in build.files and (folder / path).exists()
    ]
    return tuple(sorted(found, key=lambda one: one.path))


def write(
    build: Build,
    folder: Path,
    changed: tuple[Difference, ...],
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Make `folder` what `build` is, given what is `changed`.

    Nothing is changed unless all of it can be written: routes of today beside rules of yesterday
    would send an alert to the wrong team. The manifest takes its place last: until then the former
    one still tells which files are whose, so an interrupted run is completed by the next.

    Args:
        progress: called with 1 for each file done.

    Raises:
        NotWrittenError: a file could not be written or removed.
    """
    kept = [one.path for one in changed if one.change != "stale"]
    stale = [one.path for one in changed if one.change == "stale"]
    texts = {folder / path: build.files[path] for path in kept}
    manifest = folder / MANIFEST_FILE
    with staged(texts, progress) as put:
        for path in texts:
            if path != manifest:
                put(path)
        for name in stale:
            _remove(folder / name)
            progress(1)
        if manifest in texts:
            put(manifest)


def former_files(folder: Path) -> Iterator[str]:
    """The rule files and tests that the build in `folder` says it wrote; none where none is there.

    Only names of the form that a build gives are believed: the file may have been edited.
    """
    raw, _ = load(folder / MANIFEST_FILE, MANIFEST_FILE)
    if raw is None:
        return
    try:
        manifest = read_manifest(raw.decode("utf-8"))
    except (UnicodeDecodeError, ManifestError):
        return
    for path in sorted({alert.rule_file for alert in manifest.alerts}):
        name = PurePosixPath(path)
        if name.parent == PurePosixPath(RULES_FOLDER) and name.suffix == ".yml":
            yield path
            yield test_path(name.stem)


def _change(path: Path, text: str) -> Change | None:
    # What cannot be read is written anew, and that says what is wrong with it.
    raw, _ = load(path, str(path))
    if raw is None:
        return "different" if os.path.lexists(path) else "missing"
    return None if raw == text.encode() else "different"


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise NotWrittenError(path, f"it cannot be removed: {error.strerror}") from error
