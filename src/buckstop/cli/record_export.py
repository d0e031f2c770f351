"""``buckstop record export``: evidence for others, in one file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from buckstop.cli.main import CommandFailed
from buckstop.cli.moment import period
from buckstop.cli.serve import default_store, store_option

if TYPE_CHECKING:
    from buckstop.ledger.record.evidence import Subject


@click.command("export")
@click.argument("incident", required=False)
@click.option(
    "--since", "since_text", metavar="WHEN", help="All events from then on: a day or time."
)
@click.option(
    "--until", "until_text", metavar="WHEN", help="To before then; a day is the last. In UTC."
)
@click.option(
    "--checkpoints",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Signed checkpoints; the first that covers the events goes into the file.",
)
@click.option(
    "--key",
    "key_text",
    required=True,
    metavar="FILE",
    help="The public key of the checkpoints, FILE.pub; or the line in it.",
)
@click.option(
    "--into",
    "output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write it; the file must be new.",
)
@click.option(
    "--without-texts", is_flag=True, help="Leave out names, notes and other personal texts."
)
@store_option
def export_command(
    *,
    incident: str | None,
    since_text: str | None,
    until_text: str | None,
    folder: Path,
    key_text: str,
    output: Path,
    without_texts: bool,
    store: str | None,
) -> None:
    """Write the events of INCIDENT, or of a time, into a file that proves them.

    Whoever has the file and the ledger's public key verifies with `record verify FILE`, without the
    record and without asking anybody. Of a time it also shows that nothing was left out. The ledger
    may run meanwhile. The file has names in it, unless --without-texts leaves them out.

    \b
    Exit codes: 0 written; 2 there is no such evidence, or not yet.

    \b
    Example:
      buckstop record export 17 --checkpoints signed --key a.pub --into 17.proof
    """
    from buckstop.ledger.exporting import ExportRefusedError, export
    from buckstop.ledger.record.checkpoint_folder import CheckpointFolder, CheckpointsError
    from buckstop.ledger.record.key_file import KeyFileError, trust_of
    from buckstop.ledger.store import StoreError, StoreRefusedError
    from buckstop.ledger.store.opening import open_reader

    of = _subject(incident, since_text, until_text)
    try:
        believed = trust_of(key_text)
        reader = open_reader(store or default_store())
        try:
            lines = list(
                export(reader, CheckpointFolder(folder), believed, of, texts=not without_texts)
            )
        finally:
            reader.close()
        _write(output, lines)
    except (
        CheckpointsError,
        ExportRefusedError,
        KeyFileError,
        StoreError,
        StoreRefusedError,
    ) as error:
        raise CommandFailed(str(error)) from error
    click.echo(f"{output}  {len(lines) - 2:,} events; `buckstop record verify {output}` reads it")


def _subject(incident: str | None, since_text: str | None, until_text: str | None) -> Subject:
    from buckstop.cli.ledger_client import incident_id
    from buckstop.ledger.record.evidence import OfIncident, OfTime

    if incident is not None:
        if since_text is not None or until_text is not None:
            raise click.UsageError("give an incident, or --since and --until")
        return OfIncident(int(incident_id(incident)))
    if since_text is None or until_text is None:
        raise click.UsageError("give an incident, or --since and --until")
    return OfTime(*period(since_text, until_text))


def _write(path: Path, lines: list[str]) -> None:
    """A new file, whole, for its owner alone: it has names in it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror or error}") from error
