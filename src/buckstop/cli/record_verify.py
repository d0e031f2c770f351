"""``buckstop record verify``: whether the record is what was recorded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from buckstop.cli.main import CommandFailed
from buckstop.cli.record_evidence import verify_evidence
from buckstop.cli.serve import default_store, store_option
from buckstop.cli.waiting import said_if_slow

if TYPE_CHECKING:
    from buckstop.ledger.record.checkpoint import Checkpoint
    from buckstop.ledger.record.discrepancy import Discrepancy

SHOWN = 50
"""So many discrepancies are shown one by one; --all shows every one."""

UNSIGNED = (
    "no checkpoints were given: a record that was rewritten as a whole, or cut at its end, cannot "
    "be told from a true one (--checkpoints DIR --key FILE)"
)


@click.command("verify")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@store_option
@click.option(
    "--checkpoints",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Signed checkpoints, each of which must be of a beginning of this record.",
)
@click.option(
    "--key",
    "key_text",
    metavar="FILE",
    help="The public key of the checkpoints, FILE.pub; or the line in it.",
)
@click.option("--all", "show_all", is_flag=True, help=f"Show more than {SHOWN} discrepancies.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def verify_command(
    *,
    file: Path | None,
    store: str | None,
    folder: Path | None,
    key_text: str | None,
    show_all: bool,
    form: str,
) -> None:
    """Find every edit, deletion, insertion and reordering of the record.

    The ledger may run meanwhile. Whoever can write to the database can also make all hashes anew;
    that shows only against checkpoints which they could not write to.

    With FILE, which `record export` wrote, that is verified, and shown; the record is not needed.

    \b
    Exit codes: 0 the record holds; 1 it does not; 2 it cannot be read.

    \b
    Example:
      buckstop record verify --checkpoints checkpoints --key ledger.key.pub
      buckstop record verify 17.evidence --key ledger.key.pub
    """
    if file is not None:
        if store is not None or folder is not None:
            raise click.UsageError("a FILE of evidence needs neither --store nor --checkpoints")
        verify_evidence(file, key_text, form, show_all=show_all)
        return
    from buckstop.diagnostics import visible
    from buckstop.ledger.store import StoreRefusedError
    from buckstop.ledger.store.opening import open_verification, shown

    if (folder is None) != (key_text is None):
        raise click.UsageError("--checkpoints and --key go together")
    where = store or default_store()
    checkpoints: list[Checkpoint] = []
    found: list[Discrepancy] = []
    if folder is not None and key_text is not None:
        checkpoints, found = _checkpoints(folder, key_text)
    try:
        verification = open_verification(where, checkpoints)
    except StoreRefusedError as error:
        raise CommandFailed(str(error)) from error
    with said_if_slow("Verifying the record …"):
        found += verification.run()
    head = verification.head
    if form == "json":
        value = {
            "version": 1,
            "store": shown(where),
            "events": verification.events,
            "hash": head.hash.hex(),
            "checkpoints": len(checkpoints),
            "signed_to": verification.signed_to if checkpoints else None,
            "discrepancies": [_json(one) for one in found],
        }
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
    else:
        for one in found if show_all else found[:SHOWN]:
            click.echo(visible(f"{one.kind}: {one.said}"))
            click.echo(f"  {one.means}")
        if len(found) > SHOWN and not show_all:
            click.echo(f"and {len(found) - SHOWN:,} more (--all)")
        click.echo(visible(f"{shown(where)}: {_verdict(found)}; {verification.events:,} events"))
        click.echo(f"  last hash  {head.hash.hex()}")
        if checkpoints:
            click.echo(f"  as signed  up to event {verification.signed_to:,}")
        else:
            click.echo(f"  unsigned   {UNSIGNED}")
    if found:
        raise SystemExit(1)


def _checkpoints(folder: Path, key_text: str) -> tuple[list[Checkpoint], list[Discrepancy]]:
    from buckstop.ledger.record.checkpoint_folder import (
        CheckpointFolder,
        CheckpointsError,
        read_file,
    )
    from buckstop.ledger.record.discrepancy import Discrepancy
    from buckstop.ledger.record.key_file import KeyFileError, trust_of
    from buckstop.ledger.record.note import NoteInvalidError
    from buckstop.ledger.record.trust import KeyRevokedError

    checkpoints, invalid = [], []
    try:
        trusted = trust_of(key_text)
        files = CheckpointFolder(folder).files()
        if not files:
            raise CommandFailed(f"there is no checkpoint in {folder}")
        for file in files:
            try:
                checkpoints.append(read_file(file, trusted))
            except KeyRevokedError as error:
                invalid.append(Discrepancy("checkpoint-revoked", None, f"{file}: {error}"))
            except NoteInvalidError as error:
                invalid.append(Discrepancy("checkpoint-invalid", None, f"{file}: {error}"))
    except (CheckpointsError, KeyFileError) as error:
        raise CommandFailed(str(error)) from error
    return checkpoints, invalid


def _verdict(found: Sequence[Discrepancy]) -> str:
    if not found:
        return "the record holds"
    return (
        f"the record does not hold ({len(found):,} discrepanc{'y' if len(found) == 1 else 'ies'})"
    )


def _json(one: Discrepancy) -> dict[str, Any]:
    return {"kind": one.kind, "event": one.position, "message": one.said, "means": one.means}
