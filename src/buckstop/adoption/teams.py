"""Teams and how they are told, as an existing route tree shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from buckstop.adoption.contacts import Shared, StartContact, at, contacts, placeholder
from buckstop.alertmanager.model import AlertmanagerConfig, Route
from buckstop.charter.drafts import slug
from buckstop.charter.model import MODEL_OWNER
from buckstop.diagnostics import nearest
from buckstop.prover.examination import Examination
from buckstop.prover.ownership import teams_named

DEFAULT_TEAM: Final = "default_ops"
"""Who answers for the rest where no routes say so."""
SEVERITY_LABEL: Final = "severity"
"""The label by which routes and rules tell severities."""


@dataclass(slots=True)
class StartTeam:
    """A team as found.

    Attributes:
        notify: severity, or ``default``, to contacts.
        comments: where it was found, a line each.
    """

    id: str
    notify: dict[str, tuple[StartContact, ...]] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)


class Teams:
    """Teams and their contacts, found on the way through the route tree."""

    def __init__(self, config: AlertmanagerConfig | None, examination: Examination) -> None:
        self.by_id: dict[str, StartTeam] = {}
        self.shared = Shared()
        self._config = config
        self._label = examination.team_label.name
        self.of_receiver: dict[str, str] = {}
        self._contacts: dict[tuple[str, str], tuple[StartContact, ...]] = {}
        self.by_label = bool(examination.ownership.led_to)
        if config is not None:
            self._walk(config, config.route, config.route.receiver or "", frozenset(), None)
            for team in self.by_id.values():
                self._complete(team)

    def default(self) -> tuple[str, str]:
        """Who answers for the rest, and why."""
        root = self._config.route.receiver if self._config else None
        if self._config is None or root is None:
            team = self._new(DEFAULT_TEAM, "Answers for what no row decides.")
            team.notify.setdefault(
                "default", (placeholder(team.id, self.shared, "CHANGE THIS: how it is told"),)
            )
            return team.id, "no routes were given; name the team"
        where = f"{at(self._config.route.span)}"
        if root in self.of_receiver:
            return self.of_receiver[root], f"the root's receiver {root} is its own ({where})"
        found = self._config.receiver(root)
        name = team_id(root) if found and found.integrations else DEFAULT_TEAM
        team = self._new(name, f"The root's receiver {root} ({where}): whatever no route takes.")
        self.of_receiver[root] = team.id
        self._tell(team, "default", root)
        return team.id, f"the root's receiver is {root} ({where})"

    def named(self, value: str, default: str) -> tuple[str, str]:
        """The team that a rule names by `value`, and a remark where no route knows it."""
        if team_id(value) in self.by_id:
            return team_id(value), ""
        if guess := nearest(value, self.by_id):
            return guess, f"the rule says {value}, which no route knows; {guess} is taken"
        team = self._new(team_id(value), f"Rules name {value}, and no route leads to it.")
        told = self.by_id[default].notify["default"]
        team.notify["default"] = tuple(
            StartContact(one.written, f"CHANGE THIS: {default} is told today") for one in told
        )
        return team.id, ""

    def behind(self, receiver: str) -> str:
        """The team that `receiver` stands for; where no route says whose it is, one of its own."""
        if receiver not in self.of_receiver:
            comment = f"Rules reach {receiver}, and no {self._label} says whose it is."
            team = self._new(team_id(receiver), comment)
            self.of_receiver[receiver] = team.id
            self._tell(team, "default", receiver)
        return self.of_receiver[receiver]

    def _walk(
        self,
        config: AlertmanagerConfig,
        route: Route,
        receiver: str,
        teams: frozenset[str],
        severities: frozenset[str] | None,
    ) -> None:
        receiver = route.receiver or receiver
        for matcher in route.matchers:
            if matcher.name == self._label and (named := teams_named(matcher)):
                teams = named
            elif matcher.name == SEVERITY_LABEL and (graves := teams_named(matcher)):
                severities = graves
        if route is not config.route and route.matchers:
            if not self.by_label and not route.routes:
                # No label names teams here, so that each receiver stands for one.
                teams = frozenset({receiver})
            for value in sorted(teams):
                self._add(value, severities if self.by_label else None, receiver, route)
        for child in route.routes:
            self._walk(config, child, receiver, teams, severities)

    def _add(
        self, value: str, severities: frozenset[str] | None, receiver: str, route: Route
    ) -> None:
        assert self._config is not None
        how = f'{self._label}="{value}"' if self.by_label else "A route"
        team = self._new(team_id(value), f"{how} leads to {receiver} ({at(route.span)}).")
        self.of_receiver.setdefault(receiver, team.id)
        for key in sorted(severities or {"default"}):
            self._tell(team, key, receiver)

    def _new(self, name: str, comment: str) -> StartTeam:
        team = self.by_id.setdefault(name, StartTeam(name))
        if comment not in team.comments:
            team.comments.append(comment)
        return team

    def _tell(self, team: StartTeam, severity: str, receiver: str) -> None:
        assert self._config is not None
        found = self._config.receiver(receiver)
        if found is None or severity in team.notify:
            return
        if (receiver, team.id) not in self._contacts:
            told = contacts(found, self._config, team.id, self.shared)
            self._contacts[receiver, team.id] = told
        team.notify[severity] = self._contacts[receiver, team.id]

    def _complete(self, team: StartTeam) -> None:
        """Give the team a contact for the severities that no route of its own names."""
        if "default" in team.notify:
            return
        first = next(iter(team.notify.values()), None)
        if first is None:
            team.notify["default"] = (
                placeholder(team.id, self.shared, "CHANGE THIS: how it is told"),
            )
            return
        team.comments.append("No route of its own for other severities; they go where these go.")
        team.notify["default"] = first


def team_id(value: str) -> str:
    """`value` as a team's id; never the word that stands for a model's owner."""
    name = slug(value)[:100].lstrip("_") or "team"
    return "model_owner" if name == MODEL_OWNER else name
