"""``buckstop init``: a charter to start from, from the user's own files where there are any."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from buckstop.adoption import Start
    from buckstop.cli.inputs import Inputs

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
    help="Rule files, an alertmanager.yml, or a folder of them; else the current folder.",
)
@click.option("--example", is_flag=True, help="Write the explained example whatever is here.")
@click.option("--force", is_flag=True, help="Write over a charter that is there already.")
def command(*, folder: Path, sources: tuple[Path, ...], example: bool, force: bool) -> None:
    """Write a charter to start from into DIR (charter).

    Where there are rule files or an alertmanager.yml, the charter says what they say: teams and
    contacts from the routes, severities and accountability from the rules. Otherwise it is an
    example that explains itself. Either passes `buckstop check`.

    \b
    Examples:
      buckstop init
      buckstop init ops/charter --from prometheus/rules --from alertmanager.yml
    """
    if example and sources:
        raise click.UsageError("--example takes nothing from --from; give one of the two")
    _refuse_to_overwrite(folder, force=force)
    start = None if example else _start(sources)
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


def _start(sources: tuple[Path, ...]) -> Start | None:
    """What the user's files say; None where there are none."""
    from buckstop.cli.inputs import Named, find_inputs
    from buckstop.cli.main import CommandFailed

    inputs = find_inputs(sources, Named(), kinds={"alertmanager", "manifest"}, option="--from")
    # Rules and routes that were built from a charter are no source for one.
    own = inputs.manifest is None and (inputs.rules or inputs.alertmanager)
    if not own and sources:
        raise CommandFailed(
            "no rule file or alertmanager.yml of your own in "
            + ", ".join(str(path) for path in sources)
        )
    if not own:
        return None
    return _read(inputs)


def _read(inputs: Inputs) -> Start:
    from buckstop.adoption import read_start
    from buckstop.alertmanager import read as read_alertmanager
    from buckstop.cli.main import CommandFailed
    from buckstop.prometheus import read_rules

    rule_files = []
    unread = [found.message for found in inputs.unread]
    for file in inputs.rules:
        rules, diagnostics = read_rules(file.data, file.display)
        if rules is None:
            unread.append(f"{file.display}: {diagnostics[0].message}")
        else:
            rule_files.append(rules)
    config = None
    if inputs.alertmanager is not None:
        config, diagnostics = read_alertmanager(
            inputs.alertmanager.data, inputs.alertmanager.display
        )
        if config is None:
            unread.append(f"{inputs.alertmanager.display}: {diagnostics[0].message}")
    if unread:
        # A charter without what stands in such a file would name the wrong teams in silence.
        raise CommandFailed(
            "these could not be read, and a charter without them would be wrong:\n  "
            + "\n  ".join(unread)
            + "\nMend them (`buckstop check` shows the places), or name others with --from."
        )
    return read_start(tuple(rule_files), config, tuple(file.display for file in inputs.files))


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
