"""The checklists lead to files that exist, and make's targets to what they promise."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:src|docs|tests|examples|scripts)/[\w./-]*)`", GUIDE)))


@pytest.mark.parametrize("path", PATHS)
def test_every_path_in_the_checklists_exists(path: str) -> None:
    """Whoever follows a checklist finds the file it names."""
    assert (ROOT / path).exists()


def test_the_table_of_packages_is_the_import_contract_s() -> None:
    """The order in which packages are introduced is the order that is checked."""
    rows = re.findall(r"^\| (`[a-z`, ]+`) \|", GUIDE, re.MULTILINE)
    introduced = re.findall(r"[a-z]+", " ".join(rows))
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    layers = re.search(r"^layers = \[(.*?)\]", contract, re.MULTILINE | re.DOTALL)
    assert layers is not None
    assert introduced == re.findall(r'"([a-z]+)"', layers[1])


def test_make_lists_its_targets() -> None:
    """`make` alone shows what there is."""
    shown = subprocess.run(
        ["make", "-C", str(ROOT)], capture_output=True, text=True, check=True
    ).stdout
    for target in ("setup", "demo", "test", "lint", "bench", "nightly", "mutate", "docs", "lock"):
        assert re.search(rf"^  make {target} +\w", shown, re.MULTILINE)
