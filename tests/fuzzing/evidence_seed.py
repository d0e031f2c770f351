"""A small evidence to start from: one event, the whole of its record."""

from __future__ import annotations

from datetime import UTC, datetime

from buckstop.ledger.domain.events import Actor, Event, Opened, write_event
from buckstop.ledger.record.chain import GENESIS, Entry, event_hash
from buckstop.ledger.record.checkpoint import write_checkpoint
from buckstop.ledger.record.evidence import OfIncident, Recorded, write_evidence
from buckstop.ledger.record.merkle import leaf_hash
from buckstop.ledger.record.note import SignerKey


def evidence_seed(signer: SignerKey) -> bytes:
    """The file, as `signer` signs it."""
    opened = Opened((("model", "credit"),), "a", "A", None, None)
    at = datetime(2030, 1, 31, 12, tzinfo=UTC)
    body = write_event(Event(1, at, Actor("system", "feed"), "opened", None, opened)).encode()
    hash_ = event_hash(1, GENESIS, body)
    entry = Entry(1, 1, "", "opened", body, GENESIS, hash_)
    note = write_checkpoint(1, leaf_hash(hash_), signer)
    return "".join(
        write_evidence(OfIncident(1), note, signer.verifier, [(Recorded(entry), ())])
    ).encode()
