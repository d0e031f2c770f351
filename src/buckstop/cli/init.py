"""``buckstop init``: a charter to start from, from the user's own files where there are any."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from buckstop.cli.object_choice import ALERTMANAGER_OBJECT, PROMETHEUS_OBJECT

if TYPE_CHECKING:
    from buckstop.adoption import Start

FILE = click.Path(path_type=Path)
EXAMPLE = ("teams.yaml", "accountability.yaml", "models.yaml")
"""The files of a charter that `init` writes."""
MODELS_OF_YOUR_OWN = "models-of-your-own.yaml"
"""What stands in ``models.yaml`` beside a charter that was read off existing files."""


@click.command("init")
@click.argument("folder", type=FILE, default=Path("charter"), metavar="[DIR]")
@click.option(
    "--from",
    "sources",
    multiple=True,
    type=FILE,
    metavar="PATH",
    help="Rule files, an alertmanager.yml, Kubernetes objects, or a folder of them; - is standard "
    "input. Without it the current folder is searched.",
)
@ALERTMANAGER_OBJECT
@PROMETHEUS_OBJECT
@click.option("--example", is_flag=True, help="Write the explained example whatever is here.")
@click.option("--force", is_flag=True, help="Write over a charter that is there already.")
def command(
    *,
    folder: Path,
    sources: tuple[Path, ...],
    alertmanager_object: str | None,
    prometheus_object: str | None,
    example: bool,
    force: bool,
) -> None:
    """Write a charter to start from into DIR (charter).

    Where there are rule files, an alertmanager.yml or Kubernetes objects that hold them, the
    charter says what they say: teams and contacts from the routes, severities and accountability
    from the rules. Otherwise it is an example that explains itself. Either passes `buckstop check`.

    \b
    Examples:
      buckstop init
      buckstop init ops/charter --from prometheus/rules --from alertmanager.yml
      helm template charts/shop | buckstop init --from -
    """
    from buckstop.cli.init_subject import read_sources
    from buckstop.cli.inputs import Named

    if example and (sources or alertmanager_object or prometheus_object):
        raise click.UsageError("--example takes nothing from files; leave out what names them")
    _refuse_to_overwrite(folder, force=force)
    named = Named(alertmanager_object=alertmanager_object, prometheus_object=prometheus_object)
    start = None if example else read_sources(sources, named)
    texts = _texts(start)
    _write(folder, texts)
    _say(folder, texts, start)


def _refuse_to_overwrite(folder: Path, *, force: bool) -> None:
    from buckstop.cli.main import CommandFailed

    if folder.exists() and not folder.is_dir():
        raise CommandFailed(f"{folder} is a file; name a folder")
    if force or not folder.is_dir():
        return
    there = sorted(path.name for path in folder.iterdir() if path.suffix in {".yml", ".yaml"})
    if there:
        shown = ", ".join(there[:5]) + (" and more" if len(there) > 5 else "")
        raise CommandFailed(
            f"{folder} holds {shown} already, and nothing was written; "
            f"name another folder, or --force to write {', '.join(EXAMPLE)} over them"
        )


def _texts(start: Start | None) -> dict[str, str]:
    from buckstop.adoption import start_texts

    kept = files("buckstop.adoption").joinpath("start")
    if start is None:
        return {name: kept.joinpath(name).read_text("utf-8") for name in EXAMPLE}
    models = kept.joinpath(MODELS_OF_YOUR_OWN).read_text("utf-8")
    return {**start_texts(start), "models.yaml": models}


def _write(folder: Path, texts: dict[str, str]) -> None:
    from buckstop.cli.main import CommandFailed
    from buckstop.document import NotWrittenError, write_atomically

    for name, text in texts.items():
        try:
            write_atomically(folder / name, text)
        except NotWrittenError as error:
            raise CommandFailed(str(error)) from error


def _say(folder: Path, texts: dict[str, str], start: Start | None) -> None:
    from buckstop.diagnostics import visible

    if start is None:
        click.echo("No rules or routes here: this is an example that explains itself.")
    else:
        counts = (
            (len(start.teams), "team", "teams"),
            (len(start.entries), "alert answered for", "alerts answered for"),
            (
                len(start.unanswered),
                "alert that no team's route takes",
                "alerts that no team's route takes",
            ),
            (len(start.undecided), "alert decided when it fires", "alerts decided when they fire"),
        )
        for number, one, many in counts:
            if number:
                click.echo(f"{number:>7,} {one if number == 1 else many}")
    for name in texts:
        click.echo(visible(f"wrote {folder / name}"))
    click.echo("\nRead them, change what is wrong, then:")
    click.echo(visible(f"  buckstop check {folder}"))
    click.echo(visible(f"  buckstop build {folder} -o build"))
