"""``accountability.json``: what a build says about who answers, for readers without the charter.

The ledger reads it to name its authority, the prover to know which receiver is whose.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from buckstop.charter.model import Handover

Role = Literal["accountable", "informed", "ledger", "not_accountable"]


@dataclass(frozen=True, slots=True)
class ManifestTeam:
    """A team as pages and access rules need it."""

    id: str
    name: str
    lead: str | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ManifestReceiver:
    """What a generated receiver is: whose, and in which role; `team` is None for the others."""

    name: str
    team: str | None
    role: Role


@dataclass(frozen=True, slots=True)
class Authority:
    """The place in the charter by which a team answers.

    Attributes:
        file: relative to the charter's root.
        text: the row in one line, for pages: ``when fault=drift: accountable data_mlops``.
    """

    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class ManifestAlert:
    """One generated alert.

    Attributes:
        alert: its name.
        labels: its static labels, ``alertname`` included.
        team: the accountable team's id.
        inform: teams that are told.
        rule_file: relative to the build folder.
        slo: the model's objective that it guards, or None.
    """

    alert: str
    labels: tuple[tuple[str, str], ...]
    team: str
    inform: tuple[str, ...]
    authority: Authority
    rule_file: str
    slo: str | None


@dataclass(frozen=True, slots=True)
class ManifestMatch:
    """An ``alerts:`` entry of the charter, in the charter's order.

    Attributes:
        match: label to exact value.
        team: None where nobody answers; `reason` then says why.
    """

    match: tuple[tuple[str, str], ...]
    team: str | None
    reason: str | None
    authority: Authority


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole of ``accountability.json``.

    Attributes:
        charter_digest: ``sha256:…`` of the charter that was built.
        team_label: the label that names the team, ``accountable_team``.
        targets: server to the oldest version of it that the files are for.
        default_team: who answers for what nothing else decides.
        incident_by: labels whose values say which alerts belong to one incident.
        handover: how incidents are handed over.
    """

    organization: str
    charter_digest: str
    targets: tuple[tuple[str, str], ...]
    team_label: str
    severities: tuple[str, ...]
    incident_by: tuple[str, ...]
    teams: tuple[ManifestTeam, ...]
    receivers: tuple[ManifestReceiver, ...]
    alerts: tuple[ManifestAlert, ...]
    existing: tuple[ManifestMatch, ...]
    default_team: str
    default_authority: Authority
    handover: Handover = field(default_factory=Handover)
