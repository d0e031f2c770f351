"""``buckstop resolve``: end an incident by hand."""

from __future__ import annotations

import json

import click

from buckstop.cli.ledger_client import Server, format_option, incident_id, server_options
from buckstop.ledger.text import neutral


@click.command()
@click.argument("incident")
@click.option("--reason", required=True, metavar="TEXT", help="Why; the record keeps it.")
@format_option
@server_options
def command(*, incident: str, reason: str, form: str, server: str, token: str | None) -> None:
    """Resolve an incident by hand, with a reason.

    It resolves by itself once every source says so. While its alerts still fire, a resolution by
    hand holds for an hour; then they open a new incident.

    \b
    Example:
      buckstop resolve 17 --reason "rolled back to v41"
    """
    path = f"/incidents/{incident_id(incident)}/resolve"
    done = Server(server, token).post(path, {"reason": reason})
    if form == "json":
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))
        return
    firing = "; its alerts still fire" if done["still_firing"] else ""
    click.echo(f"#{done['id']} resolved by {neutral(done['resolved_by'], 80)}{firing}")
