"""Whatever arrives, in whatever order and however often: the record stays sound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.ledger.ledger_machine import Machine
from tests.ledger.ledger_world import labels

from buckstop.ledger.domain import act
from buckstop.ledger.domain.events import Event, read_event, write_event
from buckstop.ledger.domain.incident import Incident, fold

MESSAGES = [(kind, resolved) for kind in ("feed", "webhook") for resolved in (False, True)]


def say(machine: Machine, kind: str, *, resolved: bool) -> None:
    """One message of one episode that began 50 s ago and, if resolved, ended just now."""
    if kind == "feed":
        machine.feed(labels(), resolved=resolved, started_seconds_ago=50)
    else:
        machine.webhook(labels(), resolved=resolved, started_seconds_ago=50)


@given(st.lists(st.sampled_from(MESSAGES), max_size=12))
def test_an_incident_is_open_exactly_while_a_source_has_not_said_resolved(
    messages: list[tuple[str, bool]],
) -> None:
    """Repeats and reordering within one episode never leave a ghost, and never lose a fire."""
    machine = Machine()
    for kind, resolved in messages:
        say(machine, kind, resolved=resolved)
    said = set(messages)
    live = any((kind, False) in said and (kind, True) not in said for kind in ("feed", "webhook"))
    assert bool(machine.book.incidents) == live


@given(st.permutations(MESSAGES))
def test_two_intakes_end_the_same_in_every_order(messages: list[tuple[str, bool]]) -> None:
    """After both have fired and both have resolved, nothing is open."""
    machine = Machine()
    for kind, resolved in messages:
        say(machine, kind, resolved=resolved)
    assert not machine.book.incidents


def outcome(machine: Machine) -> Sequence[object]:
    """What became of each incident, whatever its number: its key, owners, alerts and end."""
    by_number: dict[int, list[Event]] = {}
    for event in machine.events:
        if event.incident:
            by_number.setdefault(event.incident, []).append(event)
    return sorted(
        (
            incident.key,
            tuple(interval.team for interval in incident.owners),
            None if incident.authority is None else incident.authority.line,
            incident.resolved is None,
            tuple((member.id, member.state) for member in incident.members.values()),
        )
        for incident in map(fold, by_number.values())
    )


EPISODES = st.lists(
    st.tuples(
        st.sampled_from(["feed", "webhook"]),
        st.sampled_from([labels(), labels("ModelDown", model="churn"), labels("Watchdog")]),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda episode: episode[1]["alertname"],
)


@given(EPISODES, st.sampled_from([(False,), (True,), (False, True)]), st.data())
def test_every_order_of_the_same_messages_gives_the_same_incidents(
    episodes: list[tuple[str, dict[str, str]]], states: tuple[bool, ...], data: st.DataObject
) -> None:
    """An end that overtakes its alert loses no incident, no owner and no repeat."""
    messages = [(kind, alert, resolved) for kind, alert in episodes for resolved in states]
    repeats = data.draw(st.lists(st.sampled_from(messages), max_size=4))
    in_order, shuffled = Machine(), Machine()
    for machine, order in (
        (in_order, messages),
        (shuffled, data.draw(st.permutations(messages + repeats))),
    ):
        for kind, alert, resolved in order:
            tell = machine.feed if kind == "feed" else machine.webhook
            tell(alert, resolved=resolved, started_seconds_ago=50)
    assert outcome(shuffled) == outcome(in_order)
    assert len(outcome(in_order)) == (0 if states == (True,) else len(episodes))


class AnyHistory(RuleBasedStateMachine):
    """A ledger under everything that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.machine = Machine()

    alerts = st.builds(
        labels,
        alertname=st.sampled_from(["A", "B", "Watchdog"]),
        accountable_team=st.sampled_from(["infra_sre", "data_mlops", "Infra_SRE", ""]),
        model=st.sampled_from(["credit", "churn"]),
        prometheus_replica=st.sampled_from(["", "b"]),
    )

    @rule(carried=alerts, resolved=st.booleans(), began=st.sampled_from([5.0, 100.0]))
    def feed(self, *, carried: dict[str, str], resolved: bool, began: float) -> None:
        """A Prometheus speaks, and says the same again."""
        self.machine.feed(carried, resolved=resolved, started_seconds_ago=began)
        recorded = len(self.machine.events)
        self.machine.feed(carried, resolved=resolved, started_seconds_ago=began)
        assert len(self.machine.events) == recorded

    @rule(carried=alerts, resolved=st.booleans(), began=st.sampled_from([5.0, 100.0]))
    def webhook(self, *, carried: dict[str, str], resolved: bool, began: float) -> None:
        """An Alertmanager speaks, and says the same again."""
        self.machine.webhook(carried, resolved=resolved, started_seconds_ago=began)
        recorded = len(self.machine.events)
        self.machine.webhook(carried, resolved=resolved, started_seconds_ago=began)
        assert len(self.machine.events) == recorded

    @rule(seconds=st.sampled_from([1, 61, 250, 4000]))
    def pass_time(self, seconds: float) -> None:
        """Time passes, and the ledger looks around."""
        self.machine.clock.advance(seconds)
        self.machine.expire()
        self.machine.find_unheard()
        self.machine.prune()

    @rule(by_hand=st.booleans(), pick=st.integers(0, 5))
    def a_person_acts(self, *, by_hand: bool, pick: int) -> None:
        """Somebody acknowledges or resolves one of the incidents."""
        owned = [i.number for i in self.machine.book.incidents.values() if i.owner is not None]
        if not owned:
            return
        number = owned[pick % len(owned)]
        if by_hand:
            self.machine.act(lambda draft, now: act.resolve(draft, number, "jo", "why", now))
        else:
            self.machine.act(lambda draft, now: act.acknowledge(draft, number, "jo", "", now))

    def histories(self) -> Iterator[Incident]:
        """Every incident ever, folded from its events alone."""
        by_number: dict[int, list[str]] = {}
        for event in self.machine.events:
            if event.incident:
                by_number.setdefault(event.incident, []).append(write_event(event))
        for texts in by_number.values():
            yield fold(read_event(text) for text in texts)

    @invariant()
    def the_book_is_the_fold_of_the_record(self) -> None:
        """What is in memory is what the events on disk say, but for renewed leases."""
        folded = {i.number: without_leases(i) for i in self.histories() if i.resolved is None}
        held = {n: without_leases(i) for n, i in self.machine.book.incidents.items()}
        assert held == folded

    @invariant()
    def at_most_one_open_episode_has_a_member(self) -> None:
        """No alert burdens two incidents at once, and the index knows which."""
        members = [m for i in self.machine.book.incidents.values() for m in i.members]
        assert len(members) == len(set(members))
        assert dict(self.machine.book.by_member) == {
            member: i.number for i in self.machine.book.incidents.values() for member in i.members
        }

    @invariant()
    def owners_partition_every_life(self) -> None:
        """One team at every instant from opening to end; none where nobody needs to answer."""
        for incident in self.histories():
            if incident.not_accountable is not None:
                assert incident.owners == ()
                continue
            bounds = [incident.opened_at, *(i.until for i in incident.owners if i.until)]
            assert [interval.since for interval in incident.owners] == bounds[
                : len(incident.owners)
            ]
            end = None if incident.resolved is None else incident.resolved.at
            assert incident.owners[-1].until == end

    @invariant()
    def what_fires_is_open_or_was_closed_by_a_person(self) -> None:
        """A live source always belongs to an open incident; nothing fires unrecorded."""
        for incident in self.histories():
            if incident.resolved is not None and incident.is_firing:
                assert incident.resolved.by.kind == "person"
                assert incident.still_firing


def without_leases(incident: Incident) -> Incident:
    """`incident` as if no lease had ever been renewed."""
    members = {
        key: replace(
            member,
            sources={s: replace(source, lease_until=None) for s, source in member.sources.items()},
        )
        for key, member in incident.members.items()
    }
    return replace(incident, members=members)


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
