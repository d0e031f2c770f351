"""``buckstop record verify FILE``: what an evidence shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from buckstop.cli.main import CommandFailed

if TYPE_CHECKING:
    from buckstop.ledger.record.evidence import Subject, Verified

SHOWN = 200
"""So many events are shown one by one; --all shows every one."""

OWN_KEY = (
    "no key was given: whoever made the file may have made its key too. Compare it with the one "
    "that the ledger's operators gave you, or give that with --key FILE"
)


def verify_evidence(path: Path, key_text: str | None, form: str, *, show_all: bool) -> None:
    """Verify the file at `path` and say what it shows; SystemExit 1 where it does not hold."""
    from buckstop.diagnostics import visible
    from buckstop.ledger.record.evidence import (
        LARGEST_BYTES,
        EvidenceInvalidError,
        read_evidence,
    )
    from buckstop.ledger.record.key_file import KeyFileError, trust_of

    try:
        believed = None if key_text is None else trust_of(key_text)
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except KeyFileError as error:
        raise CommandFailed(str(error)) from error
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror or error}") from error
    try:
        found = read_evidence(data, believed)
    except EvidenceInvalidError as error:
        if form == "json":
            click.echo(_dumped({"version": 1, "holds": False, "message": str(error)}))
        else:
            click.echo(visible(f"{path}: it does not hold: {error}"))
        raise SystemExit(1) from error
    if form == "json":
        click.echo(_dumped(_json(found, key_is_given=believed is not None)))
        return
    events = found.events if show_all else found.events[:SHOWN]
    for position, event in events:
        by = event.by.name if event.by.team is None else f"{event.by.name} for {event.by.team}"
        kind = event.body.kind.replace("_", " ")
        number = f"#{event.incident}" if event.incident else "-"
        at = f"{event.at:%Y-%m-%d %H:%M:%S}"
        click.echo(visible(f"{position:>8}  {at}  {number:<6} {kind:<16} {by}: {event.why}"))
    if len(found.events) > len(events):
        click.echo(f"and {len(found.events) - len(events):,} more (--all)")
    count = len(found.events)
    click.echo(f"{path}: it holds; {count:,} event{'' if count == 1 else 's'} {_of(found.of)}")
    click.echo(f"  signed by  {found.key}")
    click.echo(f"             over {found.checkpoint.size:,} events")
    if found.checkpoint.by_former:
        click.echo("             which was replaced or revoked later")
    if found.texts_absent:
        click.echo(f"  absent     {found.texts_absent:,} personal texts: erased, or left out")
    if believed is None:
        click.echo(f"  unsure     {OWN_KEY}")


def _of(of: Subject) -> str:
    from buckstop.ledger.record.evidence import OfIncident

    if isinstance(of, OfIncident):
        return f"of incident {of.number}"
    return f"with all from {of.since:%Y-%m-%d %H:%M:%S} to {of.until:%Y-%m-%d %H:%M:%S} UTC"


def _json(found: Verified, *, key_is_given: bool) -> dict[str, Any]:
    from buckstop.ledger.domain.events import write_event
    from buckstop.ledger.record.evidence import OfIncident

    of = found.of
    return {
        "version": 1,
        "holds": True,
        "of": {"incident": of.number}
        if isinstance(of, OfIncident)
        else {"since": of.since.isoformat(), "until": of.until.isoformat()},
        "key": str(found.key),
        "key_is_given": key_is_given,
        "signed_to": found.checkpoint.size,
        "texts_absent": found.texts_absent,
        "events": [
            {"position": position, **json.loads(write_event(event))}
            for position, event in found.events
        ],
    }


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)
