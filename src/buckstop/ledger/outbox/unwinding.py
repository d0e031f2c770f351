"""Taking back what the record no longer asks for: in the end nothing of it stays on any server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from buckstop.ledger.outbox.actions import Action, CloseOriginal, ExpireSilence, ResolveCopy
from buckstop.ledger.outbox.copies import Wanted, incident_named
from buckstop.ledger.outbox.servers import PostedCopy, Server


def unwound(
    wanted: Wanted,
    servers: Sequence[Server],
    replaced: AbstractSet[tuple[int, str]],
    cutoff: datetime,
    closed: AbstractSet[tuple[str, str]],
) -> Iterator[Action]:
    """The silence first; once no server has it, the end to the former team, then to the new one.

    Args:
        replaced: incident and fingerprint of which another copy is notified of by now.
        cutoff: originals whose silence had ended before it are left alone.
        closed: (address, silence) of originals that were posted resolved.
    """
    hiding = {(one.incident, one.member) for one in wanted.copies if one.hides_original}
    expired: set[str] = set()
    held: set[tuple[int, str]] = set()
    for server in servers:
        for silence in server.silences:
            if not silence.active or (silence.incident, silence.member) in hiding:
                continue
            held.add((silence.incident, silence.fingerprint))
            if silence.id not in expired:
                expired.add(silence.id)
                yield ExpireSilence(server.url, silence)
    for server in servers:
        yield from _closed_on(server, wanted, held, cutoff, closed)
        yield from _resolved_on(server, wanted, replaced, held)


def _closed_on(
    server: Server,
    wanted: Wanted,
    held: AbstractSet[tuple[int, str]],
    cutoff: datetime,
    closed: AbstractSet[tuple[str, str]],
) -> Iterator[Action]:
    """Tell the former teams of what has ended while it was silenced."""
    for silence in server.silences:
        is_held = (silence.incident, silence.fingerprint) in held
        if silence.active or is_held or silence.member in wanted.fires:
            continue
        if silence.ends_at >= cutoff and (server.url, silence.id) not in closed:
            yield CloseOriginal(server.url, silence.id, silence.original)
            copy = wanted.ended.get((silence.incident, silence.member))
            if copy is not None and server.copy(copy) is None:
                # A server that was started anew has lost it, and remembers having told of it.
                yield ResolveCopy(server.url, copy)


def _resolved_on(
    server: Server,
    wanted: Wanted,
    replaced: AbstractSet[tuple[int, str]],
    held: AbstractSet[tuple[int, str]],
) -> Iterator[Action]:
    """End copies that are not wanted, or that another one has replaced."""
    asked = {(one.incident, one.fingerprint): one for one in wanted.copies}
    for copy in server.copies:
        number = incident_named(copy.labels)
        if number is None or not _is_ours(copy, number, wanted):
            continue
        key = number, copy.fingerprint
        if key in held:
            continue
        meant = asked.get(key)
        if meant is None or (meant.labels != copy.labels and key in replaced):
            yield ResolveCopy(server.url, copy.labels)


def _is_ours(copy: PostedCopy, number: int, wanted: Wanted) -> bool:
    """Whether it can have been the ledger's; what merely bears its marks is left to fire."""
    if not 0 < number <= wanted.last_number:
        return False
    known = wanted.fingerprints.get(number)
    return known is None or copy.fingerprint in known
