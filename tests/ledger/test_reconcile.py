"""What servers hold and nobody told of is taken in; nothing ends by absence alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from tests.ledger.ledger_machine import Machine
from tests.ledger.ledger_world import START, labels

from buckstop.ledger.domain import watch
from buckstop.ledger.domain.events import Stream
from buckstop.ledger.reconcile.decision import Terms, reconcile
from buckstop.ledger.reconcile.round import Round, Server, Shown

PROMETHEUS = Server("asked_prometheus", "prometheus.example:9090")
REPLICA = Server("asked_prometheus", "replica.example:9090")


@dataclass
class World:
    """A ledger whose servers are asked."""

    machine: Machine = field(default_factory=Machine)
    waiting: Mapping[Stream, datetime] = field(default_factory=dict)

    def round(self, *shown: dict[str, str], server: Server = PROMETHEUS, unknown: int = 0) -> Round:
        """The answer of a server that holds these alerts."""
        identity = self.machine.identity
        alerts = [Shown(identity.identify(one), one, {}, "", START) for one in shown]
        return Round(server, alerts, unknown)

    def reconcile(self, *rounds: Round, after_seconds: float = 30) -> int:
        """Ask again after some time; how many alerts were found untold."""
        self.machine.clock.advance(after_seconds)
        terms = Terms(60, 120, self.machine.grouping, self.machine.loaded.answer)
        outcome = self.machine.act(
            lambda draft, now: reconcile(draft, now, rounds, self.waiting, terms)
        )
        self.waiting = outcome.waiting
        return outcome.found

    def expire(self) -> None:
        """Let leases that have run out be lost."""
        self.machine.act(watch.expire)

    @property
    def states(self) -> list[tuple[str, str]]:
        """Kind and state of every source of every open alert."""
        return [
            (stream.kind, source.state)
            for incident in self.machine.book.incidents.values()
            for member in incident.members.values()
            for stream, source in member.sources.items()
        ]


@pytest.fixture
def world() -> World:
    """Nothing is open."""
    return World()


def test_an_alert_that_nobody_told_of_is_on_record(world: World) -> None:
    """The webhook was lost and the feed is not wired: its owner is on record all the same."""
    held = world.round(labels())
    assert world.reconcile(held) == world.reconcile(held) == 0
    assert world.machine.book.incidents == {}
    assert world.reconcile(held) == 1
    assert world.states == [("asked_prometheus", "live")]
    (incident,) = world.machine.book.incidents.values()
    assert incident.owner is not None
    assert incident.owner.team == "infra_sre"
    recorded = len(world.machine.events)
    assert world.reconcile(held) == 0
    assert len(world.machine.events) == recorded, "a repeat is no event"


def test_what_was_told_of_meanwhile_is_not_taken_in_twice(world: World) -> None:
    """A message that was only slow is the source; asking adds nothing."""
    held = world.round(labels())
    world.reconcile(held)
    world.machine.webhook(labels())
    assert world.reconcile(held, held, held) == 0
    assert world.states == [("webhook", "live")]


def test_an_alert_that_is_gone_before_patience_ends_was_never_there(world: World) -> None:
    """Two short troubles are not one long one."""
    held = world.round(labels())
    world.reconcile(held)
    world.reconcile(world.round())
    assert world.reconcile(held, after_seconds=60) == 0
    assert world.machine.book.incidents == {}


def test_absence_alone_closes_nothing(world: World) -> None:
    """A Prometheus that has just started shows no alert; the team stays accountable."""
    world.machine.feed(labels())
    world.reconcile(world.round())
    assert world.states == [("feed", "live")]
    world.machine.clock.advance(600)
    world.expire()
    world.reconcile(world.round())
    assert world.states == [("feed", "lost")]


def test_what_only_asking_found_is_lost_and_not_resolved_when_it_is_absent(world: World) -> None:
    """Its last word runs out; nobody has said that it ended."""
    held = world.round(labels())
    for _ in range(3):
        world.reconcile(held)
    world.reconcile(world.round(), after_seconds=200)
    world.expire()
    assert world.states == [("asked_prometheus", "lost")]


def test_absence_confirms_an_end_that_was_told(world: World) -> None:
    """The webhook works again and says resolved: the incident is over once the server agrees."""
    held = world.round(labels())
    for _ in range(3):
        world.reconcile(held)
    world.machine.webhook(labels())
    world.machine.webhook(labels(), resolved=True)
    world.reconcile(held)
    assert ("asked_prometheus", "live") in world.states, "it still fires there"
    world.reconcile(world.round())
    assert world.machine.book.incidents == {}


def test_an_unknown_answer_confirms_nothing(world: World) -> None:
    """Where its labels cannot be told, an alert that is not listed may be among them."""
    held = world.round(labels())
    for _ in range(3):
        world.reconcile(held)
    world.machine.webhook(labels())
    world.machine.webhook(labels(), resolved=True)
    world.reconcile(world.round(unknown=1))
    assert len(world.machine.book.incidents) == 1


def test_one_replica_s_absence_does_not_close_what_the_other_holds(world: World) -> None:
    """Both replicas were asked; the one that was restarted shows nothing."""
    one = world.round(labels(prometheus_replica="a"))
    other = world.round(labels(prometheus_replica="b"), server=REPLICA)
    for _ in range(3):
        world.reconcile(one, other)
    (incident,) = world.machine.book.incidents.values()
    assert len(incident.members) == 1, "replicas see the same trouble"
    world.machine.webhook(labels(prometheus_replica="a"))
    world.machine.webhook(labels(prometheus_replica="a"), resolved=True)
    world.reconcile(world.round(), other)
    assert len(world.machine.book.incidents) == 1
    world.reconcile(world.round(), world.round(server=REPLICA))
    assert world.machine.book.incidents == {}


def test_what_a_person_closed_while_it_fired_is_not_opened_by_asking(world: World) -> None:
    """The hold of an hour holds against asking too."""
    world.machine.webhook(labels())
    world.machine.resolve("maria")
    held = world.round(labels())
    for _ in range(4):
        assert world.reconcile(held) == 0
    assert world.machine.book.incidents == {}
