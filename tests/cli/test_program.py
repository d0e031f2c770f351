"""The program as a process: how it ends."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import click
import pytest

from buckstop.cli.main import root

PROGRAM = (sys.executable, "-m", "buckstop")
DISK_FULL = Path("/dev/full")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *words], capture_output=True, text=True, check=False)


def test_all_that_was_said_is_written_before_it_ends() -> None:
    """The last line and the exit code arrive whether or not anybody waits for more."""
    shown = run("explain", "route-dead")
    assert shown.returncode == 0
    assert shown.stdout.rstrip().endswith(run("explain", "route-dead").stdout.rstrip()[-40:])
    assert "route-dead" in shown.stdout
    refused = run("explain", "no-such-code")
    assert refused.returncode == 2
    assert "no-such-code" in refused.stderr


@pytest.mark.skipif(not DISK_FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [("--version",), ("explain", "route-dead")])
def test_a_full_disk_is_said_and_is_no_success(words: tuple[str, ...]) -> None:
    """Whoever keeps the output learns that it is not whole."""
    with DISK_FULL.open("w") as full:
        ended = subprocess.run(
            [*PROGRAM, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == 2
    assert ended.stderr == "Error: No space left on device\n"


def test_a_reader_that_goes_away_is_no_failure() -> None:
    """``buckstop explain … | head`` ends quietly."""
    ended = subprocess.run(
        f"{' '.join(PROGRAM)} explain route-dead | head -1; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout.splitlines()[-1] == "0"
    assert ended.stderr == ""


@pytest.mark.parametrize(("name", "is_collected"), [("serve", True), ("check", False)])
def test_what_may_run_for_long_has_cycles_collected(name: str, *, is_collected: bool) -> None:
    """A server does not grow by the cycles of its requests; a check is not held up by any."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        root.get_command(click.Context(root), name)
        assert gc.isenabled() == is_collected
    finally:
        if was_enabled:
            gc.enable()
