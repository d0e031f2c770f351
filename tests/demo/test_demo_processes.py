"""``buckstop demo`` as a whole, on real servers: what it reaches, and that nothing outlives it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from buckstop.servers import Installation, await_until

MARK = "BUCKSTOP_TEST_MARK"
LONGEST_OUTPUT = 1_000_000
STARTED = "applicants are asking"
"""Said when every process runs."""


class Demo:
    """A demo as a child process; all that descend from it carry a mark of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.mark = f"{MARK}={uuid.uuid4().hex}"
        name, value = self.mark.split("=")
        self.output = folder / "output.txt"
        self.errors = folder / "errors.txt"
        with self.output.open("wb") as output, self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "buckstop", "demo", *arguments],
                stdout=output,
                stderr=errors,
                env=os.environ | {name: value, "TMPDIR": str(folder), "NO_COLOR": "1"},
            )

    def said(self) -> str:
        """All that it has written so far, up to a limit that no sound run comes near."""
        with self.output.open() as output, self.errors.open() as errors:
            return output.read(LONGEST_OUTPUT) + errors.read(LONGEST_OUTPUT)

    def descendants(self) -> list[str]:
        """Command lines of the processes that it started and that still run."""
        running = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == self.process.pid:
                continue
            try:
                marked = self.mark.encode() in (entry / "environ").read_bytes().split(b"\0")
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue  # it ended meanwhile, or is another user's
            if marked and command:
                running.append(command)
        return running


@pytest.fixture
def started(installation: Installation, tmp_path: Path) -> Iterator[Demo]:
    """A demo of which every process runs."""
    demo = Demo(tmp_path, "--break", "drift")
    try:
        await_until(
            lambda: STARTED in demo.said() or demo.process.poll() is not None, 60, "a started demo"
        )
        assert STARTED in demo.said(), demo.said()
        yield demo
    finally:
        demo.process.kill()
        demo.process.wait()


@pytest.mark.servers
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_ends_nothing_that_it_started_stays(started: Demo, number: int) -> None:
    """Ctrl-C, a stop, a crash: no Prometheus is left listening, no service eats the battery."""
    running = "\n".join(started.descendants())
    for part in ("prometheus", "alertmanager", "demo.service", "demo.evaluation_job", "serve"):
        assert part in running
    started.process.send_signal(number)
    started.process.wait(30)
    await_until(lambda: not started.descendants(), 20, "all its processes to be gone")
    if number != signal.SIGKILL:
        # Interrupted before any team was reached: a finding, and no traceback.
        assert started.process.returncode == 1
        assert "Traceback" not in started.said()
        assert "interrupted" in started.said()


@pytest.mark.servers
@pytest.mark.timeout(240)
def test_once_all_four_breaks_reach_the_right_team(
    installation: Installation, tmp_path: Path
) -> None:
    """The main job, whole: breach, alert, page at the right receiver, owner on record, resolved."""
    demo = Demo(tmp_path, "--once", "--format", "json", "--svg", str(tmp_path / "demo.svg"))
    try:
        assert demo.process.wait(230) == 0, demo.said()
    finally:
        demo.process.kill()
        demo.process.wait()
    report = json.loads(demo.output.read_text())
    assert report["answered"] is True
    assert report["refusals"] == []
    assert report["first_owner_seconds"] <= 45
    owners = {one["break"]: (one["owner"], one["recipients"]) for one in report["breaks"]}
    assert owners["latency"] == ("infra_sre", ["infra_sre"])
    assert owners["drift"][0] == "data_mlops"
    assert sorted(owners["drift"][1]) == ["#data-engineering", "#mlops-data-drift"]
    assert owners["quality"] == ("credit_models", ["#credit-models"])
    assert owners["outage"] == ("infra_sre", ["infra_sre"])
    for one in report["breaks"]:
        assert one["resolved_seconds_after_healing"] is not None, one
    assert report["ledger_intake"]["median_at_most_seconds"] <= 0.05
    picture = (tmp_path / "demo.svg").read_text()
    assert "credit_models" in picture
    assert "url(" not in picture.replace("url(#", ""), "a picture must not fetch anything"
