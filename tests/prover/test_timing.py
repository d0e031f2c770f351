"""How long a breach may stand before the team is told, at worst."""

from __future__ import annotations

from buckstop.prover.timing import noticing


def test_the_parts_add_up() -> None:
    """Scrape, evaluation, `for` and the group's wait come one after another."""
    told = noticing(
        scrape_interval_seconds=15,
        evaluation_interval_seconds=30,
        for_seconds=300,
        group_wait_seconds=30,
        group_interval_seconds=300,
    )
    assert told.new_group == 15 + 30 + 300 + 30
    assert told.open_group == 15 + 30 + 300 + 300


def test_for_is_counted_in_whole_evaluations() -> None:
    """A `for` of 70 s at one evaluation a minute fires at the second one after."""
    told = noticing(
        scrape_interval_seconds=0,
        evaluation_interval_seconds=60,
        for_seconds=70,
        group_wait_seconds=0,
        group_interval_seconds=300,
    )
    assert told.holding == 120


def test_an_open_group_is_never_quicker_than_a_new_one() -> None:
    """Where group_wait is the longer of the two, it is what counts."""
    told = noticing(
        scrape_interval_seconds=0,
        evaluation_interval_seconds=60,
        for_seconds=0,
        group_wait_seconds=60,
        group_interval_seconds=10,
    )
    assert told.open_group == told.new_group
