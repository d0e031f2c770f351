"""Whatever sources, persons, clocks and configurations do, in any order: the record stays sound."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.ledger.ledger_machine import Machine, accountability
from tests.ledger.ledger_world import MANIFEST, ROUTES, labels

from buckstop.ledger.domain.book import Book, load
from buckstop.ledger.domain.events import Event, read_event, write_event
from buckstop.ledger.domain.incident import Incident, apply, fold
from buckstop.ledger.domain.membership import Person
from buckstop.ledger.domain.refusal import ActRefusedError, UnknownIncidentError

CONFIGURATIONS = {
    "first": accountability(),
    "payments is the operators'": accountability(
        ROUTES.replace(
            'receiver: data_mlops\n      matchers: [namespace="payments"]',
            'receiver: default_ops\n      matchers: [model="credit"]',
        )
    ),
    "no data_mlops any more": accountability(
        ROUTES.replace('accountable_team="data_mlops"', 'model="none"'),
        replace(
            MANIFEST,
            teams=tuple(team for team in MANIFEST.teams if team.id != "data_mlops"),
            receivers=tuple(r for r in MANIFEST.receivers if r.team != "data_mlops"),
            existing=MANIFEST.existing[:1],
        ),
    ),
}

PERSONS = [None, None, "maria", "li", "a stranger"]
"""None: whoever may."""
OWNERS_ACTS = ["acknowledge", "note", "resolve", "withdraw"]
TEAMS = ["infra_sre", "data_mlops", "default_ops", "data_engineering", "nobody"]

OWNER_MOVES = {"opened", "owner_changed", "accepted", "assigned", "reopened"}
"""What may give an incident an owner; nothing else does."""
FOR_THE_OWNER = {"acknowledged", "noted", "proposed", "withdrawn", "resolved"}
FOR_THE_ASKED = {"accepted", "declined"}

ALERTS = st.builds(
    labels,
    alertname=st.sampled_from(["A", "A", "Watchdog"]),
    accountable_team=st.sampled_from(["infra_sre", "data_mlops", "Infra_SRE"]),
    model=st.sampled_from(["credit", "churn"]),
    prometheus_replica=st.sampled_from(["", "b"]),
)
PICKS = st.integers(0, 5)


class AnyHistory(RuleBasedStateMachine):
    """A ledger under everything that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.machine = Machine()
        self.written: list[str] = []

    @initialize()
    def begin(self) -> None:
        """Something fires."""
        self.machine.feed(labels("A"))

    @rule(
        carried=ALERTS,
        kind=st.sampled_from(["feed", "webhook"]),
        resolved=st.booleans(),
        began=st.sampled_from([5.0, 100.0]),
    )
    def report(self, *, carried: dict[str, str], kind: str, resolved: bool, began: float) -> None:
        """A Prometheus or an Alertmanager speaks, and says the same again."""
        say = self.machine.feed if kind == "feed" else self.machine.webhook
        given = self._given_by_people()
        say(carried, resolved=resolved, started_seconds_ago=began)
        assert self._still_has(given)
        recorded = len(self.machine.events)
        say(carried, resolved=resolved, started_seconds_ago=began)
        assert len(self.machine.events) == recorded

    @rule(pick=PICKS, began=st.sampled_from([5.0, 100.0]))
    def every_source_resolves_and_one_takes_it_back(self, pick: int, began: float) -> None:
        """An incident ends by its sources; minutes later one of them speaks of it again."""
        incident = self._picked(pick)
        if incident is None:
            return
        firing = [member for member in incident.members.values() if member.sources]
        for member in firing:
            for stream in member.sources:
                say = self.machine.feed if stream.kind == "feed" else self.machine.webhook
                say(dict(member.labels), resolved=True)
        self.machine.clock.advance(90)
        self.machine.feed(dict(firing[0].labels), started_seconds_ago=began)

    @rule(seconds=st.sampled_from([1, 61, 250, 1799, 4000, -90, -7200, 86_400]))
    def pass_time(self, seconds: float) -> None:
        """Time passes, or the clock is set, and the ledger looks around."""
        self.machine.clock.advance(seconds)
        self.machine.time_out()
        for incident in self.machine.book.incidents.values():
            proposal = incident.proposal
            assert proposal is None or proposal.until > self.machine.clock.now
        self.machine.expire()
        self.machine.find_unheard()
        self.machine.prune()

    @rule(seconds=st.sampled_from([1, 2000, -2000]))
    def pass_time_unnoticed(self, seconds: float) -> None:
        """A message or an act arrives before the ledger looks around."""
        self.machine.clock.advance(seconds)

    @rule(name=st.sampled_from(sorted(CONFIGURATIONS)))
    def load(self, name: str) -> None:
        """Another charter and another route tree are loaded, and again the same."""
        given = self._given_by_people()
        self.machine.load(CONFIGURATIONS[name])
        assert self._still_has(given)
        recorded = len(self.machine.events)
        self.machine.load(CONFIGURATIONS[name])
        assert len(self.machine.events) == recorded

    @rule(pick=PICKS, person=st.sampled_from(PERSONS), kind=st.sampled_from(OWNERS_ACTS))
    def somebody_acts_for_the_owner(self, pick: int, person: str | None, kind: str) -> None:
        """Somebody does what only members of the accountable team may do; twice."""
        incident = self._picked(pick)
        if incident is None or incident.owner is None:
            return
        name = person or self._member(incident.owner.team)
        deeds: dict[str, Callable[[int], Incident]] = {
            "acknowledge": lambda number: self.machine.acknowledge(name, number),
            "note": lambda number: self.machine.note(name, number),
            "resolve": lambda number: self.machine.resolve(name, number),
            "withdraw": lambda number: self.machine.withdraw(name, number),
        }
        self._act(incident, name, deeds[kind], repeated=kind != "note")

    @rule(
        pick=PICKS,
        person=st.sampled_from(PERSONS),
        team=st.sampled_from(TEAMS),
        seconds=st.sampled_from([None, 60.0]),
    )
    def propose(self, pick: int, person: str | None, team: str, seconds: float | None) -> None:
        """Somebody proposes a handover, twice."""
        incident = self._picked(pick)
        if incident is None or incident.owner is None:
            return
        name = person or self._member(incident.owner.team)
        self._act(
            incident,
            name,
            lambda number: self.machine.propose(name, team, number, seconds=seconds),
            repeated=True,
        )

    @rule(
        pick=PICKS,
        person=st.sampled_from(PERSONS),
        proposal=st.sampled_from([None, None, 1, 2]),
        yes=st.booleans(),
        seconds=st.sampled_from([0, 0, 59, 61, 2000, -100]),
    )
    def ask_and_answer(
        self, *, pick: int, person: str | None, proposal: int | None, yes: bool, seconds: float
    ) -> None:
        """Another team is asked, unless one is already, and somebody answers; twice."""
        incident = self._picked(pick)
        if incident is None or incident.owner is None:
            return
        if incident.proposal is None:
            other = "default_ops" if incident.owner.team == "infra_sre" else "infra_sre"
            asker = self._member(incident.owner.team)
            incident = self.machine.propose(asker, other, incident.number)
        assert incident.proposal is not None
        self.machine.clock.advance(seconds)
        name = person or self._member(incident.proposal.to_team)
        deeds: dict[bool, Callable[[int], Incident]] = {
            True: lambda number: self.machine.accept(name, number, proposal),
            False: lambda number: self.machine.decline(name, number),
        }
        self._act(incident, name, deeds[yes], repeated=True)

    @rule(pick=PICKS, person=st.sampled_from(["olga", "sam"]), team=st.sampled_from(TEAMS))
    def assign(self, pick: int, person: str, team: str) -> None:
        """Somebody of the team for the unrecognised assigns, twice."""
        incident = self._picked(pick)
        if incident is not None:
            self._act(
                incident,
                person,
                lambda number: self.machine.assign(person, team, number),
                repeated=True,
            )

    @rule(
        person=st.sampled_from(["jo", "li", "olga"]),
        entry=st.integers(0, 9),
        number=st.integers(1, 4),
    )
    def correct(self, person: str, entry: int, number: int) -> None:
        """Somebody corrects an entry of an incident, open or not."""
        try:
            self.machine.correct(person, entry, number)
        except (ActRefusedError, UnknownIncidentError):
            return
        assert self.machine.events[-1].body.kind == "corrected"

    def _picked(self, pick: int) -> Incident | None:
        incidents = list(self.machine.book.incidents.values())
        return incidents[pick % len(incidents)] if incidents else None

    def _given_by_people(self) -> dict[int, str]:
        """The owners whom an accepted proposal or a lead made so, by incident."""
        return {
            number: incident.owner.team
            for number, incident in self.machine.book.incidents.items()
            if incident.owner is not None and incident.owner.stands
        }

    def _still_has(self, given: dict[int, str]) -> bool:
        """Whether these owners are still so, where it is open and the charter has the team."""
        return all(
            incident.owner is not None
            and (incident.owner.team == given[number] or not self._has_team(given[number]))
            for number, incident in self.machine.book.incidents.items()
            if number in given
        )

    def _has_team(self, team_id: str) -> bool:
        return team_id in self.machine.loaded.membership.teams

    def _member(self, team_id: str) -> str:
        team = self.machine.loaded.membership.teams.get(team_id)
        return min(team.people) if team is not None and team.people else "a stranger"

    def _act(
        self,
        before: Incident,
        person: str,
        deed: Callable[[int], Incident],
        *,
        repeated: bool = False,
    ) -> None:
        """Do `deed` to `before`; it must be right who may, and for whom."""
        number = before.number
        recorded = len(self.machine.events)
        try:
            deed(number)
        except ActRefusedError:
            assert len(self.machine.events) == recorded
            return
        for event in self.machine.events[recorded:]:
            self._is_rightful(before, event, person)
        recorded = len(self.machine.events)
        if repeated:
            with contextlib.suppress(ActRefusedError, UnknownIncidentError):
                deed(number)
            assert len(self.machine.events) == recorded

    def _is_rightful(self, before: Incident, event: Event, person: str) -> None:
        if event.by.kind == "system":
            assert event.body.kind == "proposal_ended"
            return
        membership = self.machine.loaded.membership
        assert event.by.name == person
        assert event.by.team is not None
        assert before.owner is not None
        if event.body.kind == "assigned":
            assert event.by.team == before.owner.team == membership.unrecognised
            assert person == "olga"
            return
        assert membership.may_act_for(Person(person), event.by.team)
        if event.body.kind in FOR_THE_OWNER:
            assert event.by.team == before.owner.team
        else:
            assert event.body.kind in FOR_THE_ASKED
            assert before.proposal is not None
            assert event.by.team == before.proposal.to_team
            if event.body.kind == "accepted":
                assert self.machine.clock.now < before.proposal.until

    def records(self) -> Iterator[list[Event]]:
        """The record of every incident ever, as read from its text."""
        by_number: dict[int, list[Event]] = {}
        for text in self.written:
            event = read_event(text)
            if event.incident:
                by_number.setdefault(event.incident, []).append(event)
        yield from by_number.values()

    @invariant()
    def nothing_is_ever_rewritten(self) -> None:
        """The record only grows; what is written reads as it was meant."""
        texts = [write_event(event) for event in self.machine.events]
        assert texts[: len(self.written)] == self.written
        self.written = texts
        assert [read_event(text) for text in texts] == self.machine.events

    @invariant()
    def the_book_is_the_fold_of_the_record(self) -> None:
        """What is in memory is what the events on disk say, but for renewed leases."""
        folded = {
            incident.number: without_leases(incident)
            for incident in map(fold, self.records())
            if incident.resolved is None
        }
        held = self.machine.book
        assert {n: without_leases(i) for n, i in held.incidents.items()} == folded
        loaded = load(self.machine.events, Book())
        assert dict(loaded.by_key) == dict(held.by_key)
        assert dict(loaded.by_member) == dict(held.by_member)
        assert dict(loaded.by_fingerprint) == dict(held.by_fingerprint)
        assert dict(loaded.last_by_key) == dict(held.last_by_key)
        for number, incident in held.closed.items():
            assert without_leases(incident) == without_leases(loaded.closed[number])

    @invariant()
    def at_most_one_open_episode_has_a_member(self) -> None:
        """No alert burdens two incidents at once, and the index knows which."""
        members = [m for i in self.machine.book.incidents.values() for m in i.members]
        assert len(members) == len(set(members))
        assert dict(self.machine.book.by_member) == {
            member: i.number for i in self.machine.book.incidents.values() for member in i.members
        }

    @invariant()
    def owners_partition_the_open_time(self) -> None:
        """One team at every instant while it is open; none where nobody needs to answer."""
        for record in self.records():
            incident: Incident | None = None
            for event in record:
                before, incident = incident, apply(incident, event)
                if incident.not_accountable is not None:
                    assert incident.owners == ()
                    continue
                *earlier, last = incident.owners
                assert all(one.until is not None for one in earlier)
                assert (last.until is None) == (incident.resolved is None)
                assert all(one.until is None or one.since <= one.until for one in incident.owners)
                if event.body.kind in OWNER_MOVES:
                    assert last.since == event.at
                    if before is not None and before.resolved is None:
                        assert earlier[-1].until == event.at
                if event.body.kind == "resolved":
                    assert last.until == event.at

    @invariant()
    def the_owner_changes_only_by_people_or_by_the_charter(self) -> None:
        """An owner comes by an accepted proposal, a lead, or the configuration, with authority."""
        for record in self.records():
            incident: Incident | None = None
            for event in record:
                before, incident = incident, apply(incident, event)
                if before is not None and before.owners != incident.owners:
                    assert event.body.kind in OWNER_MOVES | {"resolved"}
                if event.body.kind in OWNER_MOVES:
                    assert event.authority is not None
                    assert incident.acknowledged is None, "whoever is new has not acknowledged"
                if event.body.kind == "accepted":
                    assert before is not None
                    assert before.proposal is not None
                    assert event.by.kind == "person"
                    assert event.by.team == event.body.team == before.proposal.to_team
                if event.body.kind == "owner_changed":
                    assert event.by.kind == "system"

    @invariant()
    def proposals_come_one_at_a_time_and_each_ends_once(self) -> None:
        """Nobody is asked twice at once, and no question outlives its incident."""
        for record in self.records():
            waiting: int | None = None
            asked = 0
            for event in record:
                body = event.body
                match body.kind:
                    case "proposed":
                        assert waiting is None
                        asked += 1
                        assert body.proposal == asked
                        waiting = asked
                    case "accepted" | "declined" | "withdrawn" | "proposal_ended":
                        assert waiting == body.proposal
                        waiting = None
                    case "resolved" | "owner_changed" | "assigned":
                        assert waiting is None

    @invariant()
    def no_record_runs_backwards(self) -> None:
        """However the clock is set, an incident's entries are in the order of their times."""
        for record in self.records():
            times = [event.at for event in record]
            assert times == sorted(times)

    @invariant()
    def what_fires_is_open_or_was_closed_by_a_person(self) -> None:
        """A live source always belongs to an open incident; nothing fires unrecorded."""
        for incident in map(fold, self.records()):
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
TestAnyHistory.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
