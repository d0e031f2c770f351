"""A correction stands behind what it corrects, and changes nothing of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.ledger.ledger_machine import Machine, accountability
from tests.ledger.ledger_world import Clock, encoded, feed_alert, labels

from buckstop.ledger.domain.membership import Person
from buckstop.ledger.domain.refusal import ActRefusedError, UnknownIncidentError
from buckstop.ledger.ledger import Ledger
from buckstop.ledger.payload import read_feed
from buckstop.ledger.store import SqliteStore

SECONDS = 20


@pytest.fixture
def machine() -> Machine:
    """A ledger with an incident that ended with a wrong reason."""
    machine = Machine()
    machine.feed(labels())
    machine.note("jo", text="it is pod a")
    machine.resolve("jo", reason="restarted pod a")
    return machine


def test_a_correction_leaves_the_entry_as_it_is(machine: Machine) -> None:
    """Both statements are on record, each with its time and person."""
    before = list(machine.events)
    machine.clock.advance(60)
    machine.correct("maria", 5, text="it was pod b")
    assert machine.events[:-1] == before
    last = machine.events[-1]
    assert last.body.kind == "corrected"
    assert last.body.entry == 5
    assert (last.by.name, last.by.team, last.why) == ("maria", "infra_sre", "it was pod b")


def test_the_incident_stays_as_it_was(machine: Machine) -> None:
    """A correction of a resolved incident does not open it."""
    incident = machine.correct("maria", 5)
    assert incident.resolved is not None
    assert incident.resolved.why == "restarted pod a"
    assert not machine.book.incidents


def test_who_wrote_it_corrects_it_even_when_their_team_does_not_answer_any_more() -> None:
    """Who declined may put right why, though another team is accountable."""
    machine = Machine()
    machine.feed(labels())
    machine.propose("maria", "data_mlops")
    machine.decline("li", reason="we are on holiday")
    entry = len(machine.events)
    machine.correct("li", entry, text="it is not ours")
    assert machine.events[-1].by.team == "data_mlops"
    with pytest.raises(ActRefusedError, match="only members of Infrastructure SRE"):
        machine.correct("li", 1)


@pytest.mark.parametrize("entry", [0, 99, -1])
def test_only_what_is_there_is_corrected(machine: Machine, entry: int) -> None:
    """A number that was mistyped corrects nothing."""
    with pytest.raises(ActRefusedError, match="entries 1 to 5"):
        machine.correct("maria", entry)


def test_of_an_unknown_incident_nothing_is_corrected(machine: Machine) -> None:
    """There is nothing to be wrong about."""
    with pytest.raises(UnknownIncidentError):
        machine.correct("maria", 1, number=7)


def test_an_incident_of_long_ago_is_corrected_too(tmp_path: Path) -> None:
    """What the ledger holds in memory plays no part; after a restart the correction is there."""
    clock = Clock()
    path = tmp_path / "ledger.db"
    ledger = Ledger(SqliteStore(path), accountability(), clock=clock)
    ledger.start()
    (seen,) = read_feed(encoded([feed_alert(labels(), clock.now)]), "p", clock.now).observations
    ledger.record([seen]).result(SECONDS)
    ledger.resolve(1, Person("jo"), "mended").result(SECONDS)
    ledger.stop()
    clock.advance(30 * 24 * 3600)
    ledger = Ledger(SqliteStore(path), accountability(), clock=clock)
    ledger.start()
    ledger.correct(1, Person("jo"), 4, "it mended itself").result(SECONDS)
    assert [event.body.kind for event in ledger.history(1)][-2:] == ["resolved", "corrected"]
    assert ledger.resolved(10)[0].number == 1
    ledger.stop()
