"""``buckstop build``: compile the charter into rules, routes and their tests."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from buckstop.cli.target import Aimed, target_option

if TYPE_CHECKING:
    from rich.console import Console

    from buckstop.compiler import Build, Targets
    from buckstop.compiler.folder import Difference

FOLDER = click.Path(path_type=Path)
PROGRESS_FROM_FILES = 200
"""So many files take longer than a second to make durable."""


@click.command("build")
@click.argument("path", required=False, type=FOLDER, metavar="[PATH]")
@click.option("--charter", type=FOLDER, metavar="PATH", help="The charter, in place of PATH.")
@click.option("-o", "--output", required=True, type=FOLDER, metavar="DIR", help="Where to.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if DIR is not up to date.")
@target_option("The oldest that must run the files: alertmanager=0.25, prometheus=2.42.")
@click.option("--secrets-folder", metavar="DIR", help="Where Alertmanager finds its secrets.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
)
def command(
    *,
    path: Path | None,
    charter: Path | None,
    output: Path,
    check: bool,
    target: Aimed,
    secrets_folder: str | None,
    form: str,
) -> None:
    """Compile the charter into rules, routes and their tests.

    PATH is the charter, a folder or one file; by default `charter`, else the
    current folder. A folder with one charter below it means that charter. In
    DIR only what a build wrote is ever changed or removed.

    \b
    Exit codes: 0 built; 1 the charter has errors, or --check found DIR out of
    date; 2 there is no charter, or a file cannot be read or written.

    \b
    Examples:
      buckstop build charter -o build
      buckstop build charter -o build --target alertmanager=0.28
      buckstop build charter -o build --check
    """
    from rich.console import Console

    from buckstop.charter import load, rooted
    from buckstop.charter.codes import CHARTER_NOT_FOUND
    from buckstop.cli.build_report import BuildReport, print_json, print_text
    from buckstop.cli.findings import FORMS, print_findings
    from buckstop.cli.inputs import find_charter
    from buckstop.cli.main import CommandFailed
    from buckstop.compiler import build
    from buckstop.compiler.folder import differences
    from buckstop.diagnostics import has_errors

    targets = _targets(target, secrets_folder)
    if path is not None and charter is not None:
        raise click.UsageError("PATH and --charter both name the charter; give one of the two")
    here = Path("charter") if Path("charter").is_dir() else Path()
    charter_path = charter or find_charter(path or here)
    if not charter_path.exists():
        raise CommandFailed(f"{charter_path} does not exist; `buckstop init` writes a charter")
    loaded = load(charter_path, date.today())  # noqa: DTZ011 - rows hold on the user's own days
    made = None
    found = loaded.diagnostics
    if loaded.charter is not None:
        root = charter_path if charter_path.is_dir() else charter_path.parent
        made = build(loaded.charter, targets)
        found = (*found, *rooted(made.diagnostics, root))
    console = Console(highlight=False)
    changed: tuple[Difference, ...] = ()
    if made is not None and not has_errors(found):
        changed = differences(made, output)
        if not check:
            _write(made, output, changed, console)
    report = BuildReport(
        charter=loaded.charter,
        build=made,
        targets=targets,
        folder=output,
        changed=changed,
        only_checked=check,
        diagnostics=found,
        sources=loaded.sources,
    )
    if form == "json":
        print_json(report)
    elif form in FORMS:
        print_findings(form, report.diagnostics, report.sources)
    else:
        print_text(report, console)
    is_there = all(one.code is not CHARTER_NOT_FOUND for one in found)
    sys.exit(report.exit_code if is_there else CommandFailed.exit_code)


def _targets(aimed: Aimed, secrets_folder: str | None) -> Targets:
    """The targets asked for, over the oldest that are supported."""
    from buckstop.compiler.targets import SECRETS_FOLDER, targets_for

    return targets_for(
        aimed.alertmanager, aimed.prometheus, secrets_folder=secrets_folder or SECRETS_FOLDER
    )


def _write(made: Build, output: Path, changed: tuple[Difference, ...], console: Console) -> None:
    from rich.progress import Progress

    from buckstop.cli.main import CommandFailed
    from buckstop.compiler.folder import write
    from buckstop.document import NotWrittenError

    shown = console.is_terminal and len(changed) >= PROGRESS_FROM_FILES
    try:
        with Progress(console=console, transient=True, disable=not shown) as progress:
            task = progress.add_task("Writing", total=len(changed))
            write(made, output, changed, lambda done: progress.advance(task, done))
    except NotWrittenError as error:
        raise CommandFailed(str(error)) from error
