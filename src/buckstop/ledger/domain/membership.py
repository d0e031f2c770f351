"""Persons and teams: for which team a person may act, by the charter that is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts.

    Attributes:
        known: they have shown who they are. On a ledger that is open to whoever reaches it nobody
            has, and a name there proves nothing.
    """

    name: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """A team of the charter and its people, the lead among them."""

    id: str
    name: str
    lead: str | None
    people: frozenset[str]


@dataclass(frozen=True, slots=True)
class Membership:
    """The charter's teams and people, and what of the charter acts cite.

    Attributes:
        teams: by id.
        unrecognised: the team for what nothing else in the charter decides.
        answer_seconds: how long a proposal waits for its answer, at the most.
    """

    teams: Mapping[str, Team]
    unrecognised: str
    answer_seconds: float
    charter_digest: str
    config_digest: str

    def may_act_for(self, person: Person, team_id: str) -> bool:
        """Whether `person` may act for the team; the one place where that is decided.

        A team whose people the charter does not name may be acted for by anybody who may act at
        all, and so may every team where nobody has shown who they are.
        """
        team = self.teams.get(team_id)
        if team is None:
            return False
        return not person.known or not team.people or person.name in team.people

    def may_assign(self, person: Person) -> bool:
        """Whether `person` leads the team for the unrecognised; nobody does without a lead."""
        team = self.teams.get(self.unrecognised)
        if team is None or team.lead is None:
            return False
        return not person.known or person.name == team.lead

    def name(self, team_id: str) -> str:
        """The team's name for people; its id where the charter has no such team."""
        team = self.teams.get(team_id)
        return team_id if team is None else team.name
