"""The decision table: which row answers for a case, and where rows leave a doubt.

A row covers a set of cases. The universe of cases is every declared fault × every declared severity
× every model that is or could be declared, with any task and any risk. Of two rows the more
specific is the one whose cases are a strict subset of the other's; the order of rows says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from buckstop.charter.model import MODEL_OWNER, Charter, Decision, Model, Row

CONDITIONS = ("fault", "severity", "model", "task", "risk")
"""What a row's ``when`` may ask for."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The cases that a row covers, so written that comparing two is comparing sets.

    None means "any". Where models are named, task and risk are None: the models that do not
    satisfy them are left out of `models` instead.
    """

    faults: frozenset[str]
    severities: frozenset[str]
    models: frozenset[str] | None
    tasks: frozenset[str] | None
    risks: frozenset[str] | None

    @property
    def is_empty(self) -> bool:
        """Whether no case can ever be covered."""
        return not self.faults or not self.severities or self.models == frozenset()

    def contains(self, other: Cover, models: Mapping[str, Model]) -> bool:
        """Whether all cases of `other` are cases of this one."""
        if other.is_empty:
            return True
        if not (other.faults <= self.faults and other.severities <= self.severities):
            return False
        if other.models is not None:
            return all(self.admits(models[name]) for name in other.models)
        return (
            self.models is None
            and _within(other.tasks, self.tasks)
            and _within(other.risks, self.risks)
        )

    def admits(self, model: Model | None) -> bool:
        """Whether cases of `model` (None: of no model) are among those covered."""
        if self.models is not None:
            return model is not None and model.id in self.models
        return (self.tasks is None or (model is not None and model.task in self.tasks)) and (
            self.risks is None or (model is not None and model.risk in self.risks)
        )


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows that cover a case together, none of them the most specific."""

    fault: str
    severity: str
    model: Model | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Hole:
    """A case that no row covers.

    Attributes:
        models: how many models have it.
    """

    fault: str
    severity: str
    model: Model | None
    models: int


class Table:
    """Rows that are in force, over the words that a charter declares."""

    def __init__(
        self,
        rows: Iterable[Row],
        faults: Iterable[str],
        severities: Iterable[str],
        models: Iterable[Model],
    ) -> None:
        self._faults = tuple(faults)
        self._severities = tuple(severities)
        self._models = {model.id: model for model in models}
        self._rows = tuple(rows)
        self._covers = {id(row): self.cover(row) for row in self._rows}
        self._open = [row for row in self._rows if self._covers[id(row)].models is None]
        self._naming: dict[str, list[Row]] = {}
        for row in self._rows:
            for name in self._covers[id(row)].models or ():
                self._naming.setdefault(name, []).append(row)

    @classmethod
    def of(cls, charter: Charter) -> Table:
        """The table of a charter that was read: it decides every case."""
        return cls(charter.rows, charter.faults, charter.severities, charter.models)

    def cover(self, row: Row) -> Cover:
        """The cases that `row` covers."""
        when = {attribute: frozenset(values) for attribute, values in row.when}
        tasks, risks, names = when.get("task"), when.get("risk"), when.get("model")
        if names is not None:
            named = [self._models[name] for name in names if name in self._models]
            names = frozenset(
                model.id
                for model in named
                if (tasks is None or model.task in tasks) and (risks is None or model.risk in risks)
            )
            tasks = risks = None
        return Cover(
            faults=frozenset(self._faults) & when.get("fault", frozenset(self._faults)),
            severities=frozenset(self._severities)
            & when.get("severity", frozenset(self._severities)),
            models=names,
            tasks=tasks,
            risks=risks,
        )

    def matching(self, fault: str, severity: str, model: Model | None) -> tuple[Row, ...]:
        """The rows that cover a case, in the charter's order, without the ``otherwise`` row."""
        candidates = [*self._open, *(self._naming.get(model.id, ()) if model else ())]
        return tuple(
            row for row in candidates if not row.otherwise and covers(row, fault, severity, model)
        )

    def most_specific(self, rows: Iterable[Row]) -> Row | None:
        """Of rows that cover one case, the one within all the others; None where none is."""
        rows = tuple(rows)
        for row in rows:
            cover = self._covers[id(row)]
            if all(
                other is row
                or (
                    self._covers[id(other)].contains(cover, self._models)
                    and not cover.contains(self._covers[id(other)], self._models)
                )
                for other in rows
            ):
                return row
        return None

    def decide(self, fault: str, severity: str, model: Model | None) -> Row | None:
        """The row that decides a case: the most specific, else ``otherwise``, else None."""
        rows = self.matching(fault, severity, model)
        if rows:
            return self.most_specific(rows)
        return next((row for row in self._rows if row.otherwise), None)

    def decision(self, fault: str, severity: str, model: Model | None) -> Decision:
        """Who answers for `fault` at `severity` of `model` (None: of no model the charter knows).

        The table is free of errors, so for all that it declares there is an answer. For what it
        does not know, the ``otherwise`` row answers, as it does where an owner is asked for and
        there is no model.
        """
        row = self.decide(fault, severity, model)
        team = accountable(row, model) if row else None
        if row is None or team is None:
            row = next(row for row in self._rows if row.otherwise)
            team = row.accountable
        return Decision(team, tuple(one for one in row.inform if one != team), row)

    def conflicts(self) -> Iterator[Conflict]:
        """Cases of declared models, and of no model, in which no row is the most specific."""
        for model, _ in self._kinds_of_model():
            for fault in self._faults:
                for severity in self._severities:
                    rows = self.matching(fault, severity, model)
                    if rows and self.most_specific(rows) is None:
                        yield Conflict(fault, severity, model, self._minimal(rows))

    def holes(self) -> Iterator[Hole]:
        """Cases of declared models, and of no model, that no row covers."""
        for model, count in self._kinds_of_model():
            for fault in self._faults:
                for severity in self._severities:
                    if self.decide(fault, severity, model) is None and not self.matching(
                        fault, severity, model
                    ):
                        yield Hole(fault, severity, model, count)

    def deciding(self) -> set[int]:
        """``id`` of every row that decides a case of a declared model, or of no model."""
        found = set()
        for model, _ in self._kinds_of_model():
            for fault in self._faults:
                for severity in self._severities:
                    if row := self.decide(fault, severity, model):
                        found.add(id(row))
        return found

    def _kinds_of_model(self) -> list[tuple[Model | None, int]]:
        """One model of each kind that rows can tell apart, with their number; and no model."""
        kinds: dict[object, list[Model]] = {}
        for model in self._models.values():
            name = model.id if model.id in self._naming else None
            kinds.setdefault((name, model.task, model.risk), []).append(model)
        return [(None, 0), *((models[0], len(models)) for models in kinds.values())]

    def _minimal(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Of `rows` those with no more specific one beside them."""

        def beneath(row: Row, other: Row) -> bool:
            inner, outer = self._covers[id(row)], self._covers[id(other)]
            return outer.contains(inner, self._models) and not inner.contains(outer, self._models)

        return tuple(row for row in rows if not any(beneath(other, row) for other in rows))


def accountable(row: Row, model: Model | None) -> str | None:
    """The team that `row` names for `model`; None where it asks for an owner that is not there."""
    if row.accountable != MODEL_OWNER:
        return row.accountable
    return model.owner_team if model else None


def covers(row: Row, fault: str, severity: str, model: Model | None) -> bool:
    """Whether every condition of `row` holds."""
    attributes = {
        "fault": fault,
        "severity": severity,
        "model": model.id if model else None,
        "task": model.task if model else None,
        "risk": model.risk if model else None,
    }
    return all(attributes[attribute] in values for attribute, values in row.when)


def _within(inner: frozenset[str] | None, outer: frozenset[str] | None) -> bool:
    return outer is None or (inner is not None and inner <= outer)
