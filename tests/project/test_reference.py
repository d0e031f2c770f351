"""Docs say what the code says: the reference pages are current, each code has its page."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DIAGNOSTICS = ROOT / "docs" / "diagnostics"


@pytest.fixture(scope="module")
def docs() -> ModuleType:
    """The script that writes the reference; it imports what lies beside it."""
    sys.path.insert(0, str(ROOT / "scripts"))
    return importlib.import_module("docs")


def test_reference_pages_are_current() -> None:
    """The committed pages are what `make docs` writes.

    In a process of its own, because click keeps what a command's ``--help`` once was.
    """
    script = ROOT / "scripts" / "docs.py"
    asked = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, f"run `make docs`: {asked.stdout}{asked.stderr}"


def test_every_code_has_its_page_and_every_page_its_code(docs: ModuleType) -> None:
    """A finding's link leads to a page, and no page speaks of a finding that cannot occur."""
    names = {code.name for kinds in docs.all_codes().values() for code in kinds}
    assert {path.stem for path in DIAGNOSTICS.glob("*.md")} == names


def test_code_names_are_unique(docs: ModuleType) -> None:
    """A code that is ignored or searched for means one thing."""
    names = Counter(code.name for kinds in docs.all_codes().values() for code in kinds)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_page_says_how_to_mend() -> None:
    """A reader of a page sees its code as the title, and what to do."""
    for path in DIAGNOSTICS.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.stem}\n"), f"{path.name} must begin with its code"
        assert "mend" in text.lower(), f"{path.name} does not say how to mend it"
