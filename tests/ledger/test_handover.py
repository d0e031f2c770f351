"""Handing an incident over: propose, accept, decline, withdraw, time out, assign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.ledger.ledger_machine import Machine, accountability
from tests.ledger.ledger_world import MANIFEST, ROUTES, labels

from buckstop.charter.model import Handover
from buckstop.ledger.domain.incident import Incident
from buckstop.ledger.domain.refusal import ActRefusedError, Reason, UnknownIncidentError

ANSWER_SECONDS = Handover().answer_within_seconds


@pytest.fixture
def machine() -> Machine:
    """A ledger with one incident, of Infrastructure SRE."""
    machine = Machine()
    machine.feed(labels())
    return machine


@pytest.fixture
def asked(machine: Machine) -> Machine:
    """The same, proposed to Data & ML Operations."""
    machine.propose("maria", "data_mlops")
    return machine


def now(machine: Machine) -> Incident:
    """The open incident."""
    return machine.book.incidents[1]


def owner(machine: Machine) -> str:
    """Who answers for it now."""
    interval = now(machine).owner
    assert interval is not None
    return interval.team


def refused(deed: Callable[[], object]) -> Reason:
    """Why `deed` is refused."""
    with pytest.raises(ActRefusedError) as caught:
        deed()
    return caught.value.reason


def last_why(machine: Machine) -> str:
    """What the last entry says."""
    return machine.events[-1].why


def test_a_proposal_leaves_the_owner(asked: Machine) -> None:
    """Whoever proposes answers for the incident until somebody else has said yes."""
    assert owner(asked) == "infra_sre"
    proposal = now(asked).proposal
    assert proposal is not None
    assert (proposal.to_team, proposal.by) == ("data_mlops", "maria")
    assert (proposal.until - asked.clock.now).total_seconds() == ANSWER_SECONDS


def test_acceptance_moves_accountability_at_that_instant(asked: Machine) -> None:
    """The one team ends where the other begins, on the authority of what both have said."""
    asked.clock.advance(60)
    incident = asked.accept("li")
    first, second = incident.owners
    assert (first.team, second.team) == ("infra_sre", "data_mlops")
    assert first.until == second.since == asked.clock.now
    assert second.by == "handover"
    assert incident.authority is not None
    assert incident.authority.text == (
        "handover 1: proposed by Infrastructure SRE, accepted by Data & ML Operations"
    )
    assert asked.events[-1].by.team == "data_mlops"


def test_handing_over_is_not_acknowledging(machine: Machine) -> None:
    """The new owner has not acknowledged, whoever had before."""
    machine.acknowledge("maria")
    machine.propose("maria", "data_mlops")
    assert now(machine).acknowledged is not None
    assert machine.accept("li").acknowledged is None
    assert machine.acknowledge("li").acknowledged is not None


def test_acknowledging_is_not_taking_over(machine: Machine) -> None:
    """The owner stays, and is named with the person."""
    machine.acknowledge("jo")
    assert owner(machine) == "infra_sre"
    acknowledged = now(machine).acknowledged
    assert acknowledged is not None
    assert (acknowledged.by.name, acknowledged.by.team) == ("jo", "infra_sre")


def test_a_declined_proposal_leaves_everything_as_it_was(asked: Machine) -> None:
    """Whoever asked learns why, and may ask again."""
    asked.decline("li", reason="the features are yours")
    assert owner(asked) == "infra_sre"
    assert now(asked).proposal is None
    assert last_why(asked) == "the features are yours"
    again = asked.propose("maria", "data_mlops").proposal
    assert again is not None
    assert again.number == 2


def test_a_withdrawn_proposal_cannot_be_accepted(asked: Machine) -> None:
    """Who has mended it meanwhile keeps it."""
    asked.withdraw("jo")
    assert refused(lambda: asked.accept("li")) == "no_proposal"
    assert owner(asked) == "infra_sre"


def test_an_unanswered_proposal_falls_back(asked: Machine) -> None:
    """Silence is no acceptance: the team that asked stays accountable, and that is on record."""
    asked.clock.advance(ANSWER_SECONDS - 1)
    asked.time_out()
    assert now(asked).proposal is not None
    asked.clock.advance(1)
    asked.time_out()
    assert now(asked).proposal is None
    assert owner(asked) == "infra_sre"
    assert last_why(asked) == (
        "Data & ML Operations has not answered in time; Infrastructure SRE stays accountable."
    )


def test_a_late_yes_is_refused_even_before_the_ledger_has_looked_around(asked: Machine) -> None:
    """Two teams never both believe that they have it, or that the other has."""
    asked.clock.advance(ANSWER_SECONDS)
    assert refused(lambda: asked.accept("li")) == "proposal_over"
    assert owner(asked) == "infra_sre"


def test_a_shorter_time_may_be_given_and_no_longer_one(machine: Machine) -> None:
    """The charter's time is the most."""
    assert refused(lambda: machine.propose("jo", "data_mlops", seconds=ANSWER_SECONDS + 1)) == (
        "time_limit"
    )
    proposal = machine.propose("jo", "data_mlops", seconds=60).proposal
    assert proposal is not None
    assert (proposal.until - machine.clock.now).total_seconds() == 60


def test_one_team_is_asked_at_a_time(asked: Machine) -> None:
    """Two teams cannot both say yes."""
    assert refused(lambda: asked.propose("jo", "default_ops")) == "proposal_open"


def test_a_page_that_shows_an_older_proposal_answers_nothing(asked: Machine) -> None:
    """A yes to what was withdrawn is no yes to what was proposed since."""
    asked.withdraw("maria")
    asked.propose("maria", "data_mlops", reason="really yours now")
    assert refused(lambda: asked.accept("li", proposal=1)) == "proposal_over"
    asked.accept("li", proposal=2)
    assert owner(asked) == "data_mlops"


def test_what_is_clicked_twice_is_recorded_once(machine: Machine) -> None:
    """A double click, or a request that is sent again, is no second event."""
    machine.propose("maria", "data_mlops")
    machine.propose("maria", "data_mlops")
    machine.accept("li")
    machine.accept("li")
    assert [e.body.kind for e in machine.events][-2:] == ["proposed", "accepted"]


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (lambda m: m.acknowledge("li"), "not_a_member"),
        (lambda m: m.note("li"), "not_a_member"),
        (lambda m: m.resolve("li"), "not_a_member"),
        (lambda m: m.propose("li", "default_ops"), "not_a_member"),
        (lambda m: m.propose("maria", "infra_sre"), "team_accountable_already"),
        (lambda m: m.propose("maria", "Data"), "team_unknown"),
        (lambda m: m.propose("maria", "data_mlops", reason=" "), "text_missing"),
        (lambda m: m.note("maria", text=" "), "text_missing"),
        (lambda m: m.note("maria", text="x" * 2001), "text_too_long"),
        (lambda m: m.accept("maria"), "no_proposal"),
        (lambda m: m.decline("maria"), "no_proposal"),
        (lambda m: m.withdraw("maria"), "no_proposal"),
        (lambda m: m.assign("maria", "data_mlops"), "not_the_lead"),
        (lambda m: m.assign("olga", "data_mlops"), "not_the_lead"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_kind(
    machine: Machine, deed: Callable[[Machine], object], reason: Reason
) -> None:
    """Nothing of it is on record, and programs can tell why."""
    recorded = len(machine.events)
    assert refused(lambda: deed(machine)) == reason
    assert len(machine.events) == recorded


@pytest.mark.parametrize(
    "deed",
    [
        lambda m: m.accept("maria"),
        lambda m: m.decline("maria"),
        lambda m: m.withdraw("li"),
    ],
)
def test_nobody_answers_for_another_team(asked: Machine, deed: Callable[[Machine], object]) -> None:
    """Only the asked team accepts or declines; only the accountable one withdraws."""
    assert refused(lambda: deed(asked)) == "not_a_member"
    assert now(asked).proposal is not None


def test_a_decline_says_why(asked: Machine) -> None:
    """A bare no helps nobody."""
    assert refused(lambda: asked.decline("li", reason="")) == "text_missing"


def test_what_is_over_cannot_be_handed_over(machine: Machine) -> None:
    """The past has the owners that it had."""
    machine.feed(labels(), resolved=True)
    with pytest.raises(UnknownIncidentError):
        machine.propose("maria", "data_mlops")


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_proposal_ends_with_its_incident(asked: Machine, *, by_hand: bool) -> None:
    """Nobody is asked to take over what is over."""
    if by_hand:
        asked.resolve("maria")
    else:
        asked.feed(labels(), resolved=True)
    *_, ended, resolved = asked.events
    assert (ended.body.kind, resolved.body.kind) == ("proposal_ended", "resolved")
    assert ended.why == "The incident is over before Data & ML Operations has answered."


def other_routes() -> str:
    """Routes by which Operations answers for the model."""
    return ROUTES.replace('namespace="payments"', 'model="credit"').replace(
        "receiver: data_mlops", "receiver: default_ops", 1
    )


def test_a_proposal_ends_when_the_charter_makes_another_team_the_owner(asked: Machine) -> None:
    """Who proposed is not accountable any more, so their proposal is nobody's."""
    asked.load(accountability(other_routes()))
    assert owner(asked) == "default_ops"
    assert now(asked).proposal is None
    assert [e.body.kind for e in asked.events][-2:] == ["proposal_ended", "owner_changed"]


def test_another_owner_by_the_charter_has_not_acknowledged(machine: Machine) -> None:
    """An acknowledgement is of one team."""
    machine.acknowledge("maria")
    machine.load(accountability(other_routes()))
    assert now(machine).acknowledged is None


def test_an_accepted_handover_stands_until_the_incident_is_resolved(asked: Machine) -> None:
    """A charter that changes meanwhile does not take away what people have agreed upon."""
    asked.accept("li")
    asked.load(accountability(other_routes()))
    assert owner(asked) == "data_mlops"
    (member,) = now(asked).members.values()
    assert member.route.teams == ("default_ops",), "where it goes by the charter is shown as well"


def test_an_accepted_handover_stands_when_the_alert_is_relabelled(asked: Machine) -> None:
    """The same alert under another team's label is the same incident, with the same owner."""
    asked.accept("li")
    asked.clock.advance(300)
    asked.expire()
    asked.feed(labels(accountable_team="default_ops"))
    assert owner(asked) == "data_mlops"
    assert len(now(asked).members) == 2


def test_a_team_that_the_charter_drops_is_accountable_for_nothing(asked: Machine) -> None:
    """Nobody could act for it: the charter decides anew."""
    asked.accept("li")
    teams = tuple(team for team in MANIFEST.teams if team.id != "data_mlops")
    asked.load(accountability(manifest=replace(MANIFEST, teams=teams)))
    assert owner(asked) == "infra_sre"


def test_a_proposal_to_a_team_that_the_charter_drops_ends(asked: Machine) -> None:
    """Whoever comes along cannot accept for a team that is no more."""
    teams = tuple(team for team in MANIFEST.teams if team.id != "data_mlops")
    asked.load(accountability(manifest=replace(MANIFEST, teams=teams)))
    assert now(asked).proposal is None
    assert "The charter has no team Data & ML Operations any more" in last_why(asked)
    assert owner(asked) == "infra_sre"


def test_new_alerts_of_the_same_trouble_belong_to_whoever_has_it(asked: Machine) -> None:
    """One pod more does not make the first team accountable again."""
    asked.accept("li")
    assert asked.feed(labels(pod="b")) == "joined"
    assert owner(asked) == "data_mlops"


def test_there_and_back_and_on(asked: Machine) -> None:
    """A hands to B, B back to A, A to C: each is on record, none has a gap."""
    asked.accept("li")
    asked.propose("li", "infra_sre")
    asked.accept("maria")
    asked.propose("maria", "data_engineering")
    asked.accept("anybody")
    incident = now(asked)
    assert [interval.team for interval in incident.owners] == [
        "infra_sre",
        "data_mlops",
        "infra_sre",
        "data_engineering",
    ]
    assert incident.proposals == 3


class TestAssigning:
    """What nobody recognised goes where it belongs."""

    @pytest.fixture
    def unrecognised(self) -> Machine:
        """An incident of the team for the unrecognised."""
        machine = Machine()
        machine.feed(labels("Strange", accountable_team="nobody"))
        return machine

    def test_the_lead_of_the_unrecognised_assigns(self, unrecognised: Machine) -> None:
        """Without asking: somebody must answer for it."""
        unrecognised.assign("olga", "data_mlops")
        assert owner(unrecognised) == "data_mlops"
        last = unrecognised.events[-1]
        assert (last.by.name, last.by.team) == ("olga", "default_ops")
        assert last.authority is not None
        assert last.authority.text == ("assigned to Data & ML Operations by the lead of Operations")

    def test_another_member_proposes_as_everybody_does(self, unrecognised: Machine) -> None:
        """Only the lead may give what nobody has agreed to take."""
        assert refused(lambda: unrecognised.assign("sam", "data_mlops")) == "not_the_lead"
        unrecognised.propose("sam", "data_mlops")

    def test_an_assignment_ends_a_proposal(self, unrecognised: Machine) -> None:
        """What has an owner is not asked about any more."""
        unrecognised.propose("sam", "infra_sre")
        unrecognised.assign("olga", "data_mlops")
        assert now(unrecognised).proposal is None

    def test_without_a_lead_nobody_assigns(self, unrecognised: Machine) -> None:
        """The charter names who may; where it names nobody, nobody may."""
        teams = tuple(replace(team, lead=None) for team in MANIFEST.teams)
        unrecognised.load(accountability(manifest=replace(MANIFEST, teams=teams)))
        assert refused(lambda: unrecognised.assign("olga", "data_mlops")) == "not_the_lead"


class TestClocks:
    """The record of an incident never runs backwards, however its clock is set."""

    def test_a_clock_that_is_set_back_makes_no_interval_that_ends_before_it_begins(
        self, asked: Machine
    ) -> None:
        """It is on record at the time of the entry before."""
        began = asked.clock.now
        asked.clock.advance(-3600)
        first, second = asked.accept("li").owners
        assert first.since == first.until == second.since == began
