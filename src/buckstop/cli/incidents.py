"""``buckstop incidents``: the ledger's incidents from a terminal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from buckstop.cli.ledger_client import Server, format_option, incident_id, server_options
from buckstop.ledger.text import neutral

SEVERITY_STYLES = {"critical": "bold red", "major": "yellow"}


@click.group()
def command() -> None:
    """List and show the ledger's incidents.

    \b
    Example:
      buckstop incidents list --state open
    """


@command.command("list")
@click.option(
    "--state",
    type=click.Choice(["open", "resolved", "all"]),
    default="open",
    show_default=True,
    help="Which incidents.",
)
@format_option
@server_options
def list_command(state: str, form: str, server: str, token: str | None) -> None:
    """Say who is accountable for what.

    \b
    Example:
      buckstop incidents list --state all --format json
    """
    found = Server(server, token).get("/incidents", state=state)
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    incidents = found["incidents"]
    if not incidents:
        console.print(
            "No open incident." if state == "open" else f"No incident ({state}).", markup=False
        )
        return
    now = datetime.now(UTC)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("ID", "ACCOUNTABLE", "SEVERITY", "MODEL", "WHAT", "SINCE", "STATE"):
        # On a narrow terminal the words fold; the owner is never cut.
        table.add_column(heading, overflow="fold", no_wrap=heading in {"ID", "SINCE"})
    for incident in incidents:
        severity = incident["severity"] or ""
        table.add_row(
            Text(f"#{incident['id']}"),
            Text(_line(incident["team_name"], 60), style="bold"),
            Text(_line(severity, 40), style=SEVERITY_STYLES.get(severity, "")),
            Text(_line(incident["model"] or "", 60)),
            Text(_line(incident["summary"], 160)),
            Text(_age(incident["opened_at"], now)),
            _state(incident),
        )
    console.print(table)


@command.command("show")
@click.argument("incident")
@format_option
@server_options
def show_command(incident: str, form: str, server: str, token: str | None) -> None:
    """Show one incident and its whole record.

    \b
    Example:
      buckstop incidents show 17
    """
    found = Server(server, token).get(f"/incidents/{incident_id(incident)}")
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    verb = "is" if found["state"] == "open" else "was"
    if found["team"] is None:
        console.print(Text(f"#{found['id']} nobody needs to answer", style="bold"))
    else:
        name = _line(found["team_name"], 80)
        console.print(Text(f"#{found['id']} {name} {verb} accountable", style="bold"))
    console.print(Text(_line(found["summary"], 400)))
    console.print()
    console.print(_facts(found))
    console.print()
    table = Table(box=None, pad_edge=False, show_header=False)
    for event in found["history"]:
        at = datetime.fromisoformat(event["at"])
        table.add_row(
            Text(f"{at:%Y-%m-%d %H:%M:%S}", style="dim"),
            Text(event["kind"].replace("_", " "), style="bold"),
            Text(_line(event["by"], 60), style="dim"),
            Text(_line(event["why"], 400)),
        )
    console.print(table)


def _facts(found: dict[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)

    def fact(name: str, value: str) -> None:
        table.add_row(Text(name, style="dim"), Text(value))

    authority = found["authority"]
    if authority is not None:
        place = f"{authority['file']}:{authority['line']}  " if authority["file"] else ""
        fact("because", _line(f"{place}{authority['text']}", 300))
        fact("charter", _line(authority["charter_digest"], 80))
    fact("state", str(_state(found)))
    fact("owed", _line(found["owed"], 80))
    receivers = ", ".join(found["routed"]["receivers"]) or "no receiver"
    fact("routed", _line(f"{receivers}. {found['routed']['note']}".rstrip(". "), 400))
    fact("withheld", _line(found["notification"], 300))
    fact("delivery", _line(found["delivery"], 80))
    if found["resolution"]:
        fact("resolved", _line(f"{found['resolved_by']}: {found['resolution']}", 400))
    return table


def _state(incident: dict[str, Any]) -> Text:
    if incident["state"] == "resolved":
        return Text("resolved, still firing" if incident["still_firing"] else "resolved", "green")
    by = incident["acknowledged_by"]
    text = Text("not acknowledged", "bold") if by is None else Text(f"ack by {_line(by, 40)}")
    if incident["notification"].startswith("recorded"):
        text.append(f"; {_line(incident['notification'], 120)}", "yellow")
    return text


def _age(moment: str, now: datetime) -> str:
    minutes = max(0, int((now - datetime.fromisoformat(moment)).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes < 1440 else f"{minutes // 1440} d"


def _line(text: str, limit: int) -> str:
    """Hostile text in one harmless line: no control characters, no escape sequences."""
    return " ".join(neutral(text, limit).split())
