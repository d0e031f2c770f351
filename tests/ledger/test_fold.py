"""Incidents from what sources say: identity, members, sources with leases, owners, ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.ledger.ledger_machine import Machine
from tests.ledger.ledger_world import START, labels

from buckstop.ledger.domain.book import HOLD_SECONDS, Book
from buckstop.ledger.domain.incident import Incident, fold
from buckstop.ledger.domain.observe import OVERTAKEN_SECONDS
from buckstop.ledger.domain.refusal import ActRefusedError, UnknownIncidentError


@pytest.fixture
def machine() -> Machine:
    """A ledger without disk or web."""
    return Machine()


def only(book: Book) -> Incident:
    """The one open incident."""
    (incident,) = book.incidents.values()
    return incident


def test_an_alert_opens_an_incident_whose_owner_is_on_record(machine: Machine) -> None:
    """The first report puts the accountable team on record, with the charter's line."""
    assert machine.feed(labels()) == "opened"
    incident = only(machine.book)
    assert incident.owner is not None
    assert incident.owner.team == "infra_sre"
    assert incident.authority is not None
    assert (incident.authority.file, incident.authority.line) == ("charter.yaml", 23)


def test_a_repeat_adds_nothing_to_the_record(machine: Machine) -> None:
    """Prometheus re-sends every minute; the record does not grow by that."""
    machine.feed(labels())
    recorded = len(machine.events)
    machine.clock.advance(60)
    assert machine.feed(labels()) == "renewed"
    assert len(machine.events) == recorded


def test_alerts_of_one_team_model_and_fault_are_one_incident(machine: Machine) -> None:
    """200 pods of one model that go down are not 200 acknowledgements."""
    machine.feed(labels(pod="a"))
    assert machine.feed(labels(pod="b", alertname="ModelSliStale")) == "joined"
    assert len(only(machine.book).members) == 2


@pytest.mark.parametrize("difference", [{"model": "churn"}, {"fault": "drift"}])
def test_another_model_or_fault_is_another_incident(
    machine: Machine, difference: dict[str, str]
) -> None:
    """What the charter keeps apart is answered apart."""
    machine.feed(labels())
    assert machine.feed(labels(**difference)) == "opened"
    assert len(machine.book.incidents) == 2


def test_two_live_rules_that_differ_only_by_team_are_two_incidents(machine: Machine) -> None:
    """Each team keeps its own incident while both rules fire."""
    machine.feed(labels(alertname="X"))
    machine.feed(labels(alertname="X", accountable_team="data_mlops"))
    owners = {i.owner.team for i in machine.book.incidents.values() if i.owner is not None}
    assert owners == {"infra_sre", "data_mlops"}


def test_an_alert_that_goes_on_under_another_team_moves_accountability(machine: Machine) -> None:
    """When a charter change relabels a firing rule, one incident lives on with a new owner."""
    machine.feed(labels(alertname="X"))
    machine.clock.advance(300)
    machine.expire()
    machine.feed(labels(alertname="X", accountable_team="data_mlops"))
    incident = only(machine.book)
    assert [interval.team for interval in incident.owners] == ["infra_sre", "data_mlops"]
    machine.feed(labels(alertname="X", accountable_team="data_mlops"), resolved=True)
    assert not machine.book.incidents


def test_replicas_of_one_prometheus_report_one_member(machine: Machine) -> None:
    """A pair of Prometheus servers is two sources of one alert, not two alerts."""
    machine.feed(labels(prometheus_replica="a"))
    machine.feed(labels(prometheus_replica="b"))
    (member,) = only(machine.book).members.values()
    assert len(member.sources) == 2


def test_one_replicas_resolved_does_not_close_what_the_other_sees(machine: Machine) -> None:
    """An incident ends only when no source fires any more."""
    machine.feed(labels(prometheus_replica="a"))
    machine.feed(labels(prometheus_replica="b"))
    machine.feed(labels(prometheus_replica="a"), resolved=True)
    assert machine.book.incidents
    machine.feed(labels(prometheus_replica="b"), resolved=True)
    assert not machine.book.incidents


def test_prometheus_and_alertmanager_must_both_say_resolved(machine: Machine) -> None:
    """Two intakes of one alert are two sources of one incident."""
    machine.feed(labels())
    machine.webhook(labels())
    machine.webhook(labels(), resolved=True)
    assert only(machine.book).is_firing
    machine.feed(labels(), resolved=True)
    assert not machine.book.incidents


def test_an_expired_lease_loses_the_source_and_resolves_nothing(machine: Machine) -> None:
    """A Prometheus that falls silent is lost, and the team stays accountable."""
    machine.feed(labels())
    machine.clock.advance(241)
    machine.expire()
    (member,) = only(machine.book).members.values()
    assert member.state == "lost"


def test_a_renewed_lease_keeps_the_source(machine: Machine) -> None:
    """Each re-send prolongs the source's word."""
    machine.feed(labels())
    machine.clock.advance(200)
    machine.feed(labels())
    machine.clock.advance(200)
    machine.expire()
    assert only(machine.book).is_firing


def test_a_lost_source_that_reports_again_is_live_again(machine: Machine) -> None:
    """A restart of Prometheus, which changes startsAt, goes on with the same incident."""
    machine.feed(labels())
    machine.clock.advance(241)
    machine.expire()
    machine.feed(labels(), started_seconds_ago=1)
    assert only(machine.book).is_firing
    assert only(machine.book).number == 1


def test_an_alert_that_fires_again_is_a_new_episode_that_names_the_old(machine: Machine) -> None:
    """The history of a trouble is a chain of incidents."""
    machine.feed(labels())
    machine.feed(labels(), resolved=True)
    machine.clock.advance(30)
    machine.feed(labels(), started_seconds_ago=1)
    assert only(machine.book).number == 2
    assert only(machine.book).follows == 1


def test_a_firing_message_that_its_resolved_overtook_opens_nothing(machine: Machine) -> None:
    """Messages in the wrong order leave no incident that nobody can end."""
    machine.webhook(labels())
    machine.webhook(labels(), resolved=True)
    assert machine.webhook(labels()) == "overtaken"
    assert not machine.book.incidents
    assert machine.book.last_number == 1


def test_an_alert_that_never_ceased_is_taken_up_again(machine: Machine) -> None:
    """Alertmanager resolves an alert whose Prometheus fell silent, and fires it with its old
    start once it is back: that must not be taken for an old message."""
    machine.webhook(labels())
    machine.webhook(labels(), resolved=True)
    machine.clock.advance(OVERTAKEN_SECONDS + 1)
    assert machine.webhook(labels(), started_seconds_ago=1000) == "reopened"


def test_a_resolved_that_is_repeated_for_minutes_is_recorded_once(machine: Machine) -> None:
    """Prometheus repeats a resolved alert for a quarter of an hour."""
    ended_at = machine.clock.now
    machine.feed(labels(), ended_at=ended_at)
    recorded = len(machine.events)
    for _ in range(15):
        machine.clock.advance(60)
        assert machine.feed(labels(), ended_at=ended_at) == "repeated"
    assert len(machine.events) == recorded


def test_a_resolution_by_hand_holds_while_the_alert_goes_on(machine: Machine) -> None:
    """The next re-send must not open again what a person has just closed."""
    machine.feed(labels())
    machine.resolve("jo", reason="known")
    machine.clock.advance(60)
    assert machine.feed(labels(), started_seconds_ago=70) == "held"
    assert not machine.book.incidents


def test_an_alert_that_still_fires_an_hour_after_that_has_an_owner_again(machine: Machine) -> None:
    """Nothing that fires stays without an owner for long."""
    machine.feed(labels())
    machine.resolve("jo", reason="known")
    machine.clock.advance(HOLD_SECONDS + 1)
    machine.prune()
    assert machine.feed(labels(), started_seconds_ago=4000) == "opened"


def test_a_new_firing_after_a_resolution_by_hand_opens_at_once(machine: Machine) -> None:
    """The hold is for the trouble that was closed, not for the next one."""
    machine.feed(labels())
    machine.resolve("jo", reason="known")
    machine.feed(labels(), resolved=True)
    machine.clock.advance(120)
    assert machine.feed(labels(), started_seconds_ago=1) == "opened"


def test_what_nobody_needs_to_answer_for_has_no_owner_and_ends_by_itself(machine: Machine) -> None:
    """Watchdog is on record, beside the incidents, and burdens nobody."""
    machine.feed(labels("Watchdog"))
    incident = only(machine.book)
    assert incident.owner is None
    assert incident.not_accountable == "dead man's switch"
    machine.clock.advance(241)
    machine.expire()
    assert not machine.book.incidents


def test_owners_partition_the_life_of_an_incident(machine: Machine) -> None:
    """At every instant from opening to end exactly one team is accountable."""
    machine.feed(labels(alertname="X"))
    machine.clock.advance(300)
    machine.expire()
    machine.feed(labels(alertname="X", accountable_team="data_mlops"))
    machine.clock.advance(10)
    ended = machine.resolve("jo", reason="mended")
    first, second = ended.owners
    assert ended.resolved is not None
    assert (first.since, second.until) == (ended.opened_at, ended.resolved.at)
    assert first.until == second.since


class TestActs:
    """Acknowledging and resolving."""

    def test_an_acknowledgement_names_the_person(self, machine: Machine) -> None:
        """Who took notice, and when, is on record."""
        machine.feed(labels())
        incident = machine.acknowledge("jo", note="on it")
        assert incident.acknowledged is not None
        assert incident.acknowledged.by.name == "jo"

    def test_the_same_person_may_say_so_twice(self, machine: Machine) -> None:
        """A double click is no second event."""
        machine.feed(labels())
        machine.acknowledge("jo")
        recorded = len(machine.events)
        machine.acknowledge("jo")
        assert len(machine.events) == recorded

    def test_a_second_person_learns_who_was_first(self, machine: Machine) -> None:
        """Two people do not both believe that they took it."""
        machine.feed(labels())
        machine.acknowledge("jo")
        with pytest.raises(ActRefusedError, match="jo has acknowledged"):
            machine.acknowledge("maria")

    def test_a_resolution_by_hand_needs_a_reason(self, machine: Machine) -> None:
        """The record says why a person ended an incident."""
        machine.feed(labels())
        with pytest.raises(ActRefusedError, match="reason"):
            machine.resolve("jo", reason="  ")

    def test_what_is_over_cannot_be_acknowledged(self, machine: Machine) -> None:
        """The past is not edited."""
        machine.feed(labels())
        machine.feed(labels(), resolved=True)
        with pytest.raises(UnknownIncidentError):
            machine.acknowledge("jo")


class TestNotification:
    """Withheld, and unheard of by Alertmanager."""

    def test_an_alert_that_alertmanager_never_reports_is_remarked_upon(
        self, machine: Machine
    ) -> None:
        """A silenced alert reaches the record through the feed; that it was silent is said."""
        machine.feed(labels())
        machine.clock.advance(61)
        machine.find_unheard()
        assert next(iter(only(machine.book).members.values())).unheard
        machine.webhook(labels())
        assert not next(iter(only(machine.book).members.values())).unheard

    def test_a_reported_alert_is_not(self, machine: Machine) -> None:
        """Two intakes that agree raise no doubt."""
        machine.feed(labels())
        machine.webhook(labels())
        machine.clock.advance(61)
        recorded = len(machine.events)
        machine.find_unheard()
        assert len(machine.events) == recorded

    def test_a_silence_is_recorded_once_and_when_it_ends(self, machine: Machine) -> None:
        """Who withheld a notification, and until when, is part of the record."""
        machine.feed(labels())
        until = machine.clock.now + timedelta(hours=1)
        machine.silence(labels(), by="jo", until=until)
        machine.silence(labels(), by="jo", until=until)
        machine.silence(labels(), by=None, until=until)
        said = [event.why for event in machine.events if event.body.kind == "withheld"]
        assert said == [
            "Recorded, not notified (silenced by jo until 2030-01-31 13:00 UTC).",
            "Alertmanager no longer withholds it.",
        ]


def test_an_end_that_overtakes_its_alert_still_leaves_an_owner_on_record(machine: Machine) -> None:
    """A short incident is recorded with its team, its authority, and when it fired and ended."""
    machine.webhook(labels(), resolved=True, started_seconds_ago=100)
    machine.clock.advance(1)
    assert machine.webhook(labels(), started_seconds_ago=101) == "opened"
    assert not machine.book.incidents
    unseen, *history = machine.events
    assert unseen.incident == 0
    incident = fold(history)
    assert incident.resolved is not None
    assert [interval.team for interval in incident.owners] == ["infra_sre"]
    assert incident.authority is not None
    assert [event.body.kind for event in history] == [
        "opened",
        "joined",
        "source_seen",
        "source_resolved",
        "resolved",
    ]
    ended = START
    began = START - timedelta(seconds=100)
    assert f"fired from {began:%Y-%m-%d %H:%M:%S} UTC to {ended:%Y-%m-%d %H:%M:%S} UTC" in (
        history[3].why
    )


def test_a_late_report_of_what_a_person_closed_opens_nothing(machine: Machine) -> None:
    """An end that comes after the closing is of that incident, and so is what it overtook."""
    machine.feed(labels())
    machine.resolve("jo", reason="rolled back")
    machine.webhook(labels(), resolved=True)
    assert machine.webhook(labels()) == "overtaken"
    assert not machine.book.incidents
    assert machine.book.last_number == 1
