"""The list of incidents, which pages look things up in, against what the events come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.incident import Incident, apply
from buckstop.ledger.record.discrepancy import Discrepancy

Row = tuple[Any, ...]
"""A row of the list, the incident's number first."""


class IndexCheck:
    """Takes the events in order, folds them, and keeps what the list must say.

    Args:
        row_of: the row that an incident must have.
    """

    def __init__(self, row_of: Callable[[Incident], Row]) -> None:
        self._row_of = row_of
        self._open: dict[int, Incident] = {}
        self._rows: dict[int, Row] = {}

    def check(self, position: int, event: Event) -> Iterator[Discrepancy]:
        """Whether the event at `position` can have happened after those before it."""
        if event.incident in self._rows:
            said = f"event {position} ({event.body.kind}) is of incident {event.incident}, which "
            yield Discrepancy("impossible", position, f"{said}was resolved before")
            return
        try:
            after = apply(self._open.get(event.incident), event)
        except (AssertionError, KeyError) as error:
            # The domain's own demands on a history, which no events of its own can break.
            why = str(error) if isinstance(error, AssertionError) else f"no member {error}"
            said = f"event {position} ({event.body.kind}) cannot have happened: {why}"
            yield Discrepancy("impossible", position, said)
            return
        if after.resolved is None:
            self._open[after.number] = after
        else:
            self._rows[after.number] = self._row_of(after)
            # Nothing more happens to it; were it kept, memory would grow with the record.
            self._open.pop(after.number, None)

    def finish(self, rows: Iterable[Row]) -> Iterator[Discrepancy]:
        """Compare with the list as it is stored."""
        expected = self._rows | {
            number: self._row_of(incident) for number, incident in self._open.items()
        }
        for row in rows:
            number = row[0]
            wanted = expected.pop(number, None)
            if wanted is None:
                said = f"the list has an incident {number} that no event opened"
                yield Discrepancy("index-differs", None, said)
            elif wanted != row:
                said = f"the list says other things of incident {number} than its events"
                yield Discrepancy("index-differs", None, said)
        for number in sorted(expected):
            said = f"incident {number} is missing in the list"
            yield Discrepancy("index-differs", None, said)
