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
    from buckstop.cli.input_kinds import InputFile
    from buckstop.diagnostics import Span
    from buckstop.mends import Mended, SecretFile

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

    PATHs are files and folders, in which alertmanager.yml is told by its content; without one the
    current folder is searched. The diff is shown; --write makes it so. What is not mended keeps
    every byte, comments and layout included.

    \b
    Mended: match and match_re, as matchers; matchers that newer versions read
    otherwise, in quotes; the top-level mute_time_intervals, as time_intervals;
    continue: false, which is the default; with --secrets-folder, inline
    secrets, as files.

    \b
    Exit codes: 0 nothing to mend, or it is written; 1 there is something to
    mend, or the file has an error; 2 an input cannot be read or written.

    \b
    Examples:
      buckstop fix alertmanager.yml
      buckstop fix --write alertmanager.yml
      buckstop fix --secrets-folder /etc/alertmanager/secrets --write .
    """
    from buckstop.cli.inputs import Named, find_inputs
    from buckstop.cli.main import CommandFailed
    from buckstop.diagnostics import visible
    from buckstop.mends import mend_alertmanager

    inputs = find_inputs(paths, Named(alertmanager=alertmanager), kinds={"alertmanager"})
    file = inputs.alertmanager
    if inputs.unread:
        raise CommandFailed(inputs.unread[0].message)
    if file is None:
        where = ", ".join(str(path) for path in paths) or "the current folder"
        other = "; Kubernetes objects and standard input are not mended" if inputs.objects else ""
        raise CommandFailed(f"no alertmanager.yml found in {where}{other}")
    try:
        text = file.data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{file.display} is not UTF-8 text") from error
    folder = None if secrets_folder is None else str(secrets_folder.absolute())
    mended = mend_alertmanager(text, file.display, target.alertmanager, folder)
    if mended.diagnostics:
        _show_errors(file, mended)
        sys.exit(1)
    _show_diff(text, mended.text, file.display)
    for kept in mended.kept:
        _say(f"{_place(kept.span)}: left as it is: {kept.reason}")
    if not mended.mends:
        _say(f"{visible(file.display)}: nothing to mend")
        return
    if not write:
        _say(f"{visible(file.display)}: {_counted(mended)} to make; --write makes it so")
        sys.exit(1)
    _write(file.path, mended)
    _say(f"{visible(file.display)}: {_counted(mended)} made")


def _counted(mended: Mended) -> str:
    count = len(mended.mends)
    return f"{count} mend{'' if count == 1 else 's'}"


def _place(span: Span) -> str:
    from buckstop.diagnostics import visible

    return visible(str(span))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _show_errors(file: InputFile, mended: Mended) -> None:
    from rich.console import Console

    from buckstop.cli.excerpts import without_secrets
    from buckstop.diagnostics import render_terminal

    console = Console(stderr=True, highlight=False)
    render_terminal(mended.diagnostics, {file.display: without_secrets(file.text)}, console)
    _say("a file that Alertmanager refuses is not mended: `buckstop check` says what is wrong")


def _show_diff(old: str, new: str, display: str) -> None:
    """A unified diff in which no secret can be read, and nothing that a terminal would obey."""
    from buckstop.cli.excerpts import without_secrets
    from buckstop.diagnostics import visible

    lines = difflib.unified_diff(
        without_secrets(old).splitlines(),
        without_secrets(new).splitlines(),
        f"a/{display.lstrip('/')}",
        f"b/{display.lstrip('/')}",
        lineterm="",
    )
    for line in lines:
        click.echo("\t".join(map(visible, line.split("\t"))))


def _write(path: Path, mended: Mended) -> None:
    """The secrets' files, then the file; where one cannot be written, nothing is changed."""
    from buckstop.cli.main import CommandFailed
    from buckstop.document import NotWrittenError, staged

    secrets = list({one.secret.path: one.secret for one in mended.mends if one.secret}.values())
    made: list[Path] = []
    try:
        with staged({path: mended.text}) as put:
            _write_secrets(secrets, made)
            put(path)
    except (OSError, NotWrittenError, CommandFailed) as error:
        for secret in made:
            secret.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise CommandFailed(f"{error.filename or path}: {error.strerror}") from error
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
