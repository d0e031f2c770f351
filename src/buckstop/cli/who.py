"""``buckstop who``: who answers for one alert, and why."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from buckstop.cli.object_choice import ALERTMANAGER_OBJECT, PROMETHEUS_OBJECT
from buckstop.cli.target import Aimed, target_option
from buckstop.cli.words import sort_words

if TYPE_CHECKING:
    from buckstop.cli.who_subject import Found
    from buckstop.diagnostics import Diagnostic

FILE = click.Path(path_type=Path)


@click.command("who")
@click.argument("words", nargs=-1, required=True, metavar="[PATH]... ALERT [label=value]...")
@click.option("--rules", multiple=True, type=FILE, metavar="PATH", help="A rule file or a folder.")
@click.option("--alertmanager", type=FILE, metavar="FILE", help="The alertmanager.yml to take.")
@click.option("--prometheus", type=FILE, metavar="FILE", help="The prometheus.yml to take.")
@click.option("--charter", type=FILE, metavar="PATH", help="The charter, a file or a folder.")
@ALERTMANAGER_OBJECT
@PROMETHEUS_OBJECT
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
    words: tuple[str, ...],
    rules: tuple[Path, ...],
    alertmanager: Path | None,
    prometheus: Path | None,
    charter: Path | None,
    alertmanager_object: str | None,
    prometheus_object: str | None,
    team_label: str | None,
    teams: Path | None,
    labels: Path | None,
    target: Aimed,
    form: str,
) -> None:
    """Say who answers for ALERT, and why: rule, routes, receivers, team, time.

    A word that names an existing file or folder is a PATH, and - is standard input; one of the
    form label=value is a label that the alert carries, for what the rule leaves to the series (one
    that no alert of the rule can carry is left out, and said to be); the word left is the ALERT.
    Where no rule of the name is given, the charter's `alerts:` answers, if
    it has an entry for it.

    \b
    Exit codes: 0 the answer is proven for every rule of the name; 1 it is
    refuted or unknown for one; 2 there is no such alert, or an input cannot be
    read.

    \b
    Examples:
      buckstop who HighModelLatency
      buckstop who charter/ ModelDriftHigh model=credit-income
      helm template shop charts/shop | buckstop who - HighModelLatency
    """
    from buckstop.cli.codes import BUILD_STALE
    from buckstop.cli.inputs import Named, find_inputs
    from buckstop.cli.reading import read_inputs
    from buckstop.cli.remarks import remark_findings
    from buckstop.cli.waiting import said_if_slow
    from buckstop.cli.who_subject import find_who
    from buckstop.diagnostics import Level
    from buckstop.prover.model import Verdict

    paths, alert, carried = _sorted_words(words)
    inputs = find_inputs(
        paths,
        Named(rules, alertmanager, prometheus, charter, alertmanager_object, prometheus_object),
    )
    today = date.today()  # noqa: DTZ011 - a charter's rows hold from and until days of the user's
    with said_if_slow(f"Reading {inputs.said} …"):
        reading = read_inputs(
            inputs, team_label=team_label, teams=teams, today=today, labels=labels, aimed=target
        )
        found = find_who(reading, alert, carried)
    if not found.explanations and not found.entries:
        wrong = [one for one in reading.diagnostics if one.level is Level.ERROR]
        _not_found(alert, carried, found, inputs.said, wrong)
    if form == "json":
        from buckstop.cli.who_json import who_json

        sys.stdout.write(who_json(alert, found))
    else:
        from rich.console import Console

        from buckstop.cli.who_text import print_entries, print_explanations

        console = Console(highlight=False)
        print_explanations(found.explanations, console)
        print_entries(alert, found.entries, console)
    answers = [one.answer for one in found.explanations]
    answers += [one.answer for one in found.entries]
    proven = all(answer.verdict is Verdict.PROVEN for answer in answers)
    stale = [one for one in reading.diagnostics if one.code is BUILD_STALE]
    remark_findings(stale, reading.sources)
    sys.exit(2 if reading.unusable else 0 if proven and not stale else 1)


def _sorted_words(words: tuple[str, ...]) -> tuple[tuple[Path, ...], str, dict[str, str]]:
    paths, labels, names = sort_words(words)
    if len(names) != 1:
        said = f"found {len(names)}: {', '.join(names)}" if names else "found none"
        raise click.UsageError(
            f"one ALERT is asked for, {said}. A word that is an existing path is a PATH; "
            "everything else that is no label=value is the ALERT."
        )
    return paths, names[0], labels


def _behind(wrong: Sequence[Diagnostic]) -> str:
    """What may be why an alert is not there: a file that holds it could not be read."""
    if not wrong:
        return ""
    first = wrong[0]
    where = "" if first.span is None else f"{first.span}: "
    more = "" if len(wrong) == 1 else f" and {len(wrong) - 1} more"
    return f"\n{where}{first.message}{more}; `buckstop check` shows the places"


def _not_found(
    alert: str,
    labels: dict[str, str],
    found: Found,
    said: str,
    wrong: Sequence[Diagnostic],
) -> None:
    from buckstop.cli.main import CommandFailed
    from buckstop.diagnostics import nearest

    if found.disagreeing:
        asked = ", ".join(f"{name}={value}" for name, value in labels.items())
        own = ", ".join(f"{name}={value}" for name, value in sorted(found.disagreeing[0].items()))
        raise CommandFailed(f"no alert {alert} carries {asked}: its rule sets {own}")
    meant = nearest(alert, found.names)
    hint = f"; did you mean {meant}?" if meant else ""
    read = f" in {said}" if said else ": no rule file and no charter was found"
    raise CommandFailed(f"no alert {alert}{read}{hint}{_behind(wrong)}")
