"""What ``fix`` mends: an ``alertmanager.yml``, and the Kubernetes objects that hold one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from buckstop.cli.excerpts import without_secrets, without_spans
from buckstop.cli.input_kinds import InputFile
from buckstop.cli.input_search import STANDARD_INPUT
from buckstop.cli.inputs import Inputs
from buckstop.cli.main import CommandFailed
from buckstop.diagnostics import Diagnostic
from buckstop.mends import Kept, Mend, View, mend_alertmanager, mend_objects


@dataclass(frozen=True, slots=True)
class MendedFile:
    """One file, mended as far as that is safe.

    Attributes:
        path: where it is written; None for standard input.
        display: its name for people.
        text: the new text.
        shown: the old text without its secrets.
        views: what changes, without secrets.
        diagnostics: why it, or a part of it, was not looked at.
    """

    path: Path | None
    display: str
    text: str
    shown: str
    mends: tuple[Mend, ...]
    kept: tuple[Kept, ...]
    diagnostics: tuple[Diagnostic, ...]
    views: tuple[View, ...]


def mended_files(
    inputs: Inputs, version: str | None, secrets_folder: Path | None
) -> tuple[MendedFile, ...]:
    """Every file of `inputs`, mended for `version` of Alertmanager.

    Raises:
        CommandFailed: one is no UTF-8 text.
    """
    folder = None if secrets_folder is None else str(secrets_folder.absolute())
    plain = inputs.alertmanager
    return (
        *(() if plain is None else (_mended_plain(plain, version, folder),)),
        *(
            _mended_objects(file, version, moves_secrets=folder is not None)
            for file in inputs.objects
        ),
    )


def _mended_plain(file: InputFile, version: str | None, folder: str | None) -> MendedFile:
    text = _text(file)
    mended = mend_alertmanager(text, file.display, version, folder)
    view = View(file.display, without_secrets(text), without_secrets(mended.text))
    return MendedFile(
        file.path,
        file.display,
        mended.text,
        without_secrets(file.text),
        mended.mends,
        mended.kept,
        mended.diagnostics,
        (view,) if mended.mends else (),
    )


def _mended_objects(file: InputFile, version: str | None, *, moves_secrets: bool) -> MendedFile:
    text = _text(file)
    mended = mend_objects(text, file.display, version, moves_secrets=moves_secrets)
    return MendedFile(
        None if file.path == STANDARD_INPUT else file.path,
        file.display,
        mended.text,
        _of_objects(text),
        mended.mends,
        mended.kept,
        mended.diagnostics,
        tuple(_without_secrets(view, file.display) for view in mended.views),
    )


def _without_secrets(view: View, display: str) -> View:
    """`view` of a file of objects, or of a text in one that is encoded, without secrets."""
    cleared = _of_objects if view.file == display else without_secrets
    return View(view.file, cleared(view.old), cleared(view.new))


def _of_objects(text: str) -> str:
    """Kubernetes objects without the values of Secrets, but for configurations line by line."""
    from buckstop.kubernetes.collection import collect
    from buckstop.kubernetes.objects import Stream

    secrets = collect([Stream(text.encode(), "")]).secrets
    return without_spans(without_secrets(text), (span[1:] for span in secrets))


def _text(file: InputFile) -> str:
    try:
        return file.data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandFailed(f"{file.display} is not UTF-8 text") from error
