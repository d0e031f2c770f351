"""Taking evidence out of a record: its events, with their proofs to what was signed of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from buckstop.ledger.record.checkpoint import Checkpoint, read_checkpoint
from buckstop.ledger.record.checkpoint_folder import CheckpointFolder, read_note
from buckstop.ledger.record.evidence import (
    EVENTS,
    OfIncident,
    Recorded,
    Subject,
    write_evidence,
)
from buckstop.ledger.record.merkle import Whole, leaf_hash
from buckstop.ledger.record.note import NoteInvalidError
from buckstop.ledger.record.trust import Trust
from buckstop.ledger.shadow import is_shadow
from buckstop.ledger.store import Reader

HASHES_AT_ONCE = 100_000


class ExportRefusedError(Exception):
    """There is no such evidence; the message says why."""


def export(
    reader: Reader, folder: CheckpointFolder, believed: Trust, of: Subject, *, texts: bool = True
) -> Iterator[str]:
    """The lines of the evidence `of` that, by the first checkpoint that covers it.

    What a present key has signed is preferred: a former one may be in others' hands.

    Args:
        texts: whether names, notes and other personal texts go with it.

    Raises:
        ExportRefusedError: nothing is recorded of it, a part is not signed yet, it is too large, or
            the record is not what was signed.
        CheckpointsError: the folder cannot be read.
        StoreError: the record cannot be read.
    """
    if is_shadow(reader):
        raise ExportRefusedError(
            "the record was kept in shadow: nobody was accountable, so it is no evidence of that"
        )
    recorded = _recorded(reader, of)
    checkpoint, note = _covering(folder, believed, recorded[-1].entry.position)
    leaves: list[bytes] = []
    while len(leaves) < checkpoint.size:
        some = reader.hashes(len(leaves), min(HASHES_AT_ONCE, checkpoint.size - len(leaves)))
        if not some:
            break
        leaves += map(leaf_hash, some)
    tree = Whole(leaves)
    if (len(leaves), tree.root()) != (checkpoint.size, checkpoint.root):
        raise ExportRefusedError(
            f"the first {checkpoint.size:,} events are not those that were signed; `buckstop "
            "record verify` says more"
        )
    _, signer = believed.opened(note)
    yield from write_evidence(
        of,
        note,
        signer.key,
        (
            (one if texts else Recorded(one.entry), tree.inclusion_proof(one.entry.position - 1))
            for one in recorded
        ),
    )


def _recorded(reader: Reader, of: Subject) -> Sequence[Recorded]:
    if isinstance(of, OfIncident):
        found = reader.recorded(of.number)
        if not found:
            raise ExportRefusedError(f"there is no incident {of.number}")
    else:
        first, last = reader.span(of.since, of.until)
        # One on either side: they show that nothing of that time was left out.
        bound = max(1, (first or (last or 0) + 1) - 1)
        if last is not None and last - bound > EVENTS:
            raise ExportRefusedError(
                f"{last - bound:,} events are of that time; {EVENTS:,} are the most of one file: "
                "choose a shorter one"
            )
        found = reader.recorded_between(bound, max(bound, (last or 0) + 1))
        if not found:
            raise ExportRefusedError("nothing has been recorded yet")
    if len(found) > EVENTS:
        raise ExportRefusedError(f"it has {len(found):,} events; {EVENTS:,} are the most")
    return found


def _covering(folder: CheckpointFolder, believed: Trust, last: int) -> tuple[Checkpoint, str]:
    """The first checkpoint over `last` events and more, and its text."""
    by_former = None
    for file in folder.files():
        try:
            note = read_note(file)
            checkpoint = read_checkpoint(note, believed)
        except NoteInvalidError:
            # `record verify` says what is wrong with it; another may do.
            continue
        if checkpoint.size >= last and not checkpoint.by_former:
            return checkpoint, note
        if checkpoint.size >= last and by_former is None:
            by_former = checkpoint, note
    if by_former is None:
        raise ExportRefusedError(
            f"no checkpoint in {folder.path} covers event {last:,} yet; `buckstop record "
            "checkpoint` signs now"
        )
    return by_former
