"""``buckstop record erase``: a person's texts gone, the record whole."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime

import click

from buckstop.cli.main import CommandFailed
from buckstop.cli.serve import default_store, store_option

NAMED_MENTIONS = 20


@click.command("erase")
@click.argument("person")
@click.option("--reason", required=True, metavar="TEXT", help="Why; the record keeps it.")
@click.option("--by", metavar="NAME", help="Who erases. Default: the user of this shell.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@store_option
def erase_command(
    *, person: str, reason: str, by: str | None, yes: bool, store: str | None
) -> None:
    """Erase what the record says of PERSON: their name, their notes, their silences.

    That they did something, when, and what, stays, and every hash and checkpoint still holds; who
    it was cannot be found out again. The erasure is itself on record, without the name. Labels and
    annotations of alerts are part of what is hashed, and stay.

    The ledger must not run meanwhile. With PostgreSQL it may, but its memory has the name until it
    is started again; there the owner of the tables erases. What may keep a text's bytes is written
    anew; backups keep them.

    \b
    Example:
      buckstop record erase jo@acme.example --reason "request 17"
    """
    from buckstop.ledger.erasing import ErasureRefusedError, erase
    from buckstop.ledger.store import StoreError, StoreRefusedError
    from buckstop.ledger.store.opening import open_eraser, shown

    where = store or default_store()
    if not yes:
        click.confirm(f"Erase {person} from {shown(where)}? It cannot be undone", abort=True)
    try:
        opened = open_eraser(where)
        try:
            done = erase(opened, person, by or getpass.getuser(), reason, datetime.now(UTC))
        finally:
            opened.close()
    except (ErasureRefusedError, StoreError, StoreRefusedError) as error:
        raise CommandFailed(str(error)) from error
    if done.texts:
        click.echo(f"{done.texts:,} texts of {done.events:,} events erased")
    else:
        click.echo("nothing on record concerns a person of exactly this name")
    if done.mentions:
        named = ", ".join(map(str, done.mentions[:NAMED_MENTIONS]))
        more = len(done.mentions) - NAMED_MENTIONS
        click.echo(
            f"texts of others have the name in them, and stay: events {named}"
            + (f" and {more:,} more" if more > 0 else "")
        )
