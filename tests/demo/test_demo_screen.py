"""Where the story is shown: a live screen, plain lines, a picture."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from buckstop.cli.demo import command
from buckstop.demo.breaks import BREAKS
from buckstop.demo.screen import open_screen, write_picture
from buckstop.demo.story import Seen, Story

FIRST = Story(began=0.0, phase="begin", seen=(Seen(BREAKS[0]),))
LATER = replace(FIRST, phase="[latency] broken", ledger_url="http://127.0.0.1:1")


@pytest.mark.parametrize("terminal", [True, False])
def test_each_state_is_shown(terminal: bool) -> None:  # noqa: FBT001 - a parameter of pytest's
    """On a terminal and in a log; what looks like markup is shown as it is."""
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=120)
    with open_screen(console, FIRST) as show:
        show(LATER)
    assert "[latency] broken" in out.getvalue()
    assert "http://127.0.0.1:1" in out.getvalue()
    assert ("\x1b[" in out.getvalue()) == terminal


def test_the_picture_fetches_nothing_and_is_the_same_every_time(tmp_path: Path) -> None:
    """It stands in documents; a reader's browser must not call anybody for it."""
    for name in ("a.svg", "b.svg"):
        write_picture(LATER, tmp_path / name)
    picture = (tmp_path / "a.svg").read_text()
    assert "Crossed" in picture
    assert "@font-face" not in picture
    assert picture == (tmp_path / "b.svg").read_text()


def test_a_picture_that_cannot_be_written_is_said_before_the_breaks(tmp_path: Path) -> None:
    """Not a minute later."""
    result = CliRunner().invoke(command, ["--svg", str(tmp_path / "nowhere" / "demo.svg")])
    assert result.exit_code == 2
    assert "no such folder" in result.output
