"""Everything that can end, ends at every step of a handover: who is paged all the same, and when.

``pytest -m nightly -s tests/ledger/test_outbox_faults.py`` prints the whole table.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pytest
from tests.ledger.outbox_servers import SECONDS, Faulty, World, kill

from buckstop.servers import Alertmanager, Installation, await_until
from buckstop.servers.failures import NotInTime

pytestmark = pytest.mark.servers

STEPS: Final = (
    "post the copy for data_mlops",
    "set the silence",
    "post the copy for default_ops",
    "expire the silence",
    "resolve the original",
    "resolve the copy",
)
FAULTS: Final = (
    "ledger killed before",
    "ledger killed after",
    "Alertmanager SIGTERM",
    "Alertmanager SIGKILL",
)
END_SECONDS: Final = 8
IN_CI: Final = (
    ("set the silence", "ledger killed after"),
    ("resolve the original", "ledger killed before"),
    ("expire the silence", "Alertmanager SIGTERM"),
)
"""One of each kind; the rest is for the night."""


@dataclass
class Row:
    """What came of one fault at one step.

    Attributes:
        lost: pages that a team had to get and never did.
        unended: ends that a team was never told.
        doubled: what was told once more than needed.
        seconds: from the fault until everything was right again.
    """

    step: str
    fault: str
    lost: int
    unended: int
    doubled: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.fault:22} {self.step:30} lost {self.lost}, unended {self.unended}, "
            f"doubled {self.doubled}, right again after {self.seconds:.1f} s"
        )


def happens(
    stack: ExitStack,
    installation: Installation,
    folder: Path,
    step: str,
    fault: str,
    servers: int = 1,
) -> Row:
    """Hand an alert over from A to B to C and end it, with `fault` at `step`."""
    world = World(stack, installation, folder, servers=servers)
    transport = Faulty(step, _fault(fault, world.alertmanagers[0]), _when(fault))
    world.start_anew(transport)
    recovered = threading.Thread(target=_start_again, args=(world, transport, fault), daemon=True)
    recovered.start()
    world.fire()
    world.await_paged("infra_sre")
    taken = 0.0
    for team in ("data_mlops", "default_ops"):
        world.hand_over(team)
        taken = max(taken, world.await_state("led", team), world.await_paged(team))
    before = len(world.pager.payloads)
    world.resolve()
    taken = max(taken, world.await_clean())
    assert transport.happened.wait(SECONDS), f"{step} was never done"
    recovered.join(SECONDS)
    unended = sum(not _hears_the_end(world, one, before) for one in ("infra_sre", "default_ops"))
    told = [world.told(team).count("firing") for team in ("infra_sre", "data_mlops", "default_ops")]
    lost = sum(not times for times in told)
    return Row(step, fault, lost, unended, sum(told) - 3 + lost, taken)


def _hears_the_end(world: World, team: str, since: int) -> bool:
    try:
        await_until(lambda: "resolved" in world.told(team, since), END_SECONDS, "the end")
    except NotInTime:
        return False
    return True


def _fault(fault: str, alertmanager: Alertmanager) -> Callable[[], None]:
    match fault:
        case "Alertmanager SIGTERM":
            return alertmanager.stop
        case "Alertmanager SIGKILL":
            return alertmanager.kill
        case _:
            return kill


def _when(fault: str) -> Literal["before", "after"]:
    return "after" if fault.endswith("after") or fault.startswith("Alertmanager") else "before"


def _start_again(world: World, transport: Faulty, fault: str) -> None:
    transport.happened.wait(2 * SECONDS)
    if fault.startswith("ledger"):
        await_until(world.running.died.is_set, SECONDS, "the ledger to be gone")
        world.start_anew()
    else:
        world.alertmanagers[0].start()


@pytest.mark.parametrize(("step", "fault"), IN_CI)
def test_nothing_is_lost(step: str, fault: str, installation: Installation, tmp_path: Path) -> None:
    """Whatever ends in the middle, everybody hears what they have to, and nothing stays behind."""
    with ExitStack() as stack:
        row = happens(stack, installation, tmp_path, step, fault)
    print(row)
    assert (row.lost, row.unended) == (0, 0)


@pytest.mark.nightly
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("servers", [1, 2])
@pytest.mark.parametrize("release", ["debian12", "debian13"])
def test_nothing_is_lost_whatever_ends_and_when(
    release: str, servers: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The whole matrix, on one Alertmanager and on a pair, of both releases."""
    installation: Installation = request.getfixturevalue(release)
    rows = []
    for number, (step, fault) in enumerate((s, f) for s in STEPS for f in FAULTS):
        with ExitStack() as stack:
            folder = tmp_path / str(number)
            folder.mkdir()
            rows.append(happens(stack, installation, folder, step, fault, servers))
        print(f"{release} x {servers}: {rows[-1]}")
    assert sum(row.lost for row in rows) == 0
    # What a killed Alertmanager had told is forgotten with it; a handover changes nothing of that.
    assert sum(row.unended for row in rows if not row.fault.endswith("SIGKILL")) == 0
