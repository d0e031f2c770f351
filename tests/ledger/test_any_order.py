"""Whatever arrives, in whatever order and however often: the record stays sound."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.ledger_machine import Machine
from tests.ledger.ledger_world import labels

from buckstop.ledger.domain.events import Event
from buckstop.ledger.domain.incident import fold

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
