"""When an alert that fires again goes on with its incident, and when it is the next one."""

from __future__ import annotations

import pytest
from tests.ledger.ledger_machine import Machine, accountability
from tests.ledger.ledger_world import ROUTES, labels

from buckstop.ledger.domain.book import HOLD_SECONDS, TOMBSTONE_SECONDS
from buckstop.ledger.domain.observe import OVERTAKEN_SECONDS

LATER = OVERTAKEN_SECONDS + 1


@pytest.fixture
def machine() -> Machine:
    """A ledger with an incident that Alertmanager has called over."""
    machine = Machine()
    machine.webhook(labels())
    machine.webhook(labels(), resolved=True)
    assert not machine.book.incidents
    return machine


def test_what_had_not_ended_is_the_same_incident(machine: Machine) -> None:
    """The source takes its word back: no second incident of one trouble."""
    machine.clock.advance(LATER)
    assert machine.webhook(labels(), started_seconds_ago=1000) == "reopened"
    (incident,) = machine.book.incidents.values()
    assert (incident.number, incident.resolved, incident.is_firing) == (1, None, True)
    first, second = incident.owners
    assert first.until is not None
    assert first.until < second.since == machine.clock.now


def test_what_fires_anew_is_the_next_incident(machine: Machine) -> None:
    """A later start is another trouble, whoever is notified of it answers."""
    machine.clock.advance(LATER)
    assert machine.webhook(labels(), started_seconds_ago=1) == "opened"
    (incident,) = machine.book.incidents.values()
    assert (incident.number, incident.follows) == (2, 1)


def test_after_a_while_it_is_the_next_incident_in_any_case(machine: Machine) -> None:
    """The ledger does not remember ends for ever."""
    machine.clock.advance(TOMBSTONE_SECONDS + 1)
    assert machine.webhook(labels(), started_seconds_ago=5000) == "opened"


def test_what_a_person_ended_stays_ended() -> None:
    """A machine does not take back what somebody of the team has said."""
    machine = Machine()
    machine.feed(labels())
    machine.resolve("jo")
    machine.clock.advance(LATER)
    assert machine.feed(labels(), started_seconds_ago=1000) == "held"
    machine.clock.advance(HOLD_SECONDS)
    machine.prune()
    assert machine.feed(labels(), started_seconds_ago=9000) == "opened"


def test_whoever_is_notified_answers_and_has_not_acknowledged(machine: Machine) -> None:
    """Its resolution ended the handover: Alertmanager notifies the first team again."""
    machine = Machine()
    machine.webhook(labels())
    machine.propose("maria", "data_mlops")
    machine.accept("li")
    machine.acknowledge("li")
    machine.webhook(labels(), resolved=True)
    machine.clock.advance(LATER)
    machine.webhook(labels(), started_seconds_ago=1000)
    (incident,) = machine.book.incidents.values()
    assert [interval.team for interval in incident.owners] == [
        "infra_sre",
        "data_mlops",
        "infra_sre",
    ]
    assert incident.acknowledged is None


def test_it_joins_the_incident_that_has_begun_since(machine: Machine) -> None:
    """One team, model and fault are one incident: the earlier one stays closed."""
    machine.clock.advance(LATER)
    machine.webhook(labels(pod="b"), started_seconds_ago=1)
    assert machine.webhook(labels(), started_seconds_ago=1000) == "joined"
    (incident,) = machine.book.incidents.values()
    assert (incident.number, len(incident.members)) == (2, 2)


def test_it_stays_closed_where_one_of_its_alerts_belongs_to_another_incident_by_now() -> None:
    """No alert belongs to two open incidents."""
    machine = Machine()
    for pod in ("a", "b"):
        machine.webhook(labels(pod=pod))
    for pod in ("a", "b"):
        machine.webhook(labels(pod=pod), resolved=True)
    elsewhere = ROUTES.replace('namespace="payments"', 'pod="b"')
    machine.load(accountability(elsewhere))
    machine.clock.advance(LATER)
    assert machine.webhook(labels(pod="b"), started_seconds_ago=1) == "opened"
    assert machine.webhook(labels(pod="a"), started_seconds_ago=1000) == "opened"
    assert sorted(machine.book.incidents) == [2, 3]
    assert machine.book.incidents[3].follows == 1


def test_its_alerts_are_known_again_and_it_can_end_again(machine: Machine) -> None:
    """After reopening everything is as while it was open."""
    machine.clock.advance(LATER)
    machine.webhook(labels(), started_seconds_ago=1000)
    assert machine.webhook(labels(), started_seconds_ago=1000) == "renewed"
    assert machine.webhook(labels(pod="b"), started_seconds_ago=1) == "joined"
    machine.webhook(labels(pod="b"), resolved=True)
    machine.webhook(labels(), resolved=True)
    assert not machine.book.incidents
