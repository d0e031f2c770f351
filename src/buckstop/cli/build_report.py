"""What ``build`` says: what was written, whose alerts they are, and what to do next."""

from __future__ import annotations

import json
import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from buckstop.charter import Charter
from buckstop.cli.tables import Row, Shape, print_table
from buckstop.compiler import Build, Targets
from buckstop.compiler.build import (
    ALERTMANAGER_FILE,
    RULES_FOLDER,
    TEMPLATES_FILE,
    TESTS_FOLDER,
    WIRING_FILE,
)
from buckstop.compiler.folder import Difference
from buckstop.compiler.secret_files import secrets
from buckstop.diagnostics import (
    Diagnostic,
    has_errors,
    in_file_order,
    render_terminal,
    summary,
    to_json,
    visible,
)
from buckstop.document.codes import UNOPENED

SHOWN_DIFFERENCES: Final = 20
"""Files that are listed one by one; of more the number is said."""
RULES_TARGET: Final = "/etc/prometheus/rules"
ALERTMANAGER_TARGET: Final = "/etc/alertmanager/alertmanager.yml"
TEMPLATES_TARGET: Final = "/etc/alertmanager/templates"
"""Beside `ALERTMANAGER_TARGET`, as the file itself says."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The outcome of a ``build``.

    Attributes:
        charter, build: None where the charter could not be read.
        changed: in which files `folder` was out of date.
        only_checked: whether nothing was to be written.
    """

    charter: Charter | None
    build: Build | None
    targets: Targets
    folder: Path
    changed: tuple[Difference, ...]
    only_checked: bool
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]

    @property
    def failed(self) -> bool:
        """Whether there is no build."""
        return self.build is None or has_errors(self.diagnostics)

    @property
    def exit_code(self) -> int:
        """0; 1 for errors in the charter or a folder out of date; 2 for a file not readable."""
        if any(one.code in UNOPENED for one in self.diagnostics):
            return 2
        return int(self.failed or (self.only_checked and bool(self.changed)))

    def paths(self, *changes: str) -> list[str]:
        """The changed files with one of `changes`."""
        return [one.path for one in self.changed if one.change in changes]


def print_json(report: BuildReport) -> None:
    """Print `report` as JSON."""
    build = None if report.failed else report.build
    value = {
        "version": 1,
        "folder": str(report.folder),
        "charter_digest": None if build is None else build.manifest.charter_digest,
        "up_to_date": build is not None and (not report.only_checked or not report.changed),
        "alerts": 0 if build is None else len(build.manifest.alerts),
        "files": [] if build is None else sorted(build.files),
        "changed": [{"path": one.path, "change": one.change} for one in report.changed],
        "diagnostics": [to_json(one) for one in in_file_order(report.diagnostics)],
    }
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_text(report: BuildReport, console: Console) -> None:
    """Print `report` for people."""
    render_terminal(report.diagnostics, report.sources, console)
    if report.failed or report.build is None or report.charter is None:
        console.print(f"Nothing was written: {summary(report.diagnostics)}.", markup=False)
        return
    if report.only_checked:
        _print_check(report, console)
        return
    _print_alerts(report.build, console)
    written, removed = report.paths("missing", "different"), report.paths("stale")
    unchanged = len(report.build.files) - len(written)
    said = f"Wrote {_count(written, 'file')} to {report.folder} ({unchanged:,} unchanged"
    said += f", {len(removed):,} of models that are gone removed)." if removed else ")."
    console.print(visible(said), markup=False, soft_wrap=True)
    console.print("\nNext:", style="bold")
    for line in next_commands(report.charter, report.targets, report.folder):
        console.print(visible(line), markup=False, soft_wrap=True)


def next_commands(charter: Charter, targets: Targets, folder: Path) -> Iterator[str]:
    """The exact commands that put a build to work, each with what it is for."""
    here = shlex.quote(str(folder))
    alertmanager = f"{here}/{ALERTMANAGER_FILE}"
    yield "  # the servers' own word on the files"
    yield f"  promtool check rules {here}/{RULES_FOLDER}/*.yml"
    yield f"  promtool test rules {here}/{TESTS_FOLDER}/*.test.yml"
    yield f"  amtool check-config {alertmanager}"
    wanted = secrets(charter, targets)
    if wanted:
        yield "  # the secrets that the files refer to, readable by the servers"
    for path, secret in wanted:
        target = shlex.quote(path)
        if secret.source == "env":
            # As a shell variable, so that the secret is in no argument that `ps` shows.
            yield f'  printf %s "${secret.name}" | sudo install -D -m 640 /dev/stdin {target}'
        elif path == secret.name:
            yield f"  sudo test -s {target}"
        else:
            yield f"  sudo install -D -m 640 {shlex.quote(secret.name)} {target}"
    yield "  # on the servers, then tell them"
    yield f"  sudo install -D -m 644 -t {RULES_TARGET} {here}/{RULES_FOLDER}/*.yml"
    yield f"  sudo install -D -m 644 -t {TEMPLATES_TARGET} {here}/{TEMPLATES_FILE}"
    yield f"  sudo install -m 644 {alertmanager} {ALERTMANAGER_TARGET}"
    yield f"  # add what {here}/{WIRING_FILE} says to prometheus.yml, once"
    yield "  curl -fX POST http://localhost:9090/-/reload"
    yield "  curl -fX POST http://localhost:9093/-/reload"
    if charter.ledger is not None:
        yield "  # who answers, on record"
        yield f"  buckstop serve --build {here} --alertmanager http://localhost:9093"


def _print_check(report: BuildReport, console: Console) -> None:
    if not report.changed:
        console.print(f"{visible(str(report.folder))} is up to date.", markup=False, soft_wrap=True)
        return
    console.print(
        f"{visible(str(report.folder))} is not what the charter compiles to: "
        f"{_count(report.changed, 'file')} out of date.",
        markup=False,
        soft_wrap=True,
    )
    for one in report.changed[:SHOWN_DIFFERENCES]:
        console.print(f"  {one.change:<9} {visible(one.path)}", markup=False, soft_wrap=True)
    if len(report.changed) > SHOWN_DIFFERENCES:
        console.print(f"  and {len(report.changed) - SHOWN_DIFFERENCES:,} more")
    console.print("Run the same command without --check.")


def _print_alerts(build: Build, console: Console) -> None:
    """Who answers for how many generated alerts, and of which faults."""
    faults: dict[str, Counter[str]] = {}
    for alert in build.manifest.alerts:
        faults.setdefault(alert.team, Counter())[dict(alert.labels)["fault"]] += 1
    rows = []
    for team in build.manifest.teams:
        if team.id in faults:
            count = faults[team.id]
            cells = (team.id, f"{count.total():,}", _counts(count))
            rows.append(Row(tuple(map(Text, cells))))
    headings = ("TEAM", "ALERTS", "OF FAULT")
    print_table(rows, Shape(headings, style="bold", right=frozenset({1})), console)
    console.print()


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counter.items())


def _count(things: list[str] | tuple[Difference, ...], noun: str) -> str:
    return f"{len(things):,} {noun}{'' if len(things) == 1 else 's'}"
