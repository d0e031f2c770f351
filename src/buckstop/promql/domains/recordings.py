"""What rules record: the domains of their series, found when an expression reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from buckstop.language import only, region
from buckstop.language.domains import Domain
from buckstop.promql.domains.algebra import ANY_LABELS, bounded
from buckstop.promql.domains.reading import domain
from buckstop.promql.outcomes import Expression
from buckstop.promql.parsing import parse

MAX_CHAIN: Final = 16
"""Recorded series that read one another which are followed; what is behind them is anything."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A rule that records a series.

    Attributes:
        name: of the series.
        expr: PromQL; where it is none, the series may have any labels.
        labels: name to value, those of the group included; an empty value takes a label away.
    """

    name: str
    expr: str
    labels: tuple[tuple[str, str], ...] = ()


class RecordedDomains(Mapping[str, Domain]):
    """The domains of the series that `recordings` record, by name.

    It takes for granted that nothing else makes series of these names, and that the rules were not
    others in the time that expressions look back to. A series that reads itself, or one that reads
    it, may have any labels there.
    """

    def __init__(self, recordings: Iterable[Recording], *, dot_newline: bool | None = None) -> None:
        self._by_name: dict[str, list[Recording]] = {}
        for recording in recordings:
            self._by_name.setdefault(recording.name, []).append(recording)
        self._dot_newline = dot_newline
        self._found: dict[str, Domain] = {}
        self._open: set[str] = set()

    def __getitem__(self, name: str) -> Domain:
        found = self._found.get(name)
        if found is None:
            recordings = self._by_name[name]
            if name in self._open or len(self._open) == MAX_CHAIN:
                return ANY_LABELS
            self._open.add(name)
            found = bounded(part for one in recordings for part in self._recorded(one))
            self._open.discard(name)
            self._found[name] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def rules(self, name: str) -> tuple[Recording, ...]:
        """The rules that record the series `name`."""
        return tuple(self._by_name.get(name, ()))

    def _recorded(self, recording: Recording) -> Domain:
        parsed = parse(recording.expr)
        if isinstance(parsed, Expression):
            source = domain(parsed, self, dot_newline=self._dot_newline)
        else:
            source = ANY_LABELS
        labels = {name: only(value) for name, value in recording.labels}
        return bounded(region({**dict(here.named), **labels}, here.others) for here in source)
