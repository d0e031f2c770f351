"""Who answers for an alert, and by which line of the charter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from buckstop.charter import Table as Decisions
from buckstop.charter import describe
from buckstop.charter.model import MODEL_OWNER, Charter, ExistingAlert, Ledger, Model, Row
from buckstop.compiler.manifest import Authority
from buckstop.compiler.rule import TEAM_LABEL, Alert
from buckstop.diagnostics import Span

LEDGER_FAULT: Final = "ledger"
"""The fault of Buckstop's own machinery; its alerts go to the ledger's owner, not by the table."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A team that answers, those that are told, and why."""

    team: str
    inform: tuple[str, ...]
    authority: Authority
    because: str

    @property
    def accountability(self) -> str:
        """The sentence that a page says."""
        return f"{self.team} is accountable because {self.because}"


@dataclass(frozen=True, slots=True)
class Owned:
    """An alert with its answer.

    Attributes:
        labels: static labels in the order in which they are written, without ``alertname``.
    """

    alert: Alert
    answer: Answer
    labels: tuple[tuple[str, str], ...]


class Table:
    """The charter's decisions, each made once: thousands of models share a few kinds of fault."""

    def __init__(self, charter: Charter) -> None:
        self._decisions = Decisions.of(charter)
        self._made: dict[tuple[str, str, str | None], Answer] = {}

    def answer(self, fault: str, severity: str, model: Model | None) -> Answer:
        """Who answers for `fault` at `severity` of `model`."""
        key = (fault, severity, model.id if model else None)
        if key not in self._made:
            decision = self._decisions.decision(fault, severity, model)
            self._made[key] = row_answer(decision.row, decision.team, decision.inform, model)
        return self._made[key]


def row_answer(row: Row, team: str, inform: tuple[str, ...], model: Model | None) -> Answer:
    """The answer that `row` gives to a case of `model`."""
    authority = Authority(row.span.file, row.span.line, describe(row))
    reason = describe(row).partition(": accountable")[0]
    because = f"{place(row.span)}: {reason}"
    if row.accountable == MODEL_OWNER and model is not None:
        because += f", as the owner of {model.id}"
    return Answer(team, inform, authority, because)


def own(alert: Alert, answer: Answer) -> Owned:
    """`alert` with the labels by which it is routed to `answer`."""
    labels = [(TEAM_LABEL, answer.team), ("severity", alert.severity), ("fault", alert.fault)]
    optional = {
        "model": alert.model.id if alert.model else None,
        "slo": alert.slo,
        "feature": alert.feature,
    }
    labels += [(name, value) for name, value in optional.items() if value is not None]
    return Owned(alert, answer, tuple(labels))


def entry_answer(entry: ExistingAlert, team: str, inform: tuple[str, ...]) -> Answer:
    """The answer that an ``alerts:`` entry gives by itself."""
    authority = entry_authority(entry)
    return Answer(team, inform, authority, f"{place(entry.span)}: {authority.text}")


def entry_authority(entry: ExistingAlert) -> Authority:
    """The place and the words of an ``alerts:`` entry."""
    match = ", ".join(f"{name}={value}" for name, value in entry.match)
    if entry.not_accountable is not None:
        said = f"nobody is accountable: {entry.not_accountable}"
    elif entry.accountable is not None:
        said = f"accountable {entry.accountable}"
    else:
        said = f"fault {entry.fault}" + (f" of model {entry.model}" if entry.model else "")
    return Authority(entry.span.file, entry.span.line, f"match {match}: {said}")


def ledger_answer(ledger: Ledger) -> Answer:
    """Who answers for Buckstop's own machinery."""
    authority = Authority(ledger.span.file, ledger.span.line, f"ledger: owner {ledger.owner}")
    return Answer(ledger.owner, (), authority, f"{place(ledger.span)}: the ledger's owner")


def place(span: Span) -> str:
    """File and line, as people cite them."""
    return f"{span.file}:{span.line}"
