"""Which files a command works on: found by content in the paths given, or named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from buckstop import prometheus as prometheus_files
from buckstop.cli.input_kinds import NOUNS, InputFile, Kind
from buckstop.cli.input_search import Search
from buckstop.cli.main import CommandFailed
from buckstop.cli.rule_globs import named_files
from buckstop.diagnostics import Diagnostic

SINGLE: Final[frozenset[Kind]] = frozenset({"charter", "alertmanager", "prometheus", "manifest"})
"""Kinds of which a command takes one."""
MAX_SAID: Final = 5
"""Builds that are named when they are passed over."""


@dataclass(frozen=True, slots=True)
class Named:
    """Files that the user names by kind; a kind that is named is not searched for.

    Attributes:
        alertmanager_object: the name of the Kubernetes object whose routes are taken, of those in
            the files found.
        prometheus_object: of the one whose rules are taken.
    """

    rules: tuple[Path, ...] = ()
    alertmanager: Path | None = None
    prometheus: Path | None = None
    charter: Path | None = None
    alertmanager_object: str | None = None
    prometheus_object: str | None = None

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
        passed_over: the manifests of builds that lie in a folder beside other files: what derives
            from a charter is no second source.
        findings: about files that hold nothing that can be taken for one kind or another.
        expectations: files of routing expectations, which only ``test`` reads.
        unread: why files and folders could not be read at all.
        alertmanager_object: which of several Kubernetes objects says where alerts go, if the user
            names one.
        prometheus_object: which of several runs the rules.
        needs_prometheus: whether it matters what Prometheus adds to the alerts.
        servers: the addresses of those that say they have loaded the files; empty for files of
            this machine.
    """

    rules: tuple[InputFile, ...]
    alertmanager: InputFile | None
    prometheus: InputFile | None
    manifest: InputFile | None
    objects: tuple[InputFile, ...]
    charter: Path | None
    passed_over: tuple[InputFile, ...]
    findings: tuple[Diagnostic, ...]
    unread: tuple[Diagnostic, ...]
    expectations: tuple[InputFile, ...] = ()
    alertmanager_object: str | None = None
    prometheus_object: str | None = None
    needs_prometheus: bool = True
    servers: tuple[str, ...] = ()

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
        found = ", ".join(
            f"{count:,} {NOUNS[kind]}{'s' if count > 1 else ''}" for count, kind in counts if count
        )
        return f"{found}, loaded by {' and '.join(self.servers)}" if self.servers else found

    @property
    def said_passed_over(self) -> str:
        """The builds that were not read, for people: ``build (a build)``; empty for none."""
        folders = [str(file.path.parent) for file in self.passed_over]
        if len(folders) > MAX_SAID:
            return f"{', '.join(folders[:MAX_SAID])} and {len(folders) - MAX_SAID:,} more (builds)"
        kind = "a build" if len(folders) == 1 else "builds"
        return f"{', '.join(folders)} ({kind})" if folders else ""


def find_charter(path: Path) -> Path:
    """The one charter at `path`: where a folder has it in one below, that one.

    Where nothing is told for a charter by its content it is `path` itself, to be read as one.

    Raises:
        CommandFailed: there are several charters, or too many files.
    """
    if not path.is_dir():
        return path
    search = Search()
    search.add(path)
    return search.charter() or path


def find_inputs(
    paths: Sequence[Path],
    named: Named,
    *,
    kinds: Collection[Kind] = SINGLE,
    option: str | None = None,
) -> Inputs:
    """Read what the user points at.

    Args:
        paths: files and folders; none means the current folder, unless something is named.
        kinds: those of `SINGLE` that the command takes; of the others there may be several.
        option: what decides between several files, where the command has no option for each kind.

    Raises:
        CommandFailed: a path does not exist, there are too many files, or several files compete
            for one place; the message says which option decides.
    """
    search = Search()
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
    if named.prometheus is not None and named.prometheus_object is not None:
        raise CommandFailed("--prometheus and --prometheus-object each name one: give one of them")
    if named.charter is not None and not named.charter.exists():
        raise CommandFailed(f"{named.charter} does not exist")
    takes_file = "prometheus" in kinds and named.prometheus_object is None
    prometheus = search.only("prometheus", option) if takes_file else None
    if prometheus is not None and not named.rules:
        search.add_rules(_named_by(prometheus))
    passed_over = search.passed_over()
    return Inputs(
        rules=tuple(search.named["rules"] or search.found["rules"]),
        alertmanager=search.only("alertmanager", option) if "alertmanager" in kinds else None,
        prometheus=prometheus,
        manifest=search.only("manifest") if "manifest" in kinds else None,
        objects=tuple(search.found["objects"]),
        charter=named.charter or (search.charter() if "charter" in kinds else None),
        passed_over=passed_over,
        findings=tuple(search.findings),
        unread=tuple(search.unread),
        expectations=tuple(search.found["expectations"]),
        alertmanager_object=named.alertmanager_object,
        prometheus_object=named.prometheus_object,
        needs_prometheus="prometheus" in kinds,
    )


def _named_by(prometheus: InputFile) -> list[Path]:
    """The files that the server with this configuration reads its rules from."""
    config, _ = prometheus_files.read_config(prometheus.data, prometheus.display)
    return [] if config is None else named_files(config, prometheus.path.parent)
