"""``buckstop handover``: another team takes an incident over, if it accepts."""

from __future__ import annotations

import json
from typing import Any

import click

from buckstop.cli.ledger_client import (
    Server,
    format_option,
    incident_id,
    moment_text,
    server_options,
)
from buckstop.ledger.text import neutral


@click.group()
def command() -> None:
    """Hand an incident over to another team, which has to accept it.

    Until it does, the team that proposes stays accountable. Whether Alertmanager then notifies the
    new team the charter says (ledger.handover.reroute); `buckstop incidents show` says how far that
    is.

    \b
    Example:
      buckstop handover propose 17 data_mlops --reason "the features are late"
      buckstop handover accept 17
    """


reason_option = click.option(
    "--reason", required=True, metavar="TEXT", help="Why; the record keeps it."
)
note_option = click.option(
    "--note", default="", metavar="TEXT", help="What the record shall say beside it."
)
proposal_option = click.option(
    "--proposal",
    type=click.IntRange(min=1),
    metavar="N",
    help="The proposal that is meant. Default: the one that waits.",
)


@command.command("propose")
@click.argument("incident")
@click.argument("team")
@reason_option
@click.option(
    "--within",
    metavar="DURATION",
    help="How long it waits for an answer, as 10m. Default, and the most: the charter's time.",
)
@format_option
@server_options
def propose_command(
    *,
    incident: str,
    team: str,
    reason: str,
    within: str | None,
    form: str,
    server: str,
    token: str | None,
) -> None:
    """Ask TEAM (its id) to take an incident over, for the accountable team.

    \b
    Example:
      buckstop handover propose 17 data_mlops --reason "late data" --within 10m
    """
    body: dict[str, object] = {"team": team, "reason": reason}
    if within is not None:
        body["within_seconds"] = _seconds(within)
    done = Server(server, token).post(f"/incidents/{incident_id(incident)}/propose", body)
    proposal = done["proposal"]
    _say(
        done,
        form,
        f"proposed to {_line(proposal['to_team_name'])} until {moment_text(proposal['until'])}; "
        f"{_line(done['team_name'])} is accountable until it accepts",
    )


@command.command("accept")
@click.argument("incident")
@note_option
@proposal_option
@format_option
@server_options
def accept_command(
    *, incident: str, note: str, proposal: int | None, form: str, server: str, token: str | None
) -> None:
    """Take an incident over, for the team that was asked.

    That is not an acknowledgement: `buckstop ack` is.

    \b
    Example:
      buckstop handover accept 17 --note "our feature job is late"
    """
    body = _answer(proposal, note=note)
    done = Server(server, token).post(f"/incidents/{incident_id(incident)}/accept", body)
    notified = f" ({_line(done['handover'], 200)})" if done["handover"] else ""
    _say(done, form, f"{_line(done['team_name'])} is accountable{notified}")


@command.command("decline")
@click.argument("incident")
@reason_option
@proposal_option
@format_option
@server_options
def decline_command(
    *, incident: str, reason: str, proposal: int | None, form: str, server: str, token: str | None
) -> None:
    """Say no, for the team that was asked.

    \b
    Example:
      buckstop handover decline 17 --reason "the features are fine"
    """
    body = _answer(proposal, reason=reason)
    done = Server(server, token).post(f"/incidents/{incident_id(incident)}/decline", body)
    _say(done, form, f"declined; {_line(done['team_name'])} stays accountable")


@command.command("withdraw")
@click.argument("incident")
@note_option
@proposal_option
@format_option
@server_options
def withdraw_command(
    *, incident: str, note: str, proposal: int | None, form: str, server: str, token: str | None
) -> None:
    """Take a proposal back, for the accountable team.

    \b
    Example:
      buckstop handover withdraw 17 --note "found it ourselves"
    """
    body = _answer(proposal, note=note)
    done = Server(server, token).post(f"/incidents/{incident_id(incident)}/withdraw", body)
    _say(done, form, f"withdrawn; {_line(done['team_name'])} stays accountable")


@command.command("assign")
@click.argument("incident")
@click.argument("team")
@reason_option
@format_option
@server_options
def assign_command(
    *, incident: str, team: str, reason: str, form: str, server: str, token: str | None
) -> None:
    """Give what nobody recognised to TEAM, without asking it.

    Only the lead of the team for the unrecognised (the charter's `otherwise` row) may, and only
    what that team is accountable for.

    \b
    Example:
      buckstop handover assign 17 infra_sre --reason "it is their gateway"
    """
    body = {"team": team, "reason": reason}
    done = Server(server, token).post(f"/incidents/{incident_id(incident)}/assign", body)
    notified = f" ({_line(done['handover'], 200)})" if done["handover"] else ""
    _say(done, form, f"assigned; {_line(done['team_name'])} is accountable{notified}")


def _answer(proposal: int | None, **said: str) -> dict[str, object]:
    return {**said} if proposal is None else {"proposal": proposal, **said}


def _say(done: dict[str, Any], form: str, text: str) -> None:
    if form == "json":
        click.echo(json.dumps(done, ensure_ascii=False, indent=1))
    else:
        click.echo(f"#{done['id']} {text}")


def _seconds(text: str) -> float:
    from buckstop.prometheus import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise click.UsageError(f"--within: {error}; write it like 10m") from error


def _line(text: str, limit: int = 80) -> str:
    return neutral(text, limit)
