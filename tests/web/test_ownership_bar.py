"""The bar of who was accountable: whole, in proportion, and every owner seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.served_ledger import Served, run
from tests.web.test_pages import get

from buckstop.web.ownership_bar import LENGTH, ownership_bar
from buckstop.web.ownership_view import OwnerView

START = datetime(2026, 1, 1, tzinfo=UTC)


def owners(*spans: tuple[str, float]) -> list[OwnerView]:
    """Teams one after the other, each for so many seconds; the last one until now."""
    found: list[OwnerView] = []
    at = START
    for team, seconds in spans:
        until = at + timedelta(seconds=seconds)
        found.append(
            OwnerView(team=team, team_name=team, since=at, until=until, by="configuration")
        )
        at = until
    return [*found[:-1], found[-1].model_copy(update={"until": None})]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.floats(0, 1e6)), min_size=1, max_size=20))
def test_the_bar_is_whole_and_neighbours_are_told_apart(spans: list[tuple[str, float]]) -> None:
    """No gap, no overlap, nobody too narrow to be seen, no two that run into one another."""
    end = START + timedelta(seconds=sum(seconds for _, seconds in spans))
    bar = ownership_bar(owners(*spans), end)
    assert [one.owner.team for one in bar] == [team for team, _ in spans]
    assert bar[0].start == 0
    assert bar[-1].start + bar[-1].length == pytest.approx(LENGTH, abs=1)
    for one, other in pairwise(bar):
        assert one.start + one.length == pytest.approx(other.start, abs=0.2)
        assert one.shade != other.shade
    assert all(one.length >= 4 for one in bar)


def test_lengths_are_in_proportion() -> None:
    """Three quarters of the time are three quarters of the bar."""
    first, second = ownership_bar(owners(("a", 45), ("b", 15)), START + timedelta(seconds=60))
    assert (first.length, second.length) == (750, 250)


def test_an_incident_shows_who_had_it_and_by_what(tmp_path: Path) -> None:
    """After a handover both teams stand there, each with its time and its means."""

    async def scenario(served: Served) -> str:
        await served.fire()
        await served.client.post(
            "/api/v1/incidents/1/propose", json={"team": "data_mlops", "reason": "it is the data"}
        )
        served.clock.advance(60)
        await served.client.post("/api/v1/incidents/1/accept", json={})
        return (await get(served, "/incidents/1")).text

    text = run(tmp_path, scenario)
    assert "by the loaded configuration" in text
    assert "until now, by a handover that it accepted" in text
