"""``buckstop ack``: take notice of an incident."""

from __future__ import annotations

import json

import click

from buckstop.cli.ledger_client import Server, format_option, incident_id, server_options
from buckstop.ledger.text import neutral


@click.command()
@click.argument("incident")
@click.option("--note", default="", metavar="TEXT", help="What the record shall say beside it.")
@format_option
@server_options
def command(*, incident: str, note: str, form: str, server: str, token: str | None) -> None:
    """Acknowledge an incident, under your own name.

    Your name is the one that your token stands for; on loopback, the user that runs the ledger.

    \b
    Example:
      buckstop ack 17 --note "looking at the pods"
    """
    path = f"/incidents/{incident_id(incident)}/acknowledge"
    done = Server(server, token).post(path, {"note": note})
    if form == "json":
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))
        return
    click.echo(
        f"#{done['id']} acknowledged by {neutral(done['acknowledged_by'], 80)} for "
        f"{neutral(done['team_name'], 80)}"
    )
