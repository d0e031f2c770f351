"""``buckstop record``: the ledger's record as evidence."""

from __future__ import annotations

import socket
from pathlib import Path

import click

from buckstop.cli.main import CommandFailed
from buckstop.cli.record_erase import erase_command
from buckstop.cli.record_export import export_command
from buckstop.cli.record_verify import verify_command
from buckstop.cli.serve import default_store, store_option


@click.group("record")
def command() -> None:
    """Verify the ledger's record, sign checkpoints, take evidence out, erase a person.

    \b
    Example:
      buckstop record verify --checkpoints checkpoints --key ledger.key.pub
    """


command.add_command(verify_command)
command.add_command(export_command)
command.add_command(erase_command)


@command.command("key")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--name",
    metavar="NAME",
    help="The record's name in its checkpoints, such as acme.example/ledger. "
    "Default: this machine's name and /ledger.",
)
@click.option(
    "--after",
    "former_text",
    metavar="FILE",
    help="The public file of the key that this one replaces; its keys go into FILE.pub too.",
)
@click.option(
    "--last",
    type=click.IntRange(min=0),
    metavar="N",
    help="The last event up to which the former key is believed. Default: that of the latest "
    "checkpoint in --checkpoints.",
)
@click.option(
    "--checkpoints",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="What the former key has signed.",
)
def key_command(
    *,
    file: Path,
    name: str | None,
    former_text: str | None,
    last: int | None,
    checkpoints: Path | None,
) -> None:
    """Make a key that signs checkpoints.

    FILE gets the key, for the ledger alone (mode 0600); FILE.pub its public half, for everybody who
    is to verify the record.

    With --after it replaces another one. What that had signed stays valid; what it signs of a
    longer record is refused by whoever has the new FILE.pub. If it leaked, say with --last the last
    event that it had surely signed before.

    \b
    Example:
      buckstop record key ledger.key --name acme.example/ledger
      buckstop record key new.key --after ledger.key.pub --checkpoints checkpoints
    """
    from buckstop.ledger.record.checkpoint_folder import CheckpointFolder, CheckpointsError
    from buckstop.ledger.record.key_file import KeyFileError, make_key, trust_of

    if former_text is None and (last is not None or checkpoints is not None):
        raise click.UsageError("--last and --checkpoints need --after")
    if former_text is not None and (last is None) == (checkpoints is None):
        raise click.UsageError("--after needs one of --last and --checkpoints")
    if former_text is not None and name is not None:
        raise click.UsageError("with --after the record keeps its name; leave out --name")
    try:
        if former_text is None:
            verifier, public = make_key(file, name or f"{socket.gethostname()}/ledger")
        else:
            former = trust_of(former_text)
            if checkpoints is not None:
                latest = CheckpointFolder(checkpoints).latest(former)
                last = 0 if latest is None else latest.size
            assert last is not None, "either is there"
            verifier, public = make_key(file, former.name, former=former, until=last)
            click.echo(f"{former_text}  is believed up to event {last:,}, and no further")
    except (CheckpointsError, KeyFileError) as error:
        raise CommandFailed(str(error)) from error
    click.echo(f"{file}  signs; keep it where only the ledger reads it, and a copy elsewhere")
    click.echo(f"{public}  verifies: {verifier}")


@command.command("checkpoint")
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where checkpoints are kept; the root of a git repository gets a commit for each.",
)
@click.option(
    "--key",
    "key_path",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The signing key that `record key` made.",
)
@store_option
def checkpoint_command(folder: Path, key_path: Path, store: str | None) -> None:
    """Sign the record as it is now; `serve --checkpoints` does so by itself.

    Nothing is signed where the record does not begin with what was signed before.

    \b
    Exit codes: 0 signed; 1 it is not what was signed before; 2 it cannot be read.

    \b
    Example:
      buckstop record checkpoint --to checkpoints --key ledger.key
    """
    from buckstop.ledger.checkpointing import Checkpointer, RecordDiffersError
    from buckstop.ledger.record.checkpoint_folder import CheckpointFolder, CheckpointsError
    from buckstop.ledger.record.key_file import KeyFileError, read_key_file, trust_beside
    from buckstop.ledger.store import StoreError, StoreRefusedError
    from buckstop.ledger.store.opening import open_reader, shown

    where = store or default_store()
    try:
        key = read_key_file(key_path)
        trusted = trust_beside(key_path, key)
        reader = open_reader(where)
        try:
            written = Checkpointer(reader, key, CheckpointFolder(folder), trusted).write()
        finally:
            reader.close()
    except RecordDiffersError as error:
        click.echo(
            f"{shown(where)} is not signed: {error}; `buckstop record verify` says more", err=True
        )
        raise SystemExit(1) from error
    except (CheckpointsError, KeyFileError, StoreError, StoreRefusedError) as error:
        raise CommandFailed(str(error)) from error
    click.echo("nothing was recorded since the latest checkpoint" if written is None else written)


@command.command("prepare")
@click.option(
    "--store",
    "where",
    required=True,
    metavar="STORE",
    help="postgresql://OWNER@HOST/DATABASE, as the one who may make tables there.",
)
@click.option(
    "--role",
    required=True,
    metavar="ROLE",
    help="As whom the ledger connects; it may append to the record and change nothing of it.",
)
def prepare_command(where: str, role: str) -> None:
    """Make a PostgreSQL database ready for the ledger, or bring its schema up to date.

    A file needs no such step. Put no password on the command line: libpq reads ~/.pgpass.

    \b
    Example:
      buckstop record prepare --store postgresql://owner@db/ledger --role ledger
    """
    from buckstop.ledger.store import StoreRefusedError
    from buckstop.ledger.store.opening import is_postgres, shown
    from buckstop.ledger.store.postgres.preparing import prepare

    if not is_postgres(where):
        raise click.UsageError("--store: only a database is prepared: postgresql://HOST/DATABASE")
    try:
        number = prepare(where, role)
    except StoreRefusedError as error:
        raise CommandFailed(str(error)) from error
    click.echo(f"{shown(where)}  has schema {number}; the ledger connects as {role}")
