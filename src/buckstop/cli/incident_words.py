"""``buckstop incidents note`` and ``correct``: words for an incident's record."""

from __future__ import annotations

import json

import click

from buckstop.cli.ledger_client import Server, format_option, incident_id, server_options
from buckstop.ledger.text import neutral


@click.command("note")
@click.argument("incident")
@click.argument("text")
@format_option
@server_options
def note_command(incident: str, text: str, form: str, server: str, token: str | None) -> None:
    """Write TEXT into an incident's record, for the accountable team.

    \b
    Example:
      buckstop incidents note 17 "restarted pod b, no change"
    """
    done = Server(server, token).post(f"/incidents/{incident_id(incident)}/note", {"text": text})
    if form == "json":
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))
        return
    click.echo(f"#{done['id']} noted for {neutral(done['team_name'], 80)}")


@click.command("correct")
@click.argument("incident")
@click.argument("entry", type=click.IntRange(min=1))
@click.argument("text")
@format_option
@server_options
def correct_command(
    *, incident: str, entry: int, text: str, form: str, server: str, token: str | None
) -> None:
    """Say in TEXT what is wrong in an ENTRY of an incident's record, by its number there.

    The entry stays as it is; the correction stands behind it. Resolved incidents can be corrected
    too.

    \b
    Example:
      buckstop incidents correct 17 9 "it was pod b"
    """
    body = {"entry": entry, "text": text}
    done = Server(server, token).post(f"/incidents/{incident_id(incident)}/correct", body)
    if form == "json":
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))
        return
    click.echo(f"#{done['id']} entry {entry} corrected; it stays on record beside the correction")
