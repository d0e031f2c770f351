"""Reading a charter from disk: the one place in this package that touches files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from buckstop import document
from buckstop.charter import codes
from buckstop.charter.beside import hint_beside
from buckstop.charter.folder import (
    MAX_FILES,
    is_like_part,
    is_like_part_text,
    is_part,
    yaml_files,
)
from buckstop.charter.gather import gather
from buckstop.charter.model import Charter, CharterFile
from buckstop.charter.resolve import resolve
from buckstop.diagnostics import Diagnostic, Related, Span, has_errors
from buckstop.document import Mapping as Tree
from buckstop.document import Node, parse, shown_text
from buckstop.document.codes import UNREAD

_OF_ABSENCE = frozenset(
    {
        codes.TEAM_UNKNOWN,
        codes.SEVERITY_UNKNOWN,
        codes.MODEL_UNKNOWN,
        codes.PROFILE_UNKNOWN,
        codes.OTHERWISE_MISSING,
        codes.DECISION_HOLE,
        codes.DECISION_OWNER_MISSING,
        codes.TEAM_UNREACHED,
        codes.ALERT_ENTRY_DEAD,
    }
)
"""Findings that say that something is nowhere in the charter."""


class Loaded(NamedTuple):
    """What reading a charter came to.

    Attributes:
        charter: None where there are errors. Its spans are relative to the charter's folder.
        diagnostics: their spans name files as `path` was given, ready to be shown.
        sources: text by file name, under both names, secrets that were written out blotted.
    """

    charter: Charter | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _File:
    """A part of the charter: its name within the charter, and what it holds."""

    name: str
    raw: bytes
    roots: tuple[Node | None, ...]


def load(path: Path, today: date) -> Loaded:
    """Read the charter at `path`, a folder or one file, as it holds on `today`.

    Which files of a folder belong to it: `buckstop.charter.folder`. Never raises for what stands
    in the files.
    """
    found: list[Diagnostic] = []
    is_folder = path.is_dir()
    root = path if is_folder else path.parent
    files = list(_parts(path, found) if is_folder else _named(path, found))
    if not files and not has_errors(found):
        found.append(_nothing_found(path))
    if not files:
        return Loaded(None, rooted(found, root), {})
    charter, wrong = _read(files, today)
    if any(one.code in UNREAD or one.code is codes.CHARTER_FOLDER_TOO_LARGE for one in found):
        # What is not there may stand in the part that could not be read.
        wrong = tuple(one for one in wrong if one.code not in _OF_ABSENCE)
    elif not is_folder:
        wrong = hint_beside(path, wrong)
    found += wrong
    if has_errors(found):
        charter = None
    sources = _sources(files, found)
    return Loaded(
        charter,
        rooted(found, root),
        {**{_shown(root, name): text for name, text in sources.items()}, **sources},
    )


def read(files: Mapping[str, str], today: date) -> tuple[Charter | None, tuple[Diagnostic, ...]]:
    """Read a charter from texts by file name; all of them are parts of it."""
    parsed = {name: parse(text, name) for name, text in sorted(files.items())}
    wrong = [one for result in parsed.values() for one in result.diagnostics]
    parts = [_File(name, files[name].encode(), result.roots) for name, result in parsed.items()]
    charter, found = _read(parts, today)
    found = (*wrong, *found)
    return (None if has_errors(found) else charter), found


def rooted(diagnostics: Iterable[Diagnostic], root: Path) -> tuple[Diagnostic, ...]:
    """The findings with files named as they are reached through `root`."""

    def moved(span: Span) -> Span:
        return span._replace(file=_shown(root, span.file))

    return tuple(
        replace(
            one,
            span=moved(one.span) if one.span else None,
            related=tuple(Related(moved(other.span), other.message) for other in one.related),
        )
        for one in diagnostics
    )


def _read(files: list[_File], today: date) -> tuple[Charter | None, tuple[Diagnostic, ...]]:
    found: list[Diagnostic] = []
    roots: list[Tree] = []
    for file in files:
        for root in file.roots:
            if isinstance(root, Tree):
                roots.append(root)
            elif root is not None:
                found.append(
                    Diagnostic(
                        codes.VALUE_INVALID,
                        "a charter holds keys such as `teams:` and `accountability:`",
                        root.span,
                    )
                )
    start = Span(files[0].name, 1, 1, 1, 1)
    gathered, wrong = gather(roots, start)
    found += wrong
    digest = hashlib.sha256()
    entries = []
    for file in files:
        sha256 = hashlib.sha256(file.raw).hexdigest()
        entries.append(CharterFile(file.name, sha256))
        digest.update(f"{sha256}  {file.name}\n".encode())
    charter, wrong = resolve(gathered, tuple(entries), f"sha256:{digest.hexdigest()}", today)
    return charter, (*found, *wrong)


def _named(path: Path, found: list[Diagnostic]) -> Iterator[_File]:
    raw, wrong = document.load(path, str(path))
    found += wrong
    if raw is None:
        return
    name = _text(path.name)
    parsed = parse(raw, name)
    found += parsed.diagnostics
    yield _File(name, raw, parsed.roots)


def _parts(folder: Path, found: list[Diagnostic]) -> Iterator[_File]:
    def note_unreadable(error: OSError) -> None:
        below = str(error.filename)
        found.append(document.unreadable(Path(below), below, error))

    for number, path in enumerate(yaml_files(folder, note_unreadable), 1):
        if number > MAX_FILES:
            found.append(_too_many(folder))
            return
        name = _text(path.relative_to(folder).as_posix())
        raw, wrong = document.load(path, str(path))
        if raw is None:
            # It may hold the very rows that decide, so what cannot be read cannot be passed over.
            found += wrong
            continue
        parsed = parse(raw, name)
        roots = tuple(root for root in parsed.roots if root is not None)
        if any(is_part(root) for root in roots) or (
            has_errors(parsed.diagnostics) and is_like_part_text(raw)
        ):
            found += parsed.diagnostics
            yield _File(name, raw, roots)
        elif any(is_like_part(root) for root in roots):
            found.append(_ignored(roots[0].span))


def _too_many(folder: Path) -> Diagnostic:
    return Diagnostic(
        codes.CHARTER_FOLDER_TOO_LARGE,
        f"more than {MAX_FILES:,} YAML files lie below {folder}; the rest is not read",
        hint="name the charter's own folder, or its file",
    )


def _ignored(span: Span) -> Diagnostic:
    return Diagnostic(
        codes.CHARTER_FILE_IGNORED,
        "this file has the keys of a charter, but nothing under them that a charter holds, and "
        "is not read",
        span._replace(end_line=span.line, end_column=span.column),
        hint="`teams`, `models`, `profiles` hold names; `accountability`, `alerts` hold lists",
    )


def _nothing_found(path: Path) -> Diagnostic:
    return Diagnostic(
        codes.CHARTER_NOT_FOUND,
        f"no file in {path} is a part of a charter",
        hint=f"`buckstop init {path}` writes one to start from",
    )


def _sources(files: Iterable[_File], found: Iterable[Diagnostic]) -> dict[str, str]:
    """The files' texts, with every secret that was written out blotted.

    A finding shows the line it stands in, in terminals and in logs of builds.
    """
    texts = {file.name: shown_text(file.raw) for file in files}
    for one in found:
        if one.code is codes.SECRET_INLINE and one.span is not None and one.span.file in texts:
            texts[one.span.file] = _blotted(texts[one.span.file], one.span)
    return texts


def _blotted(text: str, span: Span) -> str:
    lines = text.split("\n")
    for number in range(span.line, min(span.end_line, len(lines)) + 1):
        line = lines[number - 1]
        start = span.column - 1 if number == span.line else 0
        end = span.end_column - 1 if number == span.end_line else len(line)
        lines[number - 1] = line[:start] + "•" * (end - start) + line[end:]
    return "\n".join(lines)


def _shown(root: Path, name: str) -> str:
    return _text((root / name).as_posix())


def _text(path: str) -> str:
    """A path as text that generated files can hold: bytes that are no UTF-8 become ``?``."""
    return path.encode("utf-8", "replace").decode("utf-8")
