"""Looking through files and folders for those that a command can work on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from buckstop.cli.input_kinds import MANIFEST_NAME, NOUNS, InputFile, Kind, kind_of
from buckstop.cli.main import CommandFailed
from buckstop.diagnostics import Diagnostic
from buckstop.document import load, parse_one
from buckstop.document.codes import FILE_UNREADABLE
from buckstop.document.text import MAX_BYTES

STANDARD_INPUT: Final = Path("-")
"""As a path: what another program pipes in, any mix of documents."""
MAX_FILES: Final = 50_000
"""Files and folders that are looked at under the paths given."""
MAX_DEPTH: Final = 40
"""Folders below a path that are entered."""
CHART_NAME: Final = "Chart.yaml"
TEMPLATES_FOLDER: Final = "templates"
"""Of a Helm chart: what stands there is no YAML before it is rendered."""
SUFFIXES: Final = frozenset({".yml", ".yaml", ".rules"})
SKIPPED_FOLDERS: Final = frozenset({"node_modules", "vendor", "venv", "site-packages"})
"""Folders that hold other people's files; hidden ones and ``__pycache__`` are skipped too."""


class Search:
    """Files found so far, by kind, each path once."""

    def __init__(self) -> None:
        self.found: dict[Kind, list[InputFile]] = {kind: [] for kind in NOUNS}
        self.named: dict[Kind, list[InputFile]] = {kind: [] for kind in NOUNS}
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
            below = Search()
            below.add(path)
            self.named[kind] += below.found[kind]
            self.unread += below.unread
            return
        data, diagnostics = load(path, _display(path))
        self.unread += diagnostics
        if data is not None:
            self.named[kind].append(InputFile(path, _display(path), kind, data))

    def add_rules(self, paths: Iterable[Path]) -> None:
        """Take the files that a prometheus.yml names, whatever they are called and hold.

        The server reads each as rules. Those of a build that is passed over are left there.
        """
        taken = {os.path.realpath(file.path) for file in self.found["rules"]}
        builds = {os.path.realpath(folder) for folder in self._builds}
        for path in paths:
            resolved = os.path.realpath(path)
            if resolved in taken or any(str(one) in builds for one in Path(resolved).parents):
                continue
            taken.add(resolved)
            display = _display(Path(os.path.normpath(path)))
            data, diagnostics = load(path, display)
            self.unread += diagnostics
            if data is not None:
                self.found["rules"].append(InputFile(path, display, "rules", data))

    def fall_back_to_build(self) -> None:
        """Take a build's files where the paths hold nothing else: they derive from a charter."""
        if not any(files for kind, files in self.found.items() if kind != "expectations"):
            for folder in self._builds:
                self.add(folder)
            self._builds.clear()

    def passed_over(self) -> tuple[InputFile, ...]:
        """The manifests of the builds whose files were not taken."""
        manifests: list[InputFile] = []
        for folder in dict.fromkeys(self._builds):
            path = folder / MANIFEST_NAME
            if os.path.realpath(path) in self._seen:
                continue
            data, diagnostics = load(path, _display(path))
            self.unread += diagnostics
            if data is not None:
                manifests.append(InputFile(path, _display(path), "manifest", data))
        return tuple(manifests)

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

    def only(self, kind: Kind, option: str | None = None) -> InputFile | None:
        """The one file of its kind, or None.

        Raises CommandFailed where several compete; it names `option`, or the kind's own.
        """
        files = self.named[kind] or self.found[kind]
        if len(files) < 2:
            return files[0] if files else None
        shown = "".join(f"\n  {file.display}" for file in files[:10])
        more = f"\n  and {len(files) - 10} more" if len(files) > 10 else ""
        how = "a narrower PATH" if kind == "manifest" else f"{option or f'--{kind}'} FILE"
        raise CommandFailed(
            f"found {len(files)} files that are each a whole {NOUNS[kind]}:{shown}{more}\n"
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
