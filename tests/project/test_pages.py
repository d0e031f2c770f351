"""The README leads to every page, and says of every command what to install for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from buckstop.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
NEEDING_LEDGER = {"serve", "record"}
NEEDING_DEMO = {"demo"}


@pytest.mark.parametrize("page", PAGES)
def test_the_readme_leads_to_every_page(page: str) -> None:
    """A page that no table leads to is not read."""
    table = README.split("## Where to go on")[1]
    assert f"(docs/{page})" in table


def test_the_readme_says_what_to_install_for_each_command() -> None:
    """Nobody installs the ledger's libraries for a command that does without."""
    install = next(line for line in README.splitlines() if line.startswith("Install it elsewhere"))
    base, ledger, demo = install.split("pip install", 1)[1].split("; ")
    assert commands_in(base) == set(COMMANDS) - NEEDING_LEDGER - NEEDING_DEMO
    assert commands_in(ledger) == NEEDING_LEDGER
    assert commands_in(demo) == NEEDING_DEMO


def test_the_dependencies_stand_under_the_commands_that_need_them() -> None:
    """The page about dependencies and the README do not contradict each other."""
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (?:Base|Ledger|Demo): .*$", text, re.MULTILINE)
    assert [commands_in(heading) for heading in headings] == [
        set(COMMANDS) - NEEDING_LEDGER - NEEDING_DEMO,
        NEEDING_LEDGER,
        NEEDING_DEMO,
    ]


def commands_in(text: str) -> set[str]:
    """The commands that `text` names."""
    return set(re.findall(r"`(\w+)`", text)) & set(COMMANDS)
