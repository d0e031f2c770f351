"""For which team a person may act."""

from __future__ import annotations

from dataclasses import replace

from tests.ledger.ledger_machine import accountability
from tests.ledger.ledger_world import MANIFEST

from buckstop.ledger.domain.membership import Person

MEMBERSHIP = accountability().membership


def test_members_act_for_their_teams_and_no_others() -> None:
    """A person of two teams may act for either."""
    assert MEMBERSHIP.may_act_for(Person("jo"), "infra_sre")
    assert MEMBERSHIP.may_act_for(Person("jo"), "data_mlops")
    assert not MEMBERSHIP.may_act_for(Person("maria"), "data_mlops")
    assert not MEMBERSHIP.may_act_for(Person("Jo"), "infra_sre"), "names are compared exactly"


def test_a_lead_is_a_member() -> None:
    """A charter that names only the lead lets the lead act, and nobody else."""
    teams = tuple(replace(team, members=()) for team in MANIFEST.teams)
    membership = accountability(manifest=replace(MANIFEST, teams=teams)).membership
    assert membership.may_act_for(Person("maria"), "infra_sre")
    assert not membership.may_act_for(Person("jo"), "infra_sre")


def test_where_the_charter_names_nobody_anybody_may_act() -> None:
    """A team without names would otherwise answer for what it cannot even acknowledge."""
    assert MEMBERSHIP.may_act_for(Person("a stranger"), "data_engineering")


def test_nobody_acts_for_a_team_that_is_not_in_the_charter() -> None:
    """Not even where nobody has shown who they are."""
    assert not MEMBERSHIP.may_act_for(Person("maria", known=False), "nobody")


def test_where_nobody_shows_who_they_are_names_decide_nothing() -> None:
    """An open ledger on one's own machine holds no name against the charter."""
    assert MEMBERSHIP.may_act_for(Person("root", known=False), "infra_sre")
    assert MEMBERSHIP.may_assign(Person("root", known=False))


def test_only_the_lead_of_the_unrecognised_assigns() -> None:
    """No other lead does."""
    assert MEMBERSHIP.may_assign(Person("olga"))
    assert not MEMBERSHIP.may_assign(Person("maria"))
