"""The README's tour can be followed literally: every shell block is run, in order, in one shell."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(
    r"^```sh(?: exits=(?P<status>\d))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
SET_UP = "make setup\n"


def _tour() -> list[tuple[str, int]]:
    """The tour's blocks, each with the exit status of its last command."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    tour = text.split("## A ten-minute tour", 1)[1].split("\n## ", 1)[0]
    return [(block["text"], int(block["status"] or 0)) for block in BLOCK.finditer(tour)]


def _script() -> str:
    """All blocks as one bash script that says which block failed."""
    lines = ["set -m"]
    for number, (text, status) in enumerate(_tour()):
        # The set-up is this very environment's own; running it again would wait on itself.
        body = text.removeprefix(SET_UP) if number == 0 else text
        lines += [f"echo '== block {number}'", f"{{\n{body}}}", "status=$?"]
        lines += [f'[ $status -eq {status} ] || {{ echo "block {number}: exit $status"; exit 1; }}']
    return "\n".join(lines)


@pytest.mark.servers
@pytest.mark.usefixtures("installation")
def test_the_tour_runs_as_written(tmp_path: Path) -> None:
    """A reader who types the README's tour sees what it promises, to the last command."""
    with socket.socket() as taken:
        if taken.connect_ex(("127.0.0.1", 9890)) == 0:
            pytest.fail("something listens on 127.0.0.1:9890, where the tour's ledger goes")
    checkout = tmp_path / "buckstop"
    checkout.mkdir()
    shutil.copytree(ROOT / "examples", checkout / "examples")
    (checkout / ".venv").symlink_to(Path(sys.prefix))
    environment = {**os.environ, "COLUMNS": "160", "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash", "-c", _script()],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert len(_tour()) == 9
    for promised in (
        "template-cannot-execute",
        "wrote mine/teams.yaml",
        "SUCCESS",
        "infra_sre-critical",
        "{'recorded': 1}",
        "retrained on this month's applicants",
    ):
        assert promised in done.stdout
    assert not (checkout / "tour").exists()
