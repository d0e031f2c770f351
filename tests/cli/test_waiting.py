"""What is shown while something takes long."""

from __future__ import annotations

import io
import threading

import pytest
from rich.console import Console

from buckstop.cli import waiting
from buckstop.cli.waiting import said_if_slow


class Shown(io.StringIO):
    """A terminal that tells when something was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def write(self, text: str) -> int:
        if "Proving" in text:
            self.written.set()
        return super().write(text)


def test_what_takes_long_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user who waits sees what for."""
    monkeypatch.setattr(waiting, "PATIENCE_SECONDS", 0.0)
    terminal = Shown()
    with said_if_slow("Proving", Console(file=terminal, force_terminal=True)):
        assert terminal.written.wait(10)


def test_what_is_quick_shows_nothing() -> None:
    """No flicker on the terminal of a quick command."""
    terminal = Shown()
    with said_if_slow("Proving", Console(file=terminal, force_terminal=True)):
        pass
    assert terminal.getvalue() == ""


def test_a_pipe_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log of a build holds findings alone."""
    monkeypatch.setattr(waiting, "PATIENCE_SECONDS", 0.0)
    pipe = Shown()
    with said_if_slow("Proving", Console(file=pipe, force_terminal=False)):
        assert not pipe.written.wait(0.05)
