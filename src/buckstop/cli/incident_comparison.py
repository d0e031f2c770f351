"""``buckstop incidents compare``: who would have answered for what was opened in a time."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from buckstop.cli.ledger_client import Server, format_option, moment_text, server_options
from buckstop.cli.moment import period
from buckstop.cli.tables import Row, Shape, print_table
from buckstop.ledger.text import neutral

AT_ONCE = 500
MOST = 100_000
"""The most incidents of one comparison."""


@click.command("compare")
@click.option("--since", required=True, metavar="WHEN", help="A day or a time, in UTC.")
@click.option("--until", required=True, metavar="WHEN", help="To before a time; or the last day.")
@format_option
@server_options
def compare_command(*, since: str, until: str, form: str, server: str, token: str | None) -> None:
    """Say who would have answered, what had no team, and what was recorded but not notified.

    In shadow this is what the ledger would have owned, beside the receivers to which the routes of
    today lead the same alerts.

    \b
    Example:
      buckstop incidents compare --since 2026-11-01 --until 2026-11-07
    """
    first, end = period(since, until)
    ledger = Server(server, token)
    incidents: list[dict[str, Any]] = []
    shadow = more = True
    while more and len(incidents) < MOST:
        part = ledger.get(
            "/comparison",
            since=first.isoformat(),
            until=end.isoformat(),
            limit=AT_ONCE,
            offset=len(incidents),
        )
        incidents += part["incidents"]
        shadow, more = part["shadow"], part["more"]
    teams: dict[str, int] = {}
    for one in incidents:
        if one["team"] is not None:
            teams[one["team"]] = teams.get(one["team"], 0) + 1
    without_team = [one for one in incidents if one["without_team"]]
    not_notified = [one for one in incidents if one["not_notified"]]
    if form == "json":
        value = {
            "shadow": shadow,
            "since": first.isoformat(),
            "until": end.isoformat(),
            "by_team": dict(sorted(teams.items())),
            "without_team": len(without_team),
            "not_notified": len(not_notified),
            "incidents": incidents,
            "more": more,
        }
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False)
    if not incidents:
        console.print("Nothing was opened in that time.", markup=False)
        return
    answers = "WOULD ANSWER" if shadow else "ANSWERED"
    headings = ("ID", "OPENED", answers, "WHAT", "BY", "TODAY", "NOT NOTIFIED")
    print_table([_row(one) for one in incidents], Shape(headings), console)
    console.print()
    for team, count in sorted(teams.items(), key=lambda item: (-item[1], item[0])):
        console.print(f"{count:>7,}  {_line(team, 80)}", markup=False)
    console.print(f"{len(without_team):>7,}  without a team of their own", markup=False)
    console.print(f"{len(not_notified):>7,}  recorded, and not notified", markup=False)
    if more:
        console.print("and more: choose a shorter time", markup=False)


def _row(one: dict[str, Any]) -> Row:
    team = _line(one["team_name"] or "nobody needs to", 60)
    today = "unknown" if one["today"] is None else ", ".join(one["today"]) or "no receiver"
    return Row(
        (
            Text(f"#{one['id']}"),
            Text(moment_text(one["opened_at"]), "dim"),
            Text(team, "yellow" if one["without_team"] else "bold"),
            Text(_line(one["summary"], 160)),
            Text(_line(one["authority"], 120), "dim"),
            Text(_line(today, 120)),
            Text(_line("; ".join(one["not_notified"]), 200), "yellow"),
        )
    )


def _line(text: str, limit: int) -> str:
    return " ".join(neutral(text, limit).split())
