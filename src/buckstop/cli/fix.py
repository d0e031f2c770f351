"""``buckstop fix``: the mends that are safe, as a diff first."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from buckstop.cli.target import Aimed, target_option

if TYPE_CHECKING:
    from buckstop.cli.fix_subject import MendedFile
    from buckstop.diagnostics import Span
    from buckstop.mends import SecretFile, View

FILE = click.Path(path_type=Path)
_SECRET_MODE = 0o600
_FOLDER_MODE = 0o700


@click.command("fix")
@click.argument("paths", nargs=-1, type=FILE, metavar="[PATH]...")
@click.option("--alertmanager", type=FILE, metavar="FILE", help="The alertmanager.yml to take.")
@click.option("--write", is_flag=True, help="Write the mended file in the place of the old one.")
@click.option(
    "--secrets-folder",
    type=FILE,
    metavar="DIR",
    help="Move inline secrets to files in DIR, which Alertmanager must be able to read.",
)
@target_option(
    "Who is to load the file, such as alertmanager=0.28; without it, only what every supported "
    "version takes is written.",
    "alertmanager",
)
def command(
    *,
    paths: tuple[Path, ...],
    alertmanager: Path | None,
    write: bool,
    secrets_folder: Path | None,
    target: Aimed,
) -> None:
    """Mend what can be mended without changing what it means.

    PATHs are files and folders, in which alertmanager.yml and Kubernetes objects that hold one are
    told by their content; without one the current folder is searched, and - is standard input. The
    diff is shown; --write makes it so. What is not mended keeps every byte,
    comments and layout included.

    \b
    Mended: match and match_re, as matchers; matchers that newer versions read
    otherwise, in quotes; the top-level mute_time_intervals, as time_intervals;
    continue: false, which is the default; regex: true of an AlertmanagerConfig,
    as matchType; with --secrets-folder, inline secrets, as files.

    \b
    Exit codes: 0 nothing to mend, or it is written; 1 there is something to
    mend, or a file has an error; 2 an input cannot be read or written.

    \b
    Examples:
      buckstop fix alertmanager.yml
      buckstop fix --write alertmanager.yml
      buckstop fix --secrets-folder /etc/alertmanager/secrets --write .
    """
    from buckstop.cli.fix_subject import mended_files
    from buckstop.cli.inputs import Named, find_inputs
    from buckstop.cli.main import CommandFailed

    inputs = find_inputs(paths, Named(alertmanager=alertmanager), kinds={"alertmanager"})
    if inputs.unread:
        raise CommandFailed(inputs.unread[0].message)
    if inputs.alertmanager is None and not inputs.objects:
        where = ", ".join(str(path) for path in paths) or "the current folder"
        raise CommandFailed(f"no alertmanager.yml and no Kubernetes object found in {where}")
    files = mended_files(inputs, target.alertmanager, secrets_folder)
    for file in files:
        _show(file)
    to_write = [file for file in files if file.mends]
    if write:
        _write(to_write)
    _sum_up(files, is_written=write)
    if any(file.diagnostics for file in files) or (to_write and not write):
        sys.exit(1)


def _show(file: MendedFile) -> None:
    if file.diagnostics:
        _show_errors(file)
    for view in file.views:
        _show_diff(view)
    for kept in file.kept:
        _say(f"{_place(kept.span)}: left as it is: {kept.reason}")


def _sum_up(files: tuple[MendedFile, ...], *, is_written: bool) -> None:
    from buckstop.diagnostics import visible

    for file in files:
        count = len(file.mends)
        if is_written:
            how = "made"
        elif file.path is None:
            how = "to make where this was rendered from"
        else:
            how = "to make; --write makes it so"
        if count:
            _say(f"{visible(file.display)}: {count} mend{'' if count == 1 else 's'} {how}")
    if not any(file.mends or file.diagnostics for file in files):
        said = visible(files[0].display) if len(files) == 1 else f"{len(files):,} files"
        _say(f"{said}: nothing to mend")


def _place(span: Span) -> str:
    from buckstop.diagnostics import visible

    return visible(str(span))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _show_errors(file: MendedFile) -> None:
    from rich.console import Console

    from buckstop.diagnostics import render_terminal

    console = Console(stderr=True, highlight=False)
    render_terminal(file.diagnostics, {file.display: file.shown}, console)
    _say("what a server refuses is not mended: `buckstop check` says what is wrong")


def _show_diff(view: View) -> None:
    """A unified diff of two texts without secrets, with nothing that a terminal would obey."""
    from buckstop.diagnostics import visible

    lines = difflib.unified_diff(
        view.old.splitlines(),
        view.new.splitlines(),
        f"a/{view.file.lstrip('/')}",
        f"b/{view.file.lstrip('/')}",
        lineterm="",
    )
    for line in lines:
        click.echo("\t".join(map(visible, line.split("\t"))))


def _write(files: list[MendedFile]) -> None:
    """The secrets' files, then the others; where one cannot be written, nothing is changed."""
    from buckstop.cli.main import CommandFailed
    from buckstop.document import NotWrittenError, staged

    texts = {file.path: file.text for file in files if file.path is not None}
    if len(texts) < len(files):
        raise CommandFailed("standard input is not written: mend what it was rendered from")
    mends = [mend for file in files for mend in file.mends]
    secrets = list({one.secret.path: one.secret for one in mends if one.secret}.values())
    made: list[Path] = []
    try:
        with staged(texts) as put:
            _write_secrets(secrets, made)
            for path in texts:
                put(path)
    except (OSError, NotWrittenError, CommandFailed) as error:
        for secret in made:
            secret.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise CommandFailed(f"{error.filename}: {error.strerror}") from error
        if isinstance(error, NotWrittenError):
            raise CommandFailed(str(error)) from error
        raise


def _write_secrets(secrets: Iterable[SecretFile], made: list[Path]) -> None:
    """Each into a file that its owner alone can read; one that is there already must say the same.

    Those that are made are appended to `made`.
    """
    from buckstop.cli.main import CommandFailed

    for secret in secrets:
        path = Path(secret.path)
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _SECRET_MODE)
        except FileExistsError:
            if path.read_bytes() != secret.secret.encode():
                raise CommandFailed(
                    f"{path} exists and holds something else; nothing was changed"
                ) from None
            continue
        made.append(path)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret.secret.encode())
            file.flush()
            os.fsync(descriptor)
