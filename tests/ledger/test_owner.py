"""The owner by routing: owed, routed, and what is said where they differ."""

from __future__ import annotations

import pytest
from tests.ledger.ledger_machine import accountability
from tests.ledger.ledger_world import ROUTES, labels

from buckstop.ledger.domain.routing import Accountable, NotAccountable
from buckstop.ledger.owner import config_digest


def accountable(carried: dict[str, str], routes: str = ROUTES) -> Accountable:
    """Who answers for an alert that somebody answers for."""
    answer = accountability(routes).answer(carried)
    assert isinstance(answer, Accountable)
    return answer


def test_a_generated_alert_cites_the_charters_line() -> None:
    """The authority is the line by which the charter decided, not the label."""
    answer = accountable(labels())
    assert answer.team == "infra_sre"
    assert answer.team_name == "Infrastructure SRE"
    assert (answer.authority.file, answer.authority.line) == ("charter.yaml", 23)
    assert answer.authority.charter_digest.startswith("sha256:ab")
    assert answer.route.receivers == ("buckstop-ledger", "infra_sre-critical")
    assert answer.route.note == ""


def test_a_misspelt_team_is_answered_for_by_the_catch_all_and_that_is_said() -> None:
    """`Infra_SRE` falls to default-ops on the real server; the record says so."""
    answer = accountable(labels("HandWritten", accountable_team="Infra_SRE"))
    assert answer.team == "default_ops"
    assert answer.route.owed == "Infra_SRE"
    assert answer.authority.line == 30
    assert "no team 'Infra_SRE'" in answer.route.note
    assert "default_ops" in answer.route.note


def test_an_alert_without_a_team_belongs_to_the_catch_all() -> None:
    """Nobody named is the default team, by the charter's own line, and no contradiction."""
    answer = accountable(labels("HandWritten", accountable_team=""))
    assert (answer.team, answer.route.owed, answer.route.note) == ("default_ops", "default_ops", "")


def test_a_hand_written_rule_is_owed_to_the_team_of_its_label() -> None:
    """Where the charter has no line for an alert, its label is the authority, and named."""
    answer = accountable(labels("HandWritten", accountable_team="data_mlops"))
    assert answer.team == "data_mlops"
    assert answer.authority.file is None
    assert answer.authority.text == "label accountable_team=data_mlops"


def test_an_existing_rule_cites_its_own_entry() -> None:
    """An `alerts:` entry of the charter decides for rules that it does not generate."""
    answer = accountable(labels("Foreign", accountable_team="", namespace="payments"))
    assert answer.route.owed == "data_mlops"
    assert answer.authority.line == 41


def test_routing_that_contradicts_the_charter_is_said() -> None:
    """If the loaded tree pages another team, that team owns it, and both are on record."""
    moved = ROUTES.replace('accountable_team="infra_sre"', 'accountable_team="nobody"')
    answer = accountable(labels(), moved)
    assert answer.team == "default_ops"
    assert answer.route.owed == "infra_sre"
    assert "default_ops instead" in answer.route.note


def test_an_alert_routed_to_no_team_stays_with_the_owed_one() -> None:
    """A null route leaves nobody notified; somebody is accountable all the same."""
    nulled = ROUTES.replace("    - receiver: infra_sre\n", "    - receiver: not-accountable\n", 1)
    answer = accountable(labels(severity="minor"), nulled)
    assert answer.team == "infra_sre"
    assert "no receiver of an accountable team" in answer.route.note


def test_a_misspelt_team_that_is_routed_nowhere_is_the_catch_alls() -> None:
    """Even where the tree reaches nobody, the owner is a team that exists."""
    nulled = ROUTES.replace("    - receiver: default_ops\n", "    - receiver: not-accountable\n")
    answer = accountable(labels("HandWritten", accountable_team="Infra_SRE"), nulled)
    assert (answer.team, answer.route.teams) == ("default_ops", ())


def test_a_receiver_that_the_build_does_not_know_is_named() -> None:
    """A tree that somebody changed by hand shows in the record."""
    foreign = ROUTES.replace("infra_sre-critical", "pager")
    answer = accountable(labels(), foreign)
    assert answer.team == "infra_sre"
    assert "pager" in answer.route.note


def test_a_dead_mans_switch_is_nobodys() -> None:
    """What the charter calls not accountable never gets an owner."""
    answer = accountability().answer({"alertname": "Watchdog"})
    assert isinstance(answer, NotAccountable)
    assert answer.reason == "dead man's switch"
    assert answer.authority.line == 40


@pytest.mark.parametrize(("severity", "rank"), [("critical", 0), ("minor", 2), ("info", 3)])
def test_severities_are_ranked_as_the_charter_lists_them(severity: str, rank: int) -> None:
    """An unknown severity comes last, never first."""
    assert accountability().severity_rank(severity) == rank


def test_the_digest_tells_every_pair_of_texts_apart() -> None:
    """Moving text from one file to the other is another configuration."""
    assert config_digest("ab", "c") != config_digest("a", "bc")
