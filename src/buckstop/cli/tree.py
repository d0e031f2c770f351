"""``buckstop tree``: the route tree with its teams, and what is wrong where."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from buckstop.cli.target import Aimed, target_option

FILE = click.Path(path_type=Path)


@click.command("tree")
@click.argument("paths", nargs=-1, type=FILE, metavar="[PATH]...")
@click.option("--rules", multiple=True, type=FILE, metavar="PATH", help="A rule file or a folder.")
@click.option("--alertmanager", type=FILE, metavar="FILE", help="The alertmanager.yml to take.")
@click.option("--prometheus", type=FILE, metavar="FILE", help="The prometheus.yml to take.")
@click.option("--charter", type=FILE, metavar="PATH", help="The charter, a file or a folder.")
@click.option("--team-label", metavar="NAME", help="The label that names the team.")
@click.option("--teams", type=FILE, metavar="FILE", help="Says which receiver is whose.")
@click.option("--labels", type=FILE, metavar="FILE", help="Says which values labels have.")
@target_option(
    "Who is to load the files, such as alertmanager=0.28 or prometheus=3.5; without it, what any "
    "supported version takes."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(
    *,
    paths: tuple[Path, ...],
    rules: tuple[Path, ...],
    alertmanager: Path | None,
    prometheus: Path | None,
    charter: Path | None,
    team_label: str | None,
    teams: Path | None,
    labels: Path | None,
    target: Aimed,
    form: str,
) -> None:
    """Draw the route tree: matchers, receiver, team, and what is wrong where.

    Where rules are given, each route says of how many rules' alerts it tells, and the week of a
    team that is not told at some hours is drawn below. A finding stands below its route; what is
    wrong elsewhere, `buckstop check` shows.

    \b
    Exit codes: 0 drawn; 1 an error was found in what was read; 2 there are no
    routes, or an input cannot be read.

    \b
    Examples:
      buckstop tree
      buckstop tree rules/ alertmanager.yml
      buckstop tree --format json charter/
    """
    from rich.console import Console

    from buckstop.cli.check_text import print_weeks
    from buckstop.cli.inputs import Named, find_inputs
    from buckstop.cli.main import CommandFailed
    from buckstop.cli.reading import read_inputs
    from buckstop.cli.remarks import remark_findings
    from buckstop.cli.report import make_report
    from buckstop.cli.route_marks import route_marks
    from buckstop.cli.route_subject import routes_of_reading
    from buckstop.cli.route_tree import grow, print_tree, tree_json
    from buckstop.cli.waiting import said_if_slow
    from buckstop.diagnostics import Level
    from buckstop.prover.examination import examine
    from buckstop.prover.given import Given

    inputs = find_inputs(paths, Named(rules, alertmanager, prometheus, charter))
    today = date.today()  # noqa: DTZ011 - a charter's rows hold from and until days of the user's
    with said_if_slow(f"Reading {inputs.said} …"):
        reading = read_inputs(
            inputs, team_label=team_label, teams=teams, today=today, labels=labels, aimed=target
        )
        routes = routes_of_reading(reading, team_label)
        report = None if routes is None else make_report(reading)
    if routes is None or report is None:
        errors = [one for one in reading.diagnostics if one.level is Level.ERROR]
        if not errors:
            where = ", ".join(map(str, paths)) or "the current folder"
            raise CommandFailed(f"no alertmanager.yml and no charter found in {where}")
        remark_findings(errors, reading.sources)
        sys.exit(2 if reading.unusable else 1)
    examination = report.examination
    if reading.compiled is not None:
        given = reading.with_generated(Given((), None, team_label=team_label, since=today))
        examination = None if given is None else examine(given)
    marks = route_marks(
        routes.router, () if examination is None else examination.rules, report.diagnostics
    )
    root = grow(routes, None, marks)
    if form == "json":
        sys.stdout.write(tree_json(root))
    else:
        console = Console(highlight=False)
        print_tree(root, console)
        print_weeks(() if examination is None else examination.times, console, every=True)
        shown = sum(len(mark.findings) for mark in marks.values())
        if elsewhere := len(report.diagnostics) - shown:
            click.echo(f"{elsewhere} more found elsewhere; `buckstop check` shows it", err=True)
    errors = [one for one in report.diagnostics if one.level is Level.ERROR]
    sys.exit(2 if reading.unusable else int(bool(errors)))
