"""A hand-written rule held against the charter's decision table, by the rule's own labels.

The route tree of a build goes by the team label alone; a rule that says both a team and the fault
may name another team than the one that the table decides for that fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from buckstop.charter import Table, describe
from buckstop.charter.model import Charter, Decision, ExistingAlert, Model
from buckstop.prover.known import Known
from buckstop.prover.model import Judgement, Verdict

_CASE: Final = ("fault", "severity", "model")
"""The labels that give a case of the table."""


@dataclass(slots=True)
class DecidedCases:
    """The cases of one charter's table, each decided once.

    Where an alert's severity or model is known only when it fires, it may be any of the charter's.
    """

    charter: Charter
    _table: Table = field(init=False)
    _models: dict[str, Model] = field(init=False)
    _made: dict[tuple[str | None, ...], tuple[Decision, ...]] = field(
        default_factory=dict, init=False
    )

    def __post_init__(self) -> None:
        self._table = Table.of(self.charter)
        self._models = {model.id: model for model in self.charter.models}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels by which the charter decides: those of a case, and of ``alerts:`` entries."""
        named = (name for entry in self.charter.alerts for name, _ in entry.match)
        return tuple(dict.fromkeys((*_CASE, *named)))

    def disagreement(self, known: Known, team: str) -> Judgement | None:
        """Why `team` may not answer for alerts of which `known` is so; None where it may.

        None too where the labels give no fault of the charter, or where an ``alerts:`` entry may
        match: those decide before the table.
        """
        fault = known.labels.get("fault")
        if fault not in self.charter.faults:
            return None
        if any(_may_match(entry, known) for entry in self.charter.alerts):
            return None
        decisions = self._decisions(*(known.labels.get(name) for name in _CASE))
        if not decisions or any(decision.team == team for decision in decisions):
            return None
        first = decisions[0]
        case = ", ".join(f"{name}={known.labels[name]}" for name in _CASE if name in known.labels)
        return Judgement(
            Verdict.REFUTED,
            f"{team} answers, but for {case} the charter's table says {first.team} "
            f"({first.row.span.file}:{first.row.span.line}: {describe(first.row)})",
            "another team",
        )

    def _decisions(
        self, fault: str | None, severity: str | None, model: str | None
    ) -> tuple[Decision, ...]:
        key = (fault, severity, model)
        if fault is not None and key not in self._made:
            self._made[key] = tuple(
                self._table.decision(fault, one, of)
                for one in self._severities(severity)
                for of in self._possible(model)
            )
        return self._made.get(key, ())

    def _severities(self, severity: str | None) -> Iterable[str]:
        return self.charter.severities if severity is None else (severity,)

    def _possible(self, model: str | None) -> Iterable[Model | None]:
        if model is None:
            return (*self._models.values(), None)
        return (self._models.get(model),)


def _may_match(entry: ExistingAlert, known: Known) -> bool:
    """Whether `entry` may match: no label that it names is known to have another value."""
    return all(
        known.labels.get(name, value) == value and name not in known.absent
        for name, value in entry.match
    )
