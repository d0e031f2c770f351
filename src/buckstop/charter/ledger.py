"""Where the ledger is, and who answers for it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from buckstop.charter import codes
from buckstop.charter.addresses import address_wrong
from buckstop.charter.gather import Gathered
from buckstop.charter.model import MODEL_OWNER, Handover, Ledger, Row
from buckstop.charter.names import Names
from buckstop.charter.parts import Piece
from buckstop.charter.team_schema import LedgerEntry
from buckstop.charter.teams import secret
from buckstop.charter.validate import validate
from buckstop.diagnostics import Diagnostic, Level
from buckstop.document import Mapping, Scalar

DEFAULT_URL: Final = "http://127.0.0.1:9890"
"""Where ``buckstop serve`` listens unless told otherwise."""
NO_LEDGER: Final = "none"
"""``ledger: none``: nothing observes."""
LONGEST_ANSWER_SECONDS: Final = 7 * 24 * 3600.0


def read_ledger(
    gathered: Gathered, names: Names, rows: Iterable[Row]
) -> tuple[Ledger | None, tuple[Diagnostic, ...]]:
    """The ledger; None for ``ledger: none``, and where it is broken."""
    pair = gathered.single.get("ledger")
    if pair and isinstance(pair.value, Scalar) and pair.value.text == NO_LEDGER:
        return None, ()
    node = pair.value if pair else Mapping((), gathered.start)
    _, piece, found = validate(LedgerEntry, node)
    if piece is None:
        return None, found
    entry = piece.entry
    if entry.owner is not None:
        found = (*found, *names.team(entry.owner, piece.span("owner")))
    url = entry.url or DEFAULT_URL
    wrong = address_wrong(url)
    if wrong:
        found = (*found, Diagnostic(codes.VALUE_INVALID, wrong, piece.span("url"), hint=_URL_HINT))
    elif entry.token is None and not piece.is_broken("token") and not _is_loopback(url):
        found = (
            *found,
            Diagnostic(
                codes.LEDGER_WITHOUT_TOKEN,
                f"the ledger at `{url}` asks for a token, and none is given",
                piece.span("url"),
                hint="add `token: {file: ledger_token}`",
            ),
        )
    found = (*found, *_handover_wrong(piece))
    rest = next((row for row in rows if row.otherwise), None)
    owner = entry.owner or (rest.accountable if rest else MODEL_OWNER)
    if any(one.level is Level.ERROR for one in found):
        return None, found
    ledger = Ledger(
        url=url.rstrip("/"),
        token=secret(piece, entry.token, "token") if entry.token else None,
        owner=owner,
        handover=_handover(entry),
        span=pair.key.span if pair else (rest.span if rest else gathered.start),
    )
    return ledger, found


def _handover(entry: LedgerEntry) -> Handover:
    written = entry.handover
    if written is None:
        return Handover()
    within, default = written.answer_within, Handover()
    return Handover(
        default.answer_within_seconds if within is None else within,
        written.reroute or default.reroute,
    )


def _handover_wrong(piece: Piece[LedgerEntry]) -> Iterator[Diagnostic]:
    handover = piece.entry.handover
    if handover is None:
        return
    within = handover.answer_within
    if within is not None and not 0 < within <= LONGEST_ANSWER_SECONDS:
        yield Diagnostic(
            codes.VALUE_INVALID,
            "a proposal waits for an answer for more than no time, and for 7 days at the most",
            piece.span("handover", "answer_within"),
            hint="write a time like `30m`; the team that proposes stays accountable meanwhile",
        )


_URL_HINT: Final = f"write it like `{DEFAULT_URL}`"


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
