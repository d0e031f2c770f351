"""What was erased of a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Places = Mapping[str, tuple[int, ...]]
"""Where in an event, to the positions of events."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased of a person, and what still names them.

    Attributes:
        texts: how many texts are gone.
        events: of how many events.
        mentions: positions of events in which texts of others have the person's name in them.
    """

    texts: int
    events: int
    mentions: tuple[int, ...]


def places_of(rows: Iterable[tuple[int, str]]) -> Places:
    """Rows of position and place, by place."""
    places: dict[str, list[int]] = {}
    for position, place in rows:
        places.setdefault(place, []).append(position)
    return {place: tuple(positions) for place, positions in places.items()}


def erasure_of(erased: Sequence[tuple[int, str]], mentions: Iterable[tuple[int, str]]) -> Erasure:
    """The outcome, from rows of position and place."""
    events = {position for position, _ in erased}
    return Erasure(len(erased), len(events), tuple(sorted({position for position, _ in mentions})))
