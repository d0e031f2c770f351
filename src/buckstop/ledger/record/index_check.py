"""The list of incidents, which pages look things up in, against what the events come to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from buckstop.ledger.domain.act_events import Corrected
from buckstop.ledger.domain.book import HOLD_SECONDS
from buckstop.ledger.domain.events import Event, Reopened
from buckstop.ledger.domain.incident import Incident, apply, fold
from buckstop.ledger.record.discrepancy import Discrepancy

Row = tuple[Any, ...]
"""A row of the list, the incident's number first."""

REMEMBERED = timedelta(seconds=2 * HOLD_SECONDS)
"""So long after its end an incident is kept in mind; one that goes on later is read again."""

Earlier = Callable[[int, int], Iterable[Event]]
"""The events of an incident before a position, which have been checked already."""


class IndexCheck:
    """Takes the events in order, folds them, and keeps what the list must say.

    Args:
        row_of: the row that an incident must have.
        earlier: reads what an incident was before it went on.
    """

    def __init__(self, row_of: Callable[[Incident], Row], earlier: Earlier) -> None:
        self._row_of = row_of
        self._earlier = earlier
        self._open: dict[int, Incident] = {}
        self._ended: dict[int, Incident] = {}
        self._rows: dict[int, Row] = {}

    def check(self, position: int, event: Event) -> Iterator[Discrepancy]:
        """Whether the event at `position` can have happened after those before it."""
        number = event.incident
        before = self._open.get(number) or self._ended.get(number)
        if before is None and number in self._rows and not isinstance(event.body, Reopened):
            if not isinstance(event.body, Corrected):
                said = f"event {position} ({event.body.kind}) is of incident {number}, which "
                yield Discrepancy("impossible", position, f"{said}was resolved before")
            return
        try:
            if before is None and number in self._rows:
                before = fold(self._earlier(number, position))
            after = apply(before, event)
        except (AssertionError, KeyError) as error:
            # The domain's own demands on a history, which no events of its own can break.
            why = str(error) if isinstance(error, AssertionError) else f"no member {error}"
            said = f"event {position} ({event.body.kind}) cannot have happened: {why}"
            yield Discrepancy("impossible", position, said)
            return
        self._open.pop(number, None)
        self._ended.pop(number, None)
        self._rows.pop(number, None)
        if after.resolved is None:
            self._open[number] = after
        else:
            self._ended[number] = after
            self._rows[number] = self._row_of(after)
        self._forget(event.at)

    def _forget(self, now: datetime) -> None:
        """Let go of what ended long ago; were it kept, memory would grow with the record."""
        while self._ended:
            number, incident = next(iter(self._ended.items()))
            assert incident.resolved is not None, "only what is resolved has ended"
            if now - incident.resolved.at <= REMEMBERED:
                return
            del self._ended[number]

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
