"""Which files a command works on: found by content in the paths given, or named."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from buckstop.cli.main import CommandFailed
from buckstop.diagnostics import Diagnostic
from buckstop.document import Mapping, load, parse_one
from buckstop.document.codes import FILE_UNREADABLE
from buckstop.document.text import MAX_BYTES

Kind = Literal["charter", "rules", "alertmanager", "prometheus", "manifest", "objects"]

MAX_FILES: Final = 50_000
"""Files and folders that are looked at under the paths given."""
MAX_DEPTH: Final = 40
"""Folders below a path that are entered."""
MANIFEST_NAME: Final = "accountability.json"
STANDARD_INPUT: Final = Path("-")
"""As a path: what another program pipes in, any mix of documents."""
CHART_NAME: Final = "Chart.yaml"
TEMPLATES_FOLDER: Final = "templates"
"""Of a Helm chart: what stands there is no YAML before it is rendered."""
SUFFIXES: Final = frozenset({".yml", ".yaml", ".rules"})
SKIPPED_FOLDERS: Final = frozenset({"node_modules", "vendor", "venv", "site-packages"})
"""Folders that hold other people's files; hidden ones and ``__pycache__`` are skipped too."""

_TOP_LEVEL_KEY: Final = re.compile(rb"^[\"']?([A-Za-z_]+)[\"']?[ \t]*:", re.MULTILINE)
_NOUNS: Final[dict[Kind, str]] = {
    "charter": "charter",
    "rules": "rule file",
    "alertmanager": "alertmanager.yml",
    "prometheus": "prometheus.yml",
    "manifest": MANIFEST_NAME,
    "objects": "Kubernetes manifest",
}


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read whole.

    Attributes:
        display: the name by which the user knows it.
    """

    path: Path
    display: str
    kind: Kind
    data: bytes

    @property
    def text(self) -> str:
        """For excerpts; what is no UTF-8 is shown as a replacement character."""
        return self.data.decode("utf-8-sig", errors="replace")

    @property
    def sha256(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Named:
    """Files that the user names by kind; a kind that is named is not searched for."""

    rules: tuple[Path, ...] = ()
    alertmanager: Path | None = None
    prometheus: Path | None = None
    charter: Path | None = None

    @property
    def any(self) -> bool:
        """Whether anything is named."""
        return bool(self.rules or self.alertmanager or self.prometheus or self.charter)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a command works on.

    Attributes:
        objects: files of Kubernetes objects, and what was piped in.
        charter: the file or folder to load as a charter, or None.
        findings: about files that hold nothing that can be taken for one kind or another.
        unread: why files and folders could not be read at all.
    """

    rules: tuple[InputFile, ...]
    alertmanager: InputFile | None
    prometheus: InputFile | None
    manifest: InputFile | None
    objects: tuple[InputFile, ...]
    charter: Path | None
    findings: tuple[Diagnostic, ...]
    unread: tuple[Diagnostic, ...]

    @property
    def files(self) -> tuple[InputFile, ...]:
        """All but the charter's, which the charter itself lists."""
        single = (self.alertmanager, self.prometheus, self.manifest)
        return (*self.rules, *(file for file in single if file is not None), *self.objects)

    @property
    def said(self) -> str:
        """What was found, for people: ``1 rule file, 1 alertmanager.yml``."""
        counts: list[tuple[int, Kind]] = [
            (int(self.charter is not None), "charter"),
            (len(self.rules), "rules"),
            (int(self.alertmanager is not None), "alertmanager"),
            (int(self.prometheus is not None), "prometheus"),
            (int(self.manifest is not None), "manifest"),
            (len(self.objects), "objects"),
        ]
        return ", ".join(
            f"{count:,} {_NOUNS[kind]}{'s' if count > 1 else ''}" for count, kind in counts if count
        )


def kind_of(data: bytes) -> Kind | None:
    """What a file is by its top-level keys, or None for none of ours.

    Reads no YAML: a file with a slip in it is still taken for what it is meant to be.
    """
    if data.lstrip()[:1] == b"{":
        return _kind(_keys_of_flow(data))
    return _kind({key.decode("ascii") for key in _TOP_LEVEL_KEY.findall(data)})


def _kind(keys: set[str]) -> Kind | None:
    if "apiVersion" in keys and "kind" in keys:
        return "objects"
    if "charter_digest" in keys:
        return "manifest"
    if "teams" in keys and keys & {"version", "accountability"}:
        return "charter"
    if "version" in keys and "accountability" in keys:
        return "charter"
    if "groups" in keys:
        return "rules"
    if "route" in keys and "receivers" in keys:
        return "alertmanager"
    if keys & {"scrape_configs", "rule_files", "alerting"} and "tests" not in keys:
        return "prometheus"
    return None


def _keys_of_flow(data: bytes) -> set[str]:
    node, _ = parse_one(data, "")
    return {entry.key.text for entry in node} if isinstance(node, Mapping) else set()


def find_inputs(paths: Sequence[Path], named: Named) -> Inputs:
    """Read what the user points at.

    Args:
        paths: files and folders; none means the current folder, unless something is named.

    Raises:
        CommandFailed: a path does not exist, there are too many files, or several files compete
            for one place; the message says which option decides.
    """
    search = _Search()
    if not paths and not named.any:
        paths = (Path(),)
    for path in paths:
        search.add(path)
    search.fall_back_to_build()
    for path in named.rules:
        search.add_as(path, "rules")
    if named.alertmanager is not None:
        search.add_as(named.alertmanager, "alertmanager")
    if named.prometheus is not None:
        search.add_as(named.prometheus, "prometheus")
    if named.charter is not None and not named.charter.exists():
        raise CommandFailed(f"{named.charter} does not exist")
    return Inputs(
        rules=tuple(search.named["rules"] or search.found["rules"]),
        alertmanager=search.only("alertmanager"),
        prometheus=search.only("prometheus"),
        manifest=search.only("manifest"),
        objects=tuple(search.found["objects"]),
        charter=named.charter or search.charter(),
        findings=tuple(search.findings),
        unread=tuple(search.unread),
    )


class _Search:
    """Files found so far, by kind, each path once."""

    def __init__(self) -> None:
        self.found: dict[Kind, list[InputFile]] = {kind: [] for kind in _NOUNS}
        self.named: dict[Kind, list[InputFile]] = {kind: [] for kind in _NOUNS}
        self.findings: list[Diagnostic] = []
        self.unread: list[Diagnostic] = []
        self._asked_for: set[Path] = set()
        self._builds: list[Path] = []
        self._seen: set[str] = set()
        self._looked_at = 0

    def add(self, path: Path) -> None:
        """Search the file or folder `path`, or read what is piped in."""
        if path == STANDARD_INPUT:
            self._read_standard_input()
        elif os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises where a folder may not be read
            for file in self._walk(path):
                self._take(file, asked_for=False)
        elif os.path.lexists(path):
            self._take(path, asked_for=True)
        else:
            raise CommandFailed(f"{_display(path)} does not exist")

    def add_as(self, path: Path, kind: Kind) -> None:
        """Take `path`, or what is of this kind below the folder `path`, as a `kind`."""
        if os.path.isdir(path):  # noqa: PTH112 - as in `add`
            below = _Search()
            below.add(path)
            self.named[kind] += below.found[kind]
            self.unread += below.unread
            return
        data, diagnostics = load(path, _display(path))
        self.unread += diagnostics
        if data is not None:
            self.named[kind].append(InputFile(path, _display(path), kind, data))

    def fall_back_to_build(self) -> None:
        """Take a build's files where the paths hold nothing else: they derive from a charter."""
        if not any(self.found.values()):
            for folder in self._builds:
                self.add(folder)

    def charter(self) -> Path | None:
        """The charter's folder, or its file where that was given as such; None for none.

        Raises CommandFailed where there are several charters, none in a folder above the others.
        """
        files = [file.path for file in self.found["charter"]]
        folders = sorted({path.parent for path in files}, key=lambda folder: len(folder.parts))
        if len(files) == 1 and files[0] in self._asked_for:
            return files[0]
        if not all(folder.is_relative_to(folders[0]) for folder in folders):
            shown = "".join(f"\n  {folder}" for folder in folders[:10])
            raise CommandFailed(
                f"found {len(folders)} charters:{shown}\nSay which one with --charter PATH."
            )
        return folders[0] if folders else None

    def only(self, kind: Kind) -> InputFile | None:
        """The one file of its kind, or None. Raises CommandFailed where several compete."""
        files = self.named[kind] or self.found[kind]
        if len(files) < 2:
            return files[0] if files else None
        shown = "".join(f"\n  {file.display}" for file in files[:10])
        more = f"\n  and {len(files) - 10} more" if len(files) > 10 else ""
        how = f"--{kind} FILE" if kind != "manifest" else "a narrower PATH"
        raise CommandFailed(
            f"found {len(files)} files that are each a whole {_NOUNS[kind]}:{shown}{more}\n"
            f"Say which one with {how}."
        )

    def _read_standard_input(self) -> None:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise CommandFailed(f"more than {MAX_BYTES >> 20} MiB on standard input")
        if not data.strip():
            raise CommandFailed(
                "nothing came in on standard input; the program before '|' may have failed"
            )
        if kind_of(data) in {"charter", "manifest"}:
            raise CommandFailed("a charter is read from files; give its PATH")
        self.found["objects"].append(
            InputFile(STANDARD_INPUT, str(STANDARD_INPUT), "objects", data)
        )

    def _walk(self, top: Path) -> Iterator[Path]:
        for folder, folders, files in os.walk(top, onerror=self._not_entered):
            depth = len(Path(folder).parts) - len(top.parts)
            if MANIFEST_NAME in files and depth:
                self._builds.append(Path(folder))
                folders.clear()
                continue
            if CHART_NAME in files and TEMPLATES_FOLDER in folders:
                folders.remove(TEMPLATES_FOLDER)
                self._unrendered(Path(folder))
            folders[:] = sorted(name for name in folders if _entered(name) and depth < MAX_DEPTH)
            self._looked_at += len(folders) + len(files)
            if self._looked_at > MAX_FILES:
                raise CommandFailed(
                    f"more than {MAX_FILES:,} files under {top}; give a narrower PATH"
                )
            for name in sorted(files):
                if name == MANIFEST_NAME or Path(name).suffix in SUFFIXES:
                    yield Path(folder) / name

    def _unrendered(self, chart: Path) -> None:
        from buckstop.kubernetes.codes import KUBERNETES_CHART_UNRENDERED

        shown = _display(chart)
        self.findings.append(
            Diagnostic(
                KUBERNETES_CHART_UNRENDERED,
                f"{shown} is a Helm chart; its templates say nothing before they are rendered",
                hint=f"helm template {shown} | buckstop check -",
            )
        )

    def _take(self, path: Path, *, asked_for: bool) -> None:
        resolved = os.path.realpath(path)
        if resolved in self._seen:
            return
        self._seen.add(resolved)
        data, diagnostics = load(path, _display(path))
        self.unread += diagnostics
        if data is None:
            return
        kind = kind_of(data)
        if asked_for:
            self._asked_for.add(path)
        if kind is not None:
            self.found[kind].append(InputFile(path, _display(path), kind, data))
        elif asked_for or _is_empty(data):
            self._not_ours(path, data)

    def _not_entered(self, error: OSError) -> None:
        self.unread.append(
            Diagnostic(
                FILE_UNREADABLE, f"{_display(Path(error.filename))} may not be read: a folder"
            )
        )

    def _not_ours(self, path: Path, data: bytes) -> None:
        _, diagnostics = parse_one(data, _display(path))
        if diagnostics:
            self.findings += diagnostics
            return
        raise CommandFailed(
            f"{path} is none of: a charter, a rule file, an alertmanager.yml, a prometheus.yml, "
            "a Kubernetes object; "
            "if it is meant to be one, name it with --charter, --rules, --alertmanager or "
            "--prometheus"
        )


def _entered(folder: str) -> bool:
    return not folder.startswith((".", "__")) and folder not in SKIPPED_FOLDERS


def _is_empty(data: bytes) -> bool:
    """Whether nothing but comments stands in a file; whatever it was, the servers accept it."""
    return all(line.lstrip()[:1] in {b"", b"#"} for line in data.splitlines())


def _display(path: Path) -> str:
    """`path` as text that any terminal and any JSON reader takes."""
    return str(path).encode("utf-8", "replace").decode("utf-8")
