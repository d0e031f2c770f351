"""The page about attacks names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")


def defined(folder: Path) -> set[str]:
    """The names of the tests in a folder."""
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("test_*.py"))
    return {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}


def test_each_attack_names_a_test_that_is_there() -> None:
    """A promise without a test is none."""
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 30
    assert named <= defined(TESTS)
