"""``buckstop incidents``: the ledger's incidents from a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from buckstop.cli.incident_comparison import compare_command
from buckstop.cli.incident_words import correct_command, note_command
from buckstop.cli.ledger_client import (
    Server,
    format_option,
    incident_id,
    moment_text,
    server_options,
)
from buckstop.cli.tables import Row, Shape, print_table
from buckstop.ledger.text import neutral

SEVERITY_STYLES = {"critical": "bold red", "major": "yellow"}


@click.group()
def command() -> None:
    """List and show the ledger's incidents; write into their record.

    \b
    Example:
      buckstop incidents list --state open
    """


command.add_command(note_command)
command.add_command(correct_command)
command.add_command(compare_command)


@command.command("list")
@click.option(
    "--state",
    type=click.Choice(["open", "resolved", "all"]),
    default="open",
    show_default=True,
    help="Which incidents.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 500),
    default=100,
    show_default=True,
    help="The most that are listed.",
)
@click.option(
    "--offset",
    type=click.IntRange(0, 10_000_000),
    default=0,
    metavar="N",
    help="Pass over so many: the next page.",
)
@format_option
@server_options
def list_command(
    *, state: str, limit: int, offset: int, form: str, server: str, token: str | None
) -> None:
    """Say who is accountable for what: the open ones, then the resolved, the newest first.

    \b
    Example:
      buckstop incidents list --state all --format json
    """
    found = Server(server, token).get("/incidents", state=state, limit=limit, offset=offset)
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    if found["shadow"]:
        console.print("Shadow: these would answer, and nobody is asked to.", style="yellow")
    incidents = found["incidents"]
    if not incidents:
        none = "No open incident" if state == "open" else f"No incident ({state})"
        after = f" after the first {offset:,}" if offset else ""
        console.print(f"{none}{after}.", markup=False)
        return
    now = datetime.now(UTC)
    headings = ("ID", "ACCOUNTABLE", "SEVERITY", "MODEL", "WHAT", "SINCE", "STATE")
    print_table([_listed(one, now) for one in incidents], Shape(headings), console)
    if found["more"]:
        console.print(f"There are more: --offset {offset + len(incidents)}", markup=False)


def _listed(incident: dict[str, Any], now: datetime) -> Row:
    severity = incident["severity"] or ""
    return Row(
        (
            Text(f"#{incident['id']}"),
            Text(_line(incident["team_name"], 60), "bold"),
            Text(_line(severity, 40), SEVERITY_STYLES.get(severity, "")),
            Text(_line(incident["model"] or "", 60)),
            Text(_line(incident["summary"], 160)),
            Text(_age(incident["opened_at"], now)),
            _state(incident),
        )
    )


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
        console.print(Text(f"#{found['id']} {name} {verb} accountable", "bold"), soft_wrap=True)
    console.print(Text(_line(found["summary"], 400)), soft_wrap=True)
    console.print()
    print_table(list(_facts(found)), Shape(), console)
    console.print()
    print_table([_event(one) for one in found["history"]], Shape(), console)


@command.command("refused")
@format_option
@server_options
def refused_command(form: str, server: str, token: str | None) -> None:
    """Say who tried what they may not, the newest first.

    \b
    Example:
      buckstop incidents refused
    """
    found = Server(server, token).get("/refusals")
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    if not found["refusals"]:
        console.print("Nothing has been refused.", markup=False)
        return
    headings = ("WHEN", "WHO", "TRIED", "OF", "TIMES", "WHY NOT")
    print_table([_refusal(one) for one in found["refusals"]], Shape(headings), console)


def _refusal(refusal: dict[str, Any]) -> Row:
    about = "" if refusal["incident"] is None else f"#{refusal['incident']}"
    return Row(
        (
            Text(moment_text(refusal["at"]), "dim"),
            Text(_line(refusal["person"], 80), "bold"),
            Text(_line(refusal["act"], 40)),
            Text(about),
            Text(str(refusal["times"])),
            Text(_line(refusal["why"], 300)),
        )
    )


def _event(event: dict[str, Any]) -> Row:
    at = datetime.fromisoformat(event["at"])
    by = event["by"] if event["team"] is None else f"{event['by']} for {event['team']}"
    said = [event["about"], event["why"]]
    said += [f"corrected by entry {entry}" for entry in event["corrected_by"]]
    return Row(
        (
            Text(str(event["entry"]), "dim"),
            Text(f"{at:%Y-%m-%d %H:%M:%S}", "dim"),
            Text(event["kind"].replace("_", " "), "bold"),
            Text(_line(by, 120), "dim"),
            Text(_line("; ".join(filter(None, said)), 500)),
        )
    )


def _facts(found: dict[str, Any]) -> Iterator[Row]:
    authority = found["authority"]
    if authority is not None:
        place = f"{authority['file']}:{authority['line']}  " if authority["file"] else ""
        yield _fact("because", _line(f"{place}{authority['text']}", 300))
        yield _fact("charter", _line(authority["charter_digest"], 80))
    yield _fact("state", str(_state(found)))
    if found["handover"]:
        yield _fact("handed over", _line(found["handover"], 300))
    rerouting = found["rerouting"]
    if rerouting is not None:
        yield _fact("led", _line(rerouting["text"], 400))
        for one in rerouting["alertmanagers"]:
            yield _fact("", _line(f"{one['url']}: {one['state']}", 300))
    proposal = found["proposal"]
    if proposal is not None:
        asked = f"{proposal['to_team_name']} by {proposal['by']}: {proposal['reason']}"
        yield _fact("proposed to", _line(f"{asked} (until {moment_text(proposal['until'])})", 400))
    yield _fact("owed", _line(found["owed"], 80))
    receivers = ", ".join(found["routed"]["receivers"]) or "no receiver"
    yield _fact("routed", _line(f"{receivers}. {found['routed']['note']}".rstrip(". "), 400))
    yield _fact("withheld", _line(found["notification"], 300))
    yield _fact("delivery", _line(found["delivery"], 80))
    if found["resolution"]:
        yield _fact("resolved", _line(f"{found['resolved_by']}: {found['resolution']}", 400))


def _fact(name: str, value: str) -> Row:
    return Row((Text(name, "dim"), Text(value)))


def _state(incident: dict[str, Any]) -> Text:
    if incident["state"] == "resolved":
        return Text("resolved, still firing" if incident["still_firing"] else "resolved", "green")
    by = incident["acknowledged_by"]
    text = Text("not acknowledged", "bold") if by is None else Text(f"ack by {_line(by, 40)}")
    if incident["proposal"] is not None:
        text.append(f"; proposed to {_line(incident['proposal']['to_team_name'], 60)}", "yellow")
    if incident["handover"]:
        text.append(f"; handed over ({_line(incident['handover'], 120)})", "yellow")
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
