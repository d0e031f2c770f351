"""Which team answers for which fault of which model: the charter's alerts as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from buckstop.charter import STANDARD_FAULTS
from buckstop.compiler.manifest import Authority, ManifestAlert
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.routing import Accountable
from buckstop.ledger.owner import Accountability
from buckstop.web.view import leading

NO_MODEL: Final = ""
"""The row of alerts that are of no model, such as the ledger's own."""
_NO_FAULT: Final = "other"


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for one fault of one model, at some severities.

    Attributes:
        severities: the gravest first; empty for alerts that have none.
        alerts: their names.
        authority: the first line of the charter that says so.
        amiss: where the loaded routes send an alert elsewhere: what and why; else empty.
    """

    team: str
    team_name: str
    severities: tuple[str, ...]
    alerts: tuple[str, ...]
    authority: Authority
    amiss: str


Cells = Mapping[str, tuple[Answering, ...]]
"""Fault to who answers for it; a fault that nothing watches is not there."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Models down, faults across.

    Attributes:
        faults: those that something watches, the charter's standard ones first.
        rows: model to its cells, in the charter's order.
    """

    faults: tuple[str, ...]
    rows: Mapping[str, Cells]

    @property
    def amiss(self) -> int:
        """How many answers the loaded routes contradict."""
        cells = (cell for row in self.rows.values() for cell in row.values())
        return sum(bool(one.amiss) for cell in cells for one in cell)


def matrix(accountability: Accountability) -> Matrix:
    """Every alert of the build, each routed through the tree that is loaded."""
    found: dict[str, dict[str, list[tuple[ManifestAlert, str]]]] = {}
    for alert in accountability.manifest.alerts:
        labels = dict(alert.labels)
        row = found.setdefault(labels.get("model", NO_MODEL), {})
        row.setdefault(labels.get("fault", _NO_FAULT), []).append(
            (alert, _amiss(accountability, labels))
        )
    names = {team.id: team.name for team in accountability.manifest.teams}
    severities = accountability.manifest.severities
    rows = {
        model: {fault: _answering(alerts, names, severities) for fault, alerts in row.items()}
        for model, row in sorted(found.items(), key=lambda item: item[0] == NO_MODEL)
    }
    faults = dict.fromkeys(fault for row in rows.values() for fault in row)
    standard = [fault for fault in STANDARD_FAULTS if fault in faults]
    return Matrix((*standard, *(fault for fault in faults if fault not in standard)), rows)


def _amiss(accountability: Accountability, labels: Mapping[str, str]) -> str:
    answer = accountability.answer(labels)
    if isinstance(answer, Accountable):
        return answer.route.note
    return f"it is said that nobody needs to answer: {answer.reason}"


def _answering(
    alerts: Iterable[tuple[ManifestAlert, str]],
    names: Mapping[str, str],
    severities: tuple[str, ...],
) -> tuple[Answering, ...]:
    """One for each team, and one for each way in which the routes contradict the charter."""
    same: dict[tuple[str, str], list[ManifestAlert]] = {}
    for alert, amiss in alerts:
        same.setdefault((alert.team, amiss), []).append(alert)
    answering = []
    for (team, amiss), those in same.items():
        given = {dict(alert.labels).get("severity", "") for alert in those} - {""}
        answering.append(
            Answering(
                team,
                names.get(team, team),
                tuple(sorted(given, key=lambda one: _rank(one, severities))),
                tuple(dict.fromkeys(alert.alert for alert in those)),
                those[0].authority,
                amiss,
            )
        )
    return tuple(
        sorted(
            answering,
            key=lambda one: _rank(one.severities[0], severities) if one.severities else -1,
        )
    )


def _rank(severity: str, severities: tuple[str, ...]) -> int:
    return severities.index(severity) if severity in severities else len(severities)


def open_by_cell(incidents: Iterable[Incident]) -> Mapping[tuple[str, str], int]:
    """Model and fault to how many incidents are open of them."""
    counts: dict[tuple[str, str], int] = {}
    for incident in incidents:
        if incident.owner is None:
            continue
        labels = leading(incident).labels
        key = labels.get("model", NO_MODEL), labels.get("fault", _NO_FAULT)
        counts[key] = counts.get(key, 0) + 1
    return counts
