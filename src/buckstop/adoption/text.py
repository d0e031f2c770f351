"""The files of a charter to start from, written with what is known and what is left to do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from buckstop.adoption.contacts import StartContact
from buckstop.adoption.facts import Start, StartEntry
from buckstop.adoption.teams import StartTeam
from buckstop.diagnostics import visible
from buckstop.document.emit import scalar

Value = str | Mapping[str, "Value"] | tuple["Value", ...]

MAX_FILES_NAMED = 12
"""Files that are named as the source of a charter; of more the number."""
WIDTH_COLUMNS = 100
"""Of comments that list names."""
FLOW_INDICATORS = frozenset(",[]{}?")
"""Characters that end a plain word inside ``[…]`` and ``{…}``."""


def start_texts(start: Start) -> dict[str, str]:
    """File name to text."""
    return {
        "teams.yaml": "\n".join(_teams(start)) + "\n",
        "accountability.yaml": "\n".join(_accountability(start)) + "\n",
    }


def flow(value: Value) -> str:
    """`value` on one line."""
    if isinstance(value, str):
        text = scalar(value)
        if text == value and FLOW_INDICATORS & set(value):
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return text
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(one)}" for key, one in value.items()) + "}"
    return "[" + ", ".join(flow(one) for one in value) + "]"


def _teams(start: Start) -> Iterator[str]:
    yield "# Who answers, and how they are told."
    yield "#"
    yield "# `buckstop init` wrote this from what these files say today:"
    for file in start.files[:MAX_FILES_NAMED]:
        yield f"#   {visible(file)}"
    if len(start.files) > MAX_FILES_NAMED:
        yield f"#   and {len(start.files) - MAX_FILES_NAMED} more"
    yield "# Change what is wrong, and look for CHANGE THIS."
    yield "version: 1"
    yield f"severities: {flow(start.severities)}   # from the gravest down"
    yield ""
    yield from _defaults(start)
    yield "teams:"
    for number, team in enumerate(start.teams):
        if number:
            yield ""
        yield from _team(team)
    yield ""
    yield "# To say of each team: `name` for people, `lead` and `members` (addresses of those who"
    yield "# may acknowledge), and under `notify` a severity that is told in another way."


def _defaults(start: Start) -> Iterator[str]:
    shared = start.shared
    if shared.slack is None and shared.smtp is None:
        return
    yield "defaults:"
    if shared.slack is not None:
        yield from _commented("  ", shared.slack_comment)
        yield f"  slack: {flow({'api_url': shared.slack})}"
    if shared.smtp is not None:
        smarthost, sender = shared.smtp
        yield f"  email: {flow({'smarthost': smarthost, 'from': sender})}"
    yield ""


def _team(team: StartTeam) -> Iterator[str]:
    for comment in team.comments:
        yield from _commented("  ", comment)
    yield f"  {scalar(team.id)}:"
    yield "    notify:"
    for severity, contacts in team.notify.items():
        yield f"      {scalar(severity)}:"
        for contact in contacts:
            yield from _contact(contact)


def _contact(contact: StartContact) -> Iterator[str]:
    yield from _commented("        ", contact.comment)
    yield f"        {'# ' if contact.is_off else ''}- {flow(contact.written)}"


def _accountability(start: Start) -> Iterator[str]:
    yield "# Who is accountable for what: the decision table. Rows are not ordered; the most"
    yield "# specific one wins. `accountable` is one team, `inform` any number that are only told."
    yield "version: 1"
    yield "accountability:"
    for fault, team in start.rows:
        yield from _commented("  ", f"Every rule about {fault} goes to {team} today.")
        yield f"  - {flow({'when': {'fault': fault}, 'accountable': team})}"
    yield from _rows_to_add(start)
    yield from _commented("  ", f"Whatever no row decides: {start.default_comment}.")
    yield f"  - {flow({'otherwise': 'yes', 'accountable': start.default_team})}".replace(
        "otherwise: 'yes'", "otherwise: true"
    )
    yield ""
    yield "# Rules that exist already. The first entry that matches decides. `fault` leaves the"
    yield "# answer to the table above; `accountable` names the team itself."
    yield "alerts:" if start.entries else "alerts: []"
    for entry in start.entries:
        yield from _entry(entry)
    yield from _listed(
        f"These fall to {start.default_team}. Is that meant?",
        start.unanswered,
    )
    yield from _listed(
        "Nothing is said here of these, for their labels decide when they fire:",
        start.undecided,
    )


def _rows_to_add(start: Start) -> Iterator[str]:
    known = {fault for fault, _ in start.rows}
    missing = [
        fault
        for fault in ("quality", "drift", "latency", "availability", "traffic")
        if fault not in known
    ]
    if missing:
        yield from _commented(
            "  ", f"Nothing says who answers for {', '.join(missing)}. A row for one of them:"
        )
        example: dict[str, Value] = {
            "when": {"fault": missing[0]},
            "accountable": start.default_team,
        }
        yield f"  # - {flow(example)}"


def _entry(entry: StartEntry) -> Iterator[str]:
    written: dict[str, Value] = {"match": dict(entry.match)}
    if entry.team is not None:
        written["accountable"] = entry.team
    if entry.fault is not None:
        written["fault"] = entry.fault
    if entry.not_accountable is not None:
        written["not_accountable"] = entry.not_accountable
    yield f"  - {flow(written)}   # {visible(entry.comment)}"


def _listed(title: str, alerts: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Alerts as a comment, those with one reason together."""
    if not alerts:
        return
    by_reason: dict[str, list[str]] = {}
    for alert, why in alerts:
        by_reason.setdefault(why, []).append(alert)
    yield ""
    yield from _commented("", title)
    for why, names in by_reason.items():
        yield from _commented("", f"- {why}:")
        listed = visible(", ".join(names))
        yield from textwrap.wrap(
            listed,
            WIDTH_COLUMNS,
            initial_indent="#     ",
            subsequent_indent="#     ",
            break_long_words=False,
            break_on_hyphens=False,
        )


def _commented(indent: str, text: str) -> Iterator[str]:
    if text:
        yield f"{indent}# {visible(text)}"
