"""What a user sees in the terminal for a charter with mistakes.

``python tests/charter/test_rendered_charter.py`` writes the golden files anew.
"""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from buckstop.charter import load
from buckstop.diagnostics import render_terminal

GOLDEN = Path(__file__).parent / "golden"
CHARTERS = sorted(GOLDEN.glob("*.yaml"))


def rendered(path: Path) -> str:
    loaded = load(path, date(2026, 1, 1))
    out = io.StringIO()
    console = Console(file=out, width=100, color_system=None)
    render_terminal(loaded.diagnostics, loaded.sources, console)
    return out.getvalue().replace(f"{path.parent.as_posix()}/", "")


@pytest.mark.parametrize("path", CHARTERS, ids=lambda path: path.stem)
def test_findings_read_like_a_compilers(path: Path) -> None:
    """All mistakes at once, each with its line, what is meant by it, and the nearest known word."""
    assert rendered(path) == path.with_suffix(".txt").read_text()


if __name__ == "__main__":
    for charter in CHARTERS:
        charter.with_suffix(".txt").write_text(rendered(charter))
