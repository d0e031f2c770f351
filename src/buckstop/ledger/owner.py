"""Who owns an alert: its labels routed through the configuration that is loaded.

Owed is what the charter says, routed is where the loaded tree really sends it. The owner is the
team routed to; where the two differ, the record says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from buckstop.alertmanager import Router
from buckstop.compiler.manifest import Authority as Citation
from buckstop.compiler.manifest import Manifest, ManifestAlert, ManifestMatch, ManifestReceiver
from buckstop.ledger.domain.membership import Membership, Team
from buckstop.ledger.domain.routing import Accountable, Answer, Authority, NotAccountable, Route


@dataclass(frozen=True, slots=True)
class Owed:
    """What the charter, or else the alert's own label, says of an alert.

    Attributes:
        team: the team as written; `known` says whether the charter has it.
        reason: why nobody needs to answer; None where somebody does.
    """

    team: str
    known: bool
    reason: str | None
    file: str | None
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Accountability:
    """One loaded configuration: the build's statement of who answers, and the route tree.

    Attributes:
        router: over the tree that Alertmanager has loaded (or the build's, where none was asked).
        config_digest: SHA-256 over both texts, ``sha256:…``; every owner cites it.
        membership: the charter's teams and people.
    """

    manifest: Manifest
    router: Router
    config_digest: str
    membership: Membership = field(init=False)
    _alerts: Mapping[str, tuple[ManifestAlert, ...]] = field(init=False)
    _receivers: Mapping[str, ManifestReceiver] = field(init=False)
    _names: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        alerts: dict[str, list[ManifestAlert]] = {}
        for alert in self.manifest.alerts:
            alerts.setdefault(alert.alert, []).append(alert)
        by_name = {name: tuple(entries) for name, entries in alerts.items()}
        object.__setattr__(self, "_alerts", by_name)
        receivers = {receiver.name: receiver for receiver in self.manifest.receivers}
        object.__setattr__(self, "_receivers", receivers)
        object.__setattr__(self, "_names", {team.id: team.name for team in self.manifest.teams})
        object.__setattr__(self, "membership", _membership(self.manifest, self.config_digest))

    def answer(self, labels: Mapping[str, str]) -> Answer:
        """Who answers for the alert that carries `labels`, and on what authority."""
        owed = self.owed(labels)
        receivers = tuple(match.receiver for match in self.router.route(labels))
        teams = self._teams(receivers)
        authority = Authority(
            charter_digest=self.manifest.charter_digest,
            config_digest=self.config_digest,
            file=owed.file,
            line=owed.line,
            text=owed.text,
        )
        if owed.reason is not None:
            return NotAccountable(owed.reason, Route("", teams, receivers, ""), authority)
        team = owed.team
        if teams and owed.team not in teams:
            team = teams[0]
        if not owed.known and not teams:
            team = self.manifest.default_team
        route = Route(owed.team, teams, receivers, self._difference(owed, teams, receivers))
        if team != owed.team:
            authority = self._by_catch_all(authority, owed, team)
        return Accountable(
            team=team,
            team_name=self._names.get(team, team),
            route=route,
            authority=authority,
            severity_rank=self.severity_rank(labels.get("severity", "")),
        )

    def owed(self, labels: Mapping[str, str]) -> Owed:
        """What the charter says of the alert: a generated one, an existing one, else its label."""
        generated = self._generated(labels)
        if generated is not None:
            return self._cited(generated.team, None, generated.authority)
        existing = self._existing(labels)
        if existing is not None:
            return self._cited(existing.team or "", existing.reason, existing.authority)
        team_label = self.manifest.team_label
        team = labels.get(team_label, "")
        if team in self._names:
            return Owed(team, True, None, None, None, f"label {team_label}={team}")
        default = self.manifest.default_authority
        if team == "":
            return self._cited(self.manifest.default_team, None, default)
        return Owed(team, False, None, default.file, default.line, default.text)

    def severity_rank(self, severity: str) -> int:
        """The place of `severity` among the charter's, 0 the gravest; unknown ones come last."""
        known = self.manifest.severities
        return known.index(severity) if severity in known else len(known)

    def _generated(self, labels: Mapping[str, str]) -> ManifestAlert | None:
        team_label = self.manifest.team_label
        for alert in self._alerts.get(labels.get("alertname", ""), ()):
            # Relabelling may have rewritten the team; the charter's line is the same.
            if all(labels.get(k) == v for k, v in alert.labels if k != team_label):
                return alert
        return None

    def _existing(self, labels: Mapping[str, str]) -> ManifestMatch | None:
        for entry in self.manifest.existing:
            if all(labels.get(name, "") == value for name, value in entry.match):
                return entry
        return None

    def _cited(self, team: str, reason: str | None, place: Citation) -> Owed:
        return Owed(team, team in self._names, reason, place.file, place.line, place.text)

    def _teams(self, receivers: tuple[str, ...]) -> tuple[str, ...]:
        """The teams whose accountable receivers are among `receivers`, each once, in order."""
        known = (self._receivers.get(name) for name in receivers)
        return tuple(
            dict.fromkeys(
                receiver.team
                for receiver in known
                if receiver is not None
                and receiver.role == "accountable"
                and receiver.team is not None
            )
        )

    def _difference(self, owed: Owed, teams: tuple[str, ...], receivers: tuple[str, ...]) -> str:
        strangers = [name for name in receivers if name not in self._receivers]
        said = []
        if not owed.known:
            said.append(f"The charter has no team {owed.team!r}.")
        if not teams:
            said.append("The loaded routes reach no receiver of an accountable team.")
        elif owed.team not in teams:
            said.append(f"It goes to {', '.join(teams)} instead.")
        elif len(teams) > 1:
            said.append(f"It goes to several accountable teams: {', '.join(teams)}.")
        if strangers:
            said.append(f"The build does not know these receivers: {', '.join(strangers)}.")
        return " ".join(said)

    def _by_catch_all(self, authority: Authority, owed: Owed, team: str) -> Authority:
        """The authority of a team that answers by routing, though another is owed."""
        default = self.manifest.default_authority
        if team == self.manifest.default_team:
            place: tuple[str | None, int | None, str] = (default.file, default.line, default.text)
        else:
            place = (owed.file, owed.line, f"routed to {team}, though {owed.text}")
        return Authority(authority.charter_digest, authority.config_digest, *place)


def _membership(manifest: Manifest, digest: str) -> Membership:
    return Membership(
        teams={
            team.id: Team(
                id=team.id,
                name=team.name,
                lead=team.lead,
                people=frozenset((*team.members, *([team.lead] if team.lead else []))),
            )
            for team in manifest.teams
        },
        unrecognised=manifest.default_team,
        answer_seconds=manifest.handover.answer_within_seconds,
        charter_digest=manifest.charter_digest,
        config_digest=digest,
    )


def config_digest(manifest_text: str, alertmanager_text: str) -> str:
    """The digest by which an owner cites the configuration that made it the owner."""
    both = f"{len(manifest_text)}\n{manifest_text}{alertmanager_text}"
    return "sha256:" + hashlib.sha256(both.encode()).hexdigest()
