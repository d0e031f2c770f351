"""What pytest does otherwise when it judges mutants: `make mutate` loads this as a plugin."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

STATISTICS = Path("mutmut-stats.json")
"""How long each test took on the code as it is, measured before the first mutant."""

FRAMES_PER_CALL = 3
"""mutmut calls each function by way of two others."""


def pytest_configure() -> None:
    """Let Python's stack hold what it holds without mutmut's calls in between."""
    sys.setrecursionlimit(sys.getrecursionlimit() * FRAMES_PER_CALL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first: a mutant is killed by the first that fails."""
    if STATISTICS.exists():
        seconds = json.loads(STATISTICS.read_text(encoding="utf-8"))["duration_by_test"]
        items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))
