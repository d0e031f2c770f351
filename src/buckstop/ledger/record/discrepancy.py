"""What can be wrong with a record: the kinds, and what each means for the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "edited",
    "missing",
    "moved",
    "unlinked",
    "unreadable",
    "impossible",
    "column-differs",
    "text-changed",
    "text-missing",
    "text-returned",
    "text-stray",
    "head-differs",
    "index-differs",
    "guard-missing",
    "file-damaged",
    "truncated",
    "rewritten",
    "checkpoint-invalid",
    "checkpoint-revoked",
]

MEANING: Final[dict[Kind, str]] = {
    "edited": "What it says now is not what was recorded: do not rely on it. The events around it "
    "have hashes of their own and stand.",
    "missing": "What was recorded there is gone. Nothing can be concluded about the time between "
    "the events around it.",
    "moved": "It stands in another place than the one it was recorded in: events before it were "
    "put in, taken out or reordered. Its content is as recorded.",
    "unlinked": "Between it and the event before it something was put in, taken out or exchanged; "
    "the two are not evidence of what happened between them.",
    "unreadable": "Its hash holds, but no Buckstop wrote it. It is not evidence.",
    "impossible": "The ledger cannot have recorded it: the history of its incident does not allow "
    "it. Whoever wrote it also made hashes for it; only checkpoints show since when.",
    "column-differs": "The event itself is as recorded, but a look-up by this column misses or "
    "misplaces it; a page or an export may have left it out.",
    "text-changed": "The personal text beside the event is not the one that was recorded. The "
    "event stands; who did it, or what they said, is not known.",
    "text-missing": "The personal text beside the event is gone and no erasure is on record. The "
    "event stands; who did it, or what they said, is not known.",
    "text-returned": "It was erased, and is there again: a backup was restored. Erase it again.",
    "text-stray": "It belongs to no sealed place of any event. It is not evidence.",
    "head-differs": "Events were taken from the end or put there, or the head was altered. Compare "
    "with the latest checkpoint.",
    "index-differs": "The list of incidents does not follow from the events: pages may show an "
    "incident as open or resolved that is not. The events decide.",
    "guard-missing": "The database no longer refuses changes of the record by itself. What was "
    "changed since is found by the other checks; put the guard back.",
    "file-damaged": "The database itself says so: a disk or memory failed, or bytes were altered. "
    "Restore a backup, and verify that with the checkpoints.",
    "truncated": "Events that were there when the checkpoint was signed are gone from the end.",
    "rewritten": "Somebody who could write to the database made a record of their own, hashes and "
    "all. Only what an earlier checkpoint covers is evidence.",
    "checkpoint-invalid": "The file is not what the ledger signed: it shows nothing about the "
    "record, and somebody altered it.",
    "checkpoint-revoked": "Its key had been replaced or revoked when the record was as long "
    "as that: whoever had the old key may have made it. It shows nothing about the record.",
}


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that is wrong.

    Attributes:
        position: of the event that it is about; None where it is about no single one.
        said: what is wrong, in one sentence.
    """

    kind: Kind
    position: int | None
    said: str

    @property
    def means(self) -> str:
        """What it means for the evidence."""
        return MEANING[self.kind]
