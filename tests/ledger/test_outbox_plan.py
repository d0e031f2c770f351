"""The pure machine that leads handed over alerts: one step at a time, and with everything wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.ledger_machine import Machine
from tests.ledger.ledger_world import START, labels
from tests.ledger.outbox_world import RULE, FakeServer, World, is_active
from tests.volume import cases

from buckstop.ledger.outbox.actions import (
    CloseOriginal,
    ExpireSilence,
    PostCopy,
    RenewSilence,
    ResolveCopy,
    SetSilence,
)
from buckstop.ledger.outbox.copies import Silenced, Wanted, wanted
from buckstop.ledger.outbox.plan import Durations, Plan, Sight, plan

DURATIONS = Durations()
ROUNDS = 12
"""So many looks are enough for everything to be right again."""
COPY_TEAMS = {"infra_sre": "maria", "data_mlops": "li", "default_ops": "olga"}


@dataclass
class Both:
    """A record and its Alertmanagers."""

    machine: Machine = field(default_factory=Machine)
    world: World = field(
        default_factory=lambda: World([FakeServer("http://a"), FakeServer("http://b")], START)
    )
    closed: set[tuple[str, str]] = field(default_factory=set)

    def advance(self, seconds: float) -> None:
        self.machine.clock.advance(seconds)
        self.world.advance(seconds)

    def fire(self, **changes: str) -> None:
        self.machine.feed(labels(**changes))
        self.world.fire(labels(**changes))

    def resolve(self, **changes: str) -> None:
        self.machine.feed(labels(**changes), resolved=True)
        self.world.resolve(labels(**changes))

    def hand_over(self, team: str) -> None:
        """Whoever is accountable proposes it, the other team accepts."""
        for incident in self.machine.book.incidents.values():
            if incident.owner is not None and incident.owner.team != team:
                self.machine.propose(COPY_TEAMS[incident.owner.team], team, number=incident.number)
                self.machine.accept(COPY_TEAMS[team], number=incident.number)

    def wanted(self) -> Wanted:
        silenced = [
            Silenced(silence.member, silence.ends_at)
            for server in self.world.say().values()
            if server is not None
            for silence in server.silences
        ]
        return wanted(self.machine.book, RULE, silenced, DURATIONS.assurance_seconds)

    def plan(self) -> Plan:
        sight = Sight(self.world.say(), self.world.now, RULE, DURATIONS)
        return plan(self.wanted(), sight, self.closed)

    def step(self) -> Plan:
        """One look, and all that follows from it."""
        planned = self.plan()
        self.world.do(planned.actions)
        self.closed |= {
            (one.url, one.silence) for one in planned.actions if isinstance(one, CloseOriginal)
        }
        return planned

    def settle(self) -> Plan:
        """As many looks as it may take; nothing is left to do."""
        for _ in range(ROUNDS):
            planned = self.step()
            if not planned.actions:
                return planned
        raise AssertionError(f"still to do: {planned.actions}")

    def copies(self) -> list[str]:
        """The teams that copies notify, on each server."""
        return [
            copy[RULE.team_label]
            for one in self.world.servers
            for copy, ends in one.copies.values()
            if ends > self.world.now
        ]

    def active_silences(self) -> set[str]:
        return {
            silence.id
            for one in self.world.servers
            for silence in one.silences.values()
            if is_active(silence, self.world.now)
        }


def handed_over() -> Both:
    """One alert of Infrastructure SRE, accepted by Data & ML Operations."""
    both = Both()
    both.fire()
    both.hand_over("data_mlops")
    return both


def test_the_copy_goes_to_every_server_before_the_silence_to_one() -> None:
    """Between the two both teams are notified, never none."""
    both = handed_over()
    first = both.step()
    assert [(type(one), one.url) for one in first.actions] == [
        (PostCopy, "http://a"),
        (PostCopy, "http://b"),
    ]
    assert [one.word for one in first.states] == ["copying"]
    second = both.step()
    assert [(type(one), one.url) for one in second.actions] == [(SetSilence, "http://a")]
    assert [one.word for one in second.states] == ["copied"]
    third = both.step()
    assert third.actions == ()
    assert [one.word for one in third.states] == ["led"]
    assert third.states[0].servers[0] == ("http://a", "copy delivered, original silenced")


def test_nothing_is_silenced_while_one_server_does_not_answer() -> None:
    """It would go on notifying the former team, and nobody knows what of the new one."""
    both = handed_over()
    both.world.servers[1].answers = False
    both.step()
    for _ in range(3):
        planned = both.step()
        assert not any(isinstance(one, SetSilence) for one in planned.actions)
    (state,) = planned.states
    assert (state.word, state.why) == ("not_led", "http://b does not answer")


def test_a_copy_that_nobody_hears_of_ends_the_silence() -> None:
    """An inhibition, a mute time or a route that changes: the former team is notified again."""
    both = handed_over()
    both.settle()
    assert both.active_silences()
    both.world.servers[1].hides = "a time interval mutes the copy"
    planned = both.step()
    assert [type(one) for one in planned.actions] == [ExpireSilence]
    (state,) = planned.states
    assert (state.word, state.why) == ("not_led", "a time interval mutes the copy (http://b)")
    both.settle()
    assert not both.active_silences()


def test_an_alert_with_more_labels_is_not_held_back() -> None:
    """A silence on all labels of one alert takes those that have more; here it asks them absent."""
    both = handed_over()
    both.world.fire(labels(zone="b"))
    both.settle()
    assert both.active_silences()
    now = both.world.now
    assert all(one.tells(labels(zone="b"), now) for one in both.world.servers)
    assert not any(one.tells(labels(), now) for one in both.world.servers)


def test_an_alert_that_comes_under_the_silence_ends_it() -> None:
    """It had a label that no alert had before; the next silence knows it."""
    both = handed_over()
    both.settle()
    both.world.fire(labels(zone="b"))
    planned = both.step()
    assert [type(one) for one in planned.actions] == [ExpireSilence]
    assert "would hold back another alert too" in planned.states[0].why
    both.settle()
    assert both.world.servers[0].tells(labels(zone="b"), both.world.now)
    assert both.active_silences()


def test_leases_are_renewed_and_outlived_by_the_copy() -> None:
    """Nothing runs out while the ledger lives; the silence first where it does not."""
    both = handed_over()
    both.settle()
    both.advance(DURATIONS.repost_seconds)
    assert {type(one) for one in both.step().actions} == {PostCopy}
    both.advance(DURATIONS.renew_seconds)
    assert {type(one) for one in both.step().actions} == {PostCopy, RenewSilence}
    both.advance(DURATIONS.silence_seconds)
    assert not both.active_silences()
    assert set(both.copies()) == {"data_mlops"}


def test_a_third_team_has_its_copy_before_the_second_loses_it() -> None:
    """A to B to C: the original stays silenced throughout."""
    both = handed_over()
    both.settle()
    silence = both.active_silences()
    both.hand_over("default_ops")
    both.step()
    assert sorted(set(both.copies())) == ["data_mlops", "default_ops"]
    assert {type(one) for one in both.step().actions} == {ResolveCopy}
    both.settle()
    assert set(both.copies()) == {"default_ops"}
    assert both.active_silences() == silence


def test_the_first_team_gets_a_copy_when_it_takes_the_alert_back() -> None:
    """A to B to A: ending the silence would page nobody, for it has been told already."""
    both = handed_over()
    both.settle()
    both.hand_over("infra_sre")
    both.settle()
    assert both.copies() == ["infra_sre", "infra_sre"]
    assert both.active_silences()


def test_the_end_is_told_to_the_former_team_too() -> None:
    """Silence first, then the original's end, then the copy's; nothing is left."""
    both = handed_over()
    both.settle()
    both.resolve()
    assert [type(one) for one in both.step().actions] == [ExpireSilence]
    assert [type(one) for one in both.step().actions] == [CloseOriginal, ResolveCopy] * 2
    both.settle()
    assert both.copies() == []
    assert both.world.servers[0].closed == [labels()]


def test_what_fires_again_under_the_silence_gets_a_copy_of_its_own() -> None:
    """The silence of the last incident still holds, or Alertmanager takes it for told."""
    both = handed_over()
    both.settle()
    both.resolve()
    both.advance(120)
    both.fire()
    both.settle()
    assert both.copies() == ["infra_sre", "infra_sre"]
    assert not both.active_silences()
    both.resolve()
    both.settle()
    assert both.copies() == []


def test_a_stranger_that_bears_the_marks_is_left_to_fire() -> None:
    """What this ledger cannot have posted is not taken away from whoever is notified of it."""
    both = handed_over()
    both.settle()
    for number in ("0", "77", "x", "1"):
        forged = labels(
            model="fraud", buckstop_copy="handover", buckstop_incident=number, buckstop_handover="1"
        )
        both.world.servers[0].copies[f"forged {number}"] = forged, both.world.now.replace(year=2031)
    assert both.step().actions == ()


FAULTS = st.sampled_from(
    ["none", "none", "term a", "kill a", "term b", "kill b", "cut a", "cut b", "hide a", "heal"]
)
DEEDS = st.sampled_from(
    ["look", "look", "look", "fire", "fire other", "resolve", "hand B", "hand C", "hand A", "wait"]
)


@settings(max_examples=cases(80), deadline=None)
@given(st.lists(st.tuples(DEEDS, FAULTS, st.integers(0, 6)), max_size=25), st.integers(1, 2))
def test_whatever_happens_it_comes_right(history: list[tuple[str, str, int]], servers: int) -> None:
    """Killed after any action, servers restarted, cut off, hiding: never a silence without a copy
    that all notify of, never two at rest, and in the end nothing is left."""
    both = Both()
    del both.world.servers[servers:]
    for deed, fault, done in history:
        _happens(both, fault)
        _does(both, deed, done)
    _happens(both, "heal")
    for incident in both.machine.book.incidents.values():
        for member in incident.members.values():
            if member.state == "firing":
                both.world.fire(dict(member.labels))
    planned = both.settle()
    assert len(both.active_silences()) == sum(one.copy.hides_original for one in planned.states)
    assert all(one.word == "led" for one in planned.states)
    asked = {one.copy.team for one in planned.states}
    assert set(both.copies()) == asked
    for model in ("credit", "fraud"):
        both.resolve(model=model)
    both.settle()
    assert both.active_silences() == set()
    assert both.copies() == []


def _happens(both: Both, fault: str) -> None:
    kind, _, name = fault.partition(" ")
    for one in both.world.servers:
        if name and one.url != f"http://{name}":
            continue
        match kind:
            case "term" | "kill":
                one.restart(killed=kind == "kill")
            case "cut":
                one.answers = False
            case "hide":
                one.hides = "another alert inhibits the copy"
            case "heal":
                one.answers, one.hides = True, ""
    both.world.gossip()


def _does(both: Both, deed: str, done: int) -> None:
    match deed.split():
        case ["look"]:
            # Killed after so many actions, and started again without a memory.
            both.world.do(both.plan().actions[:done])
            both.closed.clear()
        case ["fire"]:
            both.fire()
        case ["fire", _]:
            both.fire(model="fraud")
        case ["resolve"]:
            both.resolve()
        case ["hand", letter]:
            team = {"A": "infra_sre", "B": "data_mlops", "C": "default_ops"}[letter]
            both.hand_over(team)
        case ["wait"]:
            both.advance(100.0 * done)
