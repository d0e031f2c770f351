"""``buckstop record erase``: a person's texts gone, the record whole."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime

import click

from buckstop.cli.ledger_client import Server
from buckstop.cli.main import CommandFailed
from buckstop.cli.serve import default_store, store_option

NAMED_MENTIONS = 20
ERASING_SECONDS = 3600.0
"""A large file is written anew while the answer is waited for."""


@click.command("erase")
@click.argument("person")
@click.option("--reason", required=True, metavar="TEXT", help="Why; the record keeps it.")
@click.option("--by", metavar="NAME", help="Who erases. Default: the user of this shell.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--server",
    metavar="URL",
    help="A running ledger that erases, in the place of --store; its token has the scope erase.",
)
@click.option(
    "--token",
    envvar="BUCKSTOP_TOKEN",
    metavar="TOKEN",
    help="Who you are there; better in BUCKSTOP_TOKEN than on the command line.",
)
@store_option
def erase_command(
    *,
    person: str,
    reason: str,
    by: str | None,
    yes: bool,
    server: str | None,
    token: str | None,
    store: str | None,
) -> None:
    """Erase what the record says of PERSON: their name, their notes, their silences.

    That they did something, when, and what, stays, and every hash and checkpoint still holds; who
    it was cannot be found out again. The erasure is itself on record, without the name. Labels and
    annotations of alerts are part of what is hashed, and stay.

    A ledger that runs does it with --server. A file is erased from with --store while none runs;
    PostgreSQL by the owner of its tables, whether one runs or not. What may keep a text's bytes is
    written anew; backups keep them.

    \b
    Example:
      buckstop record erase jo@acme.org --reason asked --server http://ledger:9890
      buckstop record erase jo@acme.org --reason asked --store ledger.sqlite3
    """
    if server is not None and (store is not None or by is not None):
        raise click.UsageError("--server goes without --store and --by: the token says who erases")
    from buckstop.ledger.erasing import ErasureRefusedError, erase
    from buckstop.ledger.store import Erasure, StoreError, StoreRefusedError
    from buckstop.ledger.store.opening import open_eraser, shown

    where = store or default_store()
    if not yes:
        place = server or shown(where)
        click.confirm(f"Erase {person} from {place}? It cannot be undone", abort=True)
    if server is not None:
        body = {"person": person, "reason": reason}
        answer = Server(server, token, ERASING_SECONDS).post("/erasures", body)
        done = Erasure(answer["texts"], answer["events"], tuple(answer["mentions"]))
    else:
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
