"""Every personal text against the commitment in its event, and every gap against the erasures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from buckstop.ledger.domain.events import Erased
from buckstop.ledger.record.discrepancy import Discrepancy
from buckstop.ledger.record.personal import Value, commitment, commitments


@dataclass(frozen=True, slots=True)
class StoredText:
    """A personal text as it is stored, not yet trusted."""

    salt: bytes
    text: str


class TextCheck:
    """Takes the events in order, each with the texts that lie beside it; `finish` ends it."""

    def __init__(self) -> None:
        self._gone: set[tuple[int, str]] = set()
        self._erased: set[tuple[int, str]] = set()

    def check(
        self, position: int, value: Value, texts: Mapping[str, StoredText]
    ) -> Iterator[Discrepancy]:
        """What is wrong with the texts of the event at `position`."""
        sealed = commitments(value)
        for place, said in sealed.items():
            text = texts.get(place)
            if text is None:
                self._gone.add((position, place))
            elif commitment(text.salt, text.text) != said:
                yield Discrepancy(
                    "text-changed", position, f"the text of event {position} at {place} was altered"
                )
        yield from (stray(position, place) for place in texts if place not in sealed)

    def erased(self, body: Erased) -> None:
        """An erasure is on record."""
        for place, positions in body.places.items():
            self._erased.update((position, place) for position in positions)

    def finish(self) -> Iterator[Discrepancy]:
        """What is gone without an erasure, and what is there in spite of one."""
        for position, place in sorted(self._gone - self._erased):
            yield Discrepancy(
                "text-missing", position, f"the text of event {position} at {place} is gone"
            )
        for position, place in sorted(self._erased - self._gone):
            yield Discrepancy(
                "text-returned",
                position,
                f"the text of event {position} at {place} was erased and is there",
            )


def stray(position: int, place: str) -> Discrepancy:
    """A text that nothing in the hashed event asks for."""
    said = f"a text lies beside event {position} at {place}, where the event has none"
    return Discrepancy("text-stray", position, said)
