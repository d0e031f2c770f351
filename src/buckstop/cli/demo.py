"""``buckstop demo``: break a real model and watch who answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from buckstop.cli.main import CommandFailed
from buckstop.demo.breaks import BREAKS, choose

if TYPE_CHECKING:
    from buckstop.servers import Versions


@click.command()
@click.option(
    "--break",
    "breaks",
    type=click.Choice([one.name for one in BREAKS]),
    multiple=True,
    help="Break the model this way only; may be repeated. All four where it is left out.",
)
@click.option(
    "--once", is_flag=True, help="End after the breaks; exit 1 if one missed the right team."
)
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Of the ledger's page; a free one if left out."
)
@click.option("--keep", is_flag=True, help="Keep the folder with all files and logs.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    help="json: the measured seconds on standard output, what happens on standard error.",
)
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the last screen to this file as a picture.",
)
@click.option(
    "--servers",
    "versions",
    type=click.Choice(("any", "debian12", "debian13", "debian14")),
    default="any",
    show_default=True,
    help="Which Prometheus and Alertmanager: what is here, or those of a Debian release.",
)
def command(
    *,
    breaks: tuple[str, ...],
    once: bool,
    port: int | None,
    keep: bool,
    form: str,
    svg: Path | None,
    versions: Versions,
) -> None:
    """Break a real model on real servers and watch who answers.

    Starts a credit model with traffic and delayed labels, Prometheus, Alertmanager, the ledger
    and stand-ins for PagerDuty and Slack, all on this machine, all ended with the command.

    \b
    Exit codes: 0 every break reached the right team; 1 one missed it; 2 it
    could not run.

    \b
    Examples:
      buckstop demo                 all four, then the pages stay until Ctrl-C
      buckstop demo --break drift   one of them
      buckstop demo --once          for CI: did all four reach the right team?
    """
    # First, so that where the extra is missing it is the demo's, not a part of it, that is named.
    import httpx
    import sklearn  # noqa: F401
    from rich.console import Console

    from buckstop.demo import performance
    from buckstop.demo.plain import summary
    from buckstop.demo.plan import CharterRefused
    from buckstop.demo.report import to_json
    from buckstop.demo.screen import write_picture
    from buckstop.servers import NotInTime, ServerFailed, ServerRefused, ServersMissing

    if svg is not None and not svg.absolute().parent.is_dir():
        raise CommandFailed(f"cannot write {svg}: there is no such folder")  # not a minute later
    console = Console(stderr=form == "json")
    options = performance.Options(choose(breaks), once, port, keep, versions)
    try:
        story = performance.perform(options, console)
    except (ServersMissing, ServerFailed, ServerRefused, NotInTime, CharterRefused) as error:
        raise CommandFailed(str(error)) from error
    except httpx.HTTPError as error:
        raise CommandFailed(
            f"a server of the demo does not answer as it should: {error}"
        ) from error
    for line in summary(story):
        console.print(line, soft_wrap=True, highlight=False, markup=False)
    if svg is not None:
        try:
            write_picture(story, svg)
        except OSError as error:
            raise CommandFailed(f"cannot write {svg}: {error.strerror}") from error
    if form == "json":
        click.echo(json.dumps(to_json(story), indent=2))
    if story.unanswered:
        raise SystemExit(1)
