"""What comes in with the marks of a copy, and the end of what a silence keeps from telling it."""

from __future__ import annotations

from datetime import datetime

from tests.ledger.ledger_machine import Machine
from tests.ledger.ledger_world import labels

from buckstop.ledger.domain.book import Draft
from buckstop.ledger.domain.case import Observation
from buckstop.ledger.domain.labels import IdentityRule
from buckstop.ledger.domain.leading import end_silenced
from buckstop.ledger.domain.observe import Outcome
from buckstop.ledger.outbox.copies import copy_labels
from buckstop.ledger.outbox.intake import FORGED, take_in

RULE = IdentityRule("accountable_team")


def handed_over() -> Machine:
    """One alert, fed and heard by webhook, accepted by Data & ML Operations."""
    machine = Machine()
    machine.feed(labels())
    machine.webhook(labels())
    machine.propose("maria", "data_mlops")
    machine.accept("li")
    return machine


def comes_in(machine: Machine, carried: dict[str, str]) -> Outcome:
    """Alertmanager's webhook brings an alert with these labels."""
    now = machine.clock.now
    seen = Observation("webhook", "main", carried, {}, "", now, None, resolved=False)
    return machine.act(
        lambda draft, at: take_in(draft, seen, at, machine.grouping, machine.loaded.answer)
    )


def test_the_ledgers_own_copy_changes_nothing() -> None:
    """It passes the observer on its way to the team."""
    machine = handed_over()
    before = len(machine.events)
    assert comes_in(machine, copy_labels(1, 1, "data_mlops", labels(), RULE)) == "copy"
    assert len(machine.events) == before


def test_a_copy_that_the_ledger_never_made_is_on_record_and_flagged() -> None:
    """Another incident, handover, team or label: somebody answers for it all the same."""
    for forged in (
        copy_labels(7, 1, "data_mlops", labels(), RULE),
        copy_labels(1, 2, "data_mlops", labels(), RULE),
        copy_labels(1, 1, "default_ops", labels(), RULE),
        copy_labels(1, 1, "data_mlops", labels(zone="b"), RULE),
        {**copy_labels(1, 1, "data_mlops", labels(), RULE), "buckstop_handover": "-1"},
    ):
        machine = handed_over()
        assert comes_in(machine, forged) in {"opened", "joined"}
        assert machine.events[-1].why == FORGED


def test_what_every_prometheus_has_ended_ends_though_its_webhook_is_silenced() -> None:
    """The silence mutes the ledger's own observer too: it would stay open for ever."""
    machine = handed_over()
    machine.feed(labels(), resolved=True)
    assert 1 in machine.book.incidents

    def ends(present: set[str]) -> None:
        def command(draft: Draft, now: datetime) -> None:
            end_silenced(draft, now, present)

        machine.act(command)

    ends({RULE.identify(labels()).member})
    assert 1 in machine.book.incidents, "an Alertmanager still has it"
    ends(set())
    assert 1 not in machine.book.incidents


def test_an_alert_that_only_a_webhook_reports_is_not_ended_by_its_absence() -> None:
    """A restarted Alertmanager has forgotten it; that resolves nothing."""
    machine = Machine()
    machine.webhook(labels())
    machine.propose("maria", "data_mlops")
    machine.accept("li")
    machine.act(lambda draft, now: end_silenced(draft, now, set()))
    assert 1 in machine.book.incidents
