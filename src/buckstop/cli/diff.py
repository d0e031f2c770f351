"""``buckstop diff``: accountability that moves between two states of the files."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from buckstop.cli.target import Aimed, target_option

FILE = click.Path(path_type=Path)


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW", default=".")
@click.option("--routes", is_flag=True, help="All label sets, not those alone that rules send.")
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
@click.option("-v", "--verbose", is_flag=True, help="Everything that moves.")
def command(
    *,
    old: str,
    new: str,
    routes: bool,
    team_label: str | None,
    teams: Path | None,
    labels: Path | None,
    target: Aimed,
    form: str,
    verbose: bool,
) -> None:
    """Say which alerts get another team, other receivers or other times in NEW than in OLD.

    OLD and NEW are files or folders, as `check` takes them, or what git has: a revision (the
    current folder as it was then) or REVISION:PATH. Without NEW it is the current folder. Nothing
    is sampled: where nothing is reported, nothing moves, for no alert that a rule can send; without
    rules, and with --routes, for no label set at all.

    \b
    Exit codes: 0 nothing moves; 1 something does; 2 it cannot be compared.

    \b
    Examples:
      buckstop diff HEAD~1
      buckstop diff main:alerts alerts
      buckstop diff --routes old/alertmanager.yml alertmanager.yml
    """
    from contextlib import ExitStack

    from rich.console import Console

    from buckstop.cli.diff_json import diff_json
    from buckstop.cli.diff_subject import Asked, compare, read_side
    from buckstop.cli.diff_text import print_difference
    from buckstop.cli.main import CommandFailed
    from buckstop.cli.remarks import remark_findings
    from buckstop.cli.revisions import place_of
    from buckstop.cli.waiting import said_if_slow
    from buckstop.document import collection_paused

    today = date.today()  # noqa: DTZ011 - a charter's rows hold from and until days of the user's
    asked = Asked(team_label, teams, labels, target, today)
    with ExitStack() as places:
        with said_if_slow(f"Comparing {old} and {new} …"), collection_paused():
            sides = [read_side(places.enter_context(place_of(word)), asked) for word in (old, new)]
            unusable = [side for side in sides if side.errors]
            difference = None if unusable else compare(sides[0], sides[1], routes=routes)
        if difference is None:
            for side in unusable:
                remark_findings(side.errors, side.reading.sources)
            words = " and ".join(side.place.word for side in unusable)
            raise CommandFailed(f"{words}: what cannot be loaded is not compared")
        if form == "json":
            sys.stdout.write(diff_json(difference))
        else:
            print_difference(difference, Console(highlight=False), verbose=verbose)
    sys.exit(int(difference.is_any))
