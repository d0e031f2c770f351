"""``buckstop route``: where an alert goes, whose that is, and what keeps it from being notified."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from buckstop.cli.moment import moment
from buckstop.cli.object_choice import ALERTMANAGER_OBJECT
from buckstop.cli.target import Aimed, target_option
from buckstop.cli.words import sort_words

if TYPE_CHECKING:
    from buckstop.cli.route_answer import Answerer, Routes
    from buckstop.diagnostics import Diagnostic

FILE = click.Path(path_type=Path)
STREAM = click.File("rb")


@click.command("route")
@click.argument("words", nargs=-1, metavar="[PATH]... [label=value]...")
@click.option("--alertmanager", type=FILE, metavar="FILE", help="The alertmanager.yml to take.")
@click.option("--charter", type=FILE, metavar="PATH", help="The charter, a file or a folder.")
@ALERTMANAGER_OBJECT
@click.option("--team-label", metavar="NAME", help="The label that names the team.")
@click.option("--teams", type=FILE, metavar="FILE", help="Says which receiver is whose.")
@target_option(
    "Who walks the routes, such as alertmanager=0.28; without it, the newest.", "alertmanager"
)
@click.option("--tree", is_flag=True, help="All routes, and the way of the alert among them.")
@click.option(
    "--regions",
    is_flag=True,
    help="Every way of alerts with these labels, whatever else they have.",
)
@click.option(
    "--batch",
    type=STREAM,
    metavar="FILE",
    help="One JSON object with labels a line, and one answer a line; - for standard input.",
)
@click.option(
    "--at", callback=moment, metavar="TIME", help="Take mute and active times into account."
)
@click.option(
    "--firing",
    type=STREAM,
    metavar="FILE",
    help="The alerts that fire, for inhibition: from /api/v2/alerts, or one a line; - too.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(
    *,
    words: tuple[str, ...],
    alertmanager: Path | None,
    charter: Path | None,
    alertmanager_object: str | None,
    team_label: str | None,
    teams: Path | None,
    target: Aimed,
    tree: bool,
    regions: bool,
    batch: IO[bytes] | None,
    at: datetime | None,
    firing: IO[bytes] | None,
    form: str,
) -> None:
    """Print the receivers of an alert with these labels, in the order of notification.

    A word that names an existing file or folder is a PATH, and - is standard input. The routes are
    those of the alertmanager.yml found there, else those that the charter compiles to. No label at
    all is an alert too; with --tree it means the tree alone.

    With --regions the labels are only some of the alert's: each kind of alerts that the routes tell
    apart is a row, with the values of the other labels that decide.

    Each line of --batch is {"labels": {...}} or {"labels": {...}, "expect": [...]}, and is answered
    with a line of JSON as --format json has it.

    \b
    Exit codes: 0 answered; 1 an error in the routes, a line that cannot be
    read, or receivers other than expected; 2 there are no routes, or an input
    cannot be read.

    \b
    Examples:
      buckstop route severity=critical team=sre
      buckstop route --tree alertmanager.yml severity=critical
      buckstop route --regions severity=critical
      buckstop route --at 2026-12-25T03:00:00Z --firing alerts.json model=fraud
      buckstop route --batch labels.jsonl --target alertmanager=0.28
    """
    from buckstop.alertmanager.time_ranges import TimeZoneUnknownError
    from buckstop.cli.inputs import SINGLE, Named, find_inputs
    from buckstop.cli.label_sets import read_firing, whole_characters
    from buckstop.cli.main import CommandFailed
    from buckstop.cli.remarks import remark_findings
    from buckstop.cli.route_answer import Answerer
    from buckstop.cli.route_subject import read_routes, routes_of_reading
    from buckstop.diagnostics import Level

    paths, labels, rest = sort_words(words)
    if rest:
        raise click.UsageError(
            f"{rest[0]} does not exist; a label is written as label=value, in one word"
        )
    if batch is not None and (labels or tree or regions):
        raise click.UsageError(
            "--batch takes its labels from the file, and answers no --tree and no --regions"
        )
    if regions and (tree or at is not None or firing is not None):
        raise click.UsageError("--regions stands alone: no --tree, --at or --firing with it")
    if batch is not None and batch is firing:
        raise click.UsageError("only one of --batch and --firing can be standard input")
    named = Named(
        alertmanager=alertmanager, charter=charter, alertmanager_object=alertmanager_object
    )
    kinds = SINGLE - {"prometheus"}
    reading = read_routes(find_inputs(paths, named, kinds=kinds), team_label, teams, target)
    routes = routes_of_reading(reading, team_label)
    findings = [one for one in reading.diagnostics if one.level is Level.ERROR]
    if routes is None:
        if not findings:
            where = ", ".join(map(str, paths)) or "the current folder"
            raise CommandFailed(f"no alertmanager.yml and no charter found in {where}")
        remark_findings(findings, reading.sources)
        sys.exit(2 if reading.unusable else 1)
    fired, wrong = ((), ()) if firing is None else read_firing(firing, _name(firing))
    findings += wrong
    try:
        answerer = Answerer(routes, at, fired)
        if batch is not None:
            findings += _answer_batch(answerer, batch)
        elif regions:
            _print_regions(routes, whole_characters(labels), form)
        elif tree:
            _print_tree(routes, whole_characters(labels) if labels else None, form)
        else:
            _print_answer(answerer, whole_characters(labels), form)
    except TimeZoneUnknownError as error:
        raise CommandFailed(f"{error}; install its database of time zones") from error
    remark_findings(findings, reading.sources)
    sys.exit(2 if reading.unusable else int(bool(findings)))


def _name(file: IO[bytes]) -> str:
    return "(standard input)" if file is sys.stdin.buffer else str(file.name)


def _answer_batch(answerer: Answerer, file: IO[bytes]) -> list[Diagnostic]:
    """Write the answers; what was wrong with lines and unmet, as far as it is to be shown."""
    from buckstop.cli.batch_workers import answer, processes_for
    from buckstop.cli.lines import read_lines
    from buckstop.cli.route_batch import Batch
    from buckstop.document import collection_paused

    batch = Batch(answerer, _name(file))
    sys.stdout.flush()
    with collection_paused():
        sys.stdout.buffer.writelines(answer(batch, read_lines(file), processes_for(file)))
    sys.stdout.buffer.flush()
    tally = batch.tally
    more = tally.broken + tally.unexpected - len(tally.findings)
    if tally.broken or tally.unexpected:
        said = (
            f"{tally.label_sets:,} label sets, {tally.unexpected:,} unexpected, "
            f"{tally.broken:,} lines not read"
        )
        click.echo(said + (f"; the last {more:,} are not shown" if more else ""), err=True)
    return tally.findings


def _print_answer(answerer: Answerer, labels: dict[str, str], form: str) -> None:
    from buckstop.cli.route_json import route_json
    from buckstop.cli.route_text import receivers_line, remarks_on

    answer = answerer.answer(labels)
    if form == "json":
        sys.stdout.write(route_json(answer))
        return
    click.echo(receivers_line(answer))
    for remark in remarks_on(answer):
        click.echo(remark, err=True)


def _print_tree(routes: Routes, labels: dict[str, str] | None, form: str) -> None:
    from rich.console import Console

    from buckstop.cli.route_tree import grow, print_tree, tree_json

    root = grow(routes, labels)
    if form == "json":
        sys.stdout.write(tree_json(root))
    else:
        print_tree(root, Console(highlight=False))


def _print_regions(routes: Routes, labels: dict[str, str], form: str) -> None:
    from rich.console import Console

    from buckstop.cli.route_regions import print_regions, region_answers, regions_json

    answers = region_answers(routes, labels)
    if form == "json":
        sys.stdout.write(regions_json(answers))
    else:
        print_regions(answers, Console(highlight=False))
