"""Who is paged, and who is not, on real Alertmanagers while alerts are handed over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.ledger.outbox_servers import SECONDS, World

from buckstop.servers import Installation, await_until

pytestmark = pytest.mark.servers


@pytest.fixture
def world(installation: Installation, tmp_path: Path) -> Iterator[World]:
    """One Alertmanager, and an alert of Infrastructure SRE's, which has been paged."""
    with ExitStack() as stack:
        world = World(stack, installation, tmp_path)
        world.fire()
        world.await_paged("infra_sre")
        yield world


def test_from_team_to_team_and_back_and_to_the_end(world: World) -> None:
    """A to B: B is paged and A no more; B to A: A is paged again; the end: both hear it."""
    world.hand_over("data_mlops")
    world.await_paged("data_mlops")
    world.await_state("led", "data_mlops")
    assert world.told("infra_sre") == ["firing"]

    world.hand_over("infra_sre")
    world.await_state("led", "infra_sre")
    world.await_paged("data_mlops", "resolved")
    assert world.told("infra_sre") == ["firing", "firing"]

    before = len(world.pager.payloads)
    world.resolve()
    world.await_clean()
    world.await_paged("infra_sre", "resolved", before)
    assert "default_ops" not in {body["receiver"] for _, body in world.pager.payloads}


def test_a_third_team_and_what_fires_again_under_the_silence(world: World) -> None:
    """A to B to C: C is paged, B hears that it is over, A hears nothing; fired again, A is."""
    world.hand_over("data_mlops")
    world.await_state("led", "data_mlops")
    world.hand_over("default_ops")
    world.await_paged("default_ops")
    world.await_paged("data_mlops", "resolved")
    world.await_state("led", "default_ops")
    assert world.told("infra_sre") == ["firing"]

    # The silence still holds when it fires again.
    before = len(world.pager.payloads)
    world.resolve()
    world.fire()
    world.await_paged("infra_sre", since=before)
    world.await_paged("default_ops", "resolved", before)
    world.await_state("led", "infra_sre")
    assert not world.silences()


def test_a_dry_run_says_what_it_would_do_and_sends_nothing(world: World) -> None:
    """A company that tries it out sees on the record what would happen."""
    world.start_anew(reroute="dry-run")
    world.hand_over("data_mlops")
    world.await_state("would", "data_mlops")
    incident = world.incident()
    assert incident is not None
    assert incident.leading is not None
    assert incident.leading.why.startswith(
        "Dry run, nothing is sent: a copy would lead it to Data & ML Operations and silence"
    )
    assert world.running.transport.changes == []
    assert world.copies() == []


@pytest.mark.nightly
@pytest.mark.parametrize("release", ["debian12", "debian13"])
def test_of_a_pair_one_page_is_sent_and_one_silence_set(
    release: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Alerts do not gossip, silences do: the copy on both, the silence on one."""
    installation: Installation = request.getfixturevalue(release)
    with ExitStack() as stack:
        world = World(stack, installation, tmp_path, servers=2)
        world.fire()
        world.await_paged("infra_sre")
        world.hand_over("data_mlops")
        world.await_state("led", "data_mlops")
        world.await_paged("data_mlops")
        assert len(world.silences()) == 1
        assert world.copies() == ["data_mlops"] * 2
        before = len(world.pager.payloads)
        world.resolve()
        world.await_clean()
        world.await_paged("data_mlops", "resolved", before)
        world.await_paged("infra_sre", "resolved", before)
        # Between the ends on the two, the other may tell of its copy once more, and of its end.
        ends = ["firing", "resolved"]
        await_until(
            lambda: world.told("data_mlops") in (ends, ends * 2), SECONDS, "the end on both"
        )
        assert world.told("infra_sre") == ["firing", "resolved"]
