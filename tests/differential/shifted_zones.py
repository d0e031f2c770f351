"""Time zones in which it is another moment now: a clock that can be set, for a server without one.

Go reads zones from the folder that ZONEINFO names. A zone whose every clock change is moved by a
distance, and whose every offset grows by the same distance, shows now what the zone itself shows
at a moment that lies that far away, and has the clock changes of that moment around it.

It is no judge where the clock skips or repeats a month's first midnight: which of two moments Go
takes then hangs on where it begins to look, and with so large an offset it begins elsewhere.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

REACH = timedelta(days=70)
"""On either side of the moment; no rule looks further than a month."""
STEP = timedelta(hours=6)


def write(path: Path, zone: str, moment: datetime, now: datetime) -> None:
    """Write `zone` so that a server's clock shows at `now` what it shows at `moment`."""
    shift = int((moment - now).total_seconds())
    changes = _changes(ZoneInfo(zone), moment)
    (_, before), later = changes[0], changes[1:]
    # The first type holds before the first change; then each change has one of its own.
    body = struct.pack(f">{len(later)}q", *(at - shift for at, _ in later))
    body += bytes(range(1, len(later) + 1))
    for offset in (before, *(offset for _, offset in later)):
        body += struct.pack(">ibb", offset + shift, 0, 0)
    body += b"TST\0"

    def head(changes: int, types: int, characters: int) -> bytes:
        counts = struct.pack(">6l", 0, 0, 0, changes, types, characters)
        return b"TZif2" + b"\0" * 15 + counts

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(head(0, 0, 0) + head(len(later), len(changes), 4) + body + b"\n\n")


def can_judge(zone: str, moment: datetime) -> bool:
    """Whether the midnights that begin this month and the next are single moments in `zone`."""
    local = moment.astimezone(ZoneInfo(zone))
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    after = (first + timedelta(days=31)).replace(day=1)
    return all(
        midnight.utcoffset() == midnight.replace(fold=1).utcoffset() for midnight in (first, after)
    )


def _changes(zone: ZoneInfo, moment: datetime) -> list[tuple[int, int]]:
    """The offset at the beginning of the reach, then each change: when, and the offset since."""

    def offset(at: datetime) -> int:
        found = at.astimezone(zone).utcoffset()
        assert found is not None
        return int(found.total_seconds())

    at = (moment - REACH).astimezone(UTC).replace(microsecond=0)
    found = [(int(at.timestamp()), offset(at))]
    while at < moment + REACH:
        after = at + STEP
        if offset(after) != found[-1][1]:
            early, late = at, after
            while late - early > timedelta(seconds=1):
                middle = early + timedelta(seconds=(late - early).seconds // 2)
                early, late = (middle, late) if offset(middle) == found[-1][1] else (early, middle)
            found.append((int(late.timestamp()), offset(late)))
        at = after
    return found
