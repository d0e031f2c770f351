"""Dependencies: each has its reason, each is locked by hash, no registry is named."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[Any]] = PROJECT["dependency-groups"]
DEV = [*EXTRAS["ledger"], *EXTRAS["demo"], *GROUPS["build"], *GROUPS["dev"]]
LOCKS = {
    "base": PROJECT["project"]["dependencies"],
    "ledger": [*PROJECT["project"]["dependencies"], *EXTRAS["ledger"]],
    "demo": [*EXTRAS["ledger"], *EXTRAS["demo"], *GROUPS["build"]],
    "dev": DEV,
    "mutate": [*DEV, *GROUPS["mutate"]],
    "lock": GROUPS["lock"],
}
DISTRIBUTIONS = {"google-re2": "re2", "pyyaml": "yaml", "scikit-learn": "sklearn"}
"""The modules of those projects that are called otherwise."""


def direct(requirements: list[Any]) -> list[Requirement]:
    """The requirements on other projects; references to groups and to ourselves are left out."""
    parsed = [Requirement(text) for text in requirements if isinstance(text, str)]
    return [requirement for requirement in parsed if requirement.name != "buckstop"]


ALL = sorted({requirement.name for texts in LOCKS.values() for requirement in direct(texts)})


@pytest.mark.parametrize("name", ALL)
def test_every_dependency_has_its_reason(name: str) -> None:
    """Whoever wonders why a library is here finds one line about it."""
    text = (ROOT / "docs" / "dependencies.md").read_text()
    rows = re.findall(r"^\| `([^`]+)` \| (.{20,}) \|$", text, re.MULTILINE)
    assert [row for row in rows if row[0] == name], f"no row for {name}"


def test_no_reason_outlives_its_dependency() -> None:
    """The page lists nothing that is no longer used."""
    text = (ROOT / "docs" / "dependencies.md").read_text()
    assert sorted(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)) == ALL


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_satisfy_what_is_declared(lock: str) -> None:
    """`make lock` was run after the last change of pyproject.toml."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE):
        pins.setdefault(name, []).append(version)
    for requirement in direct(LOCKS[lock]):
        versions = pins.get(requirement.name.lower(), [])
        assert versions, f"{requirement} is not locked in {lock}.txt"
        assert all(requirement.specifier.contains(version) for version in versions)


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_hashes_and_no_registry(lock: str) -> None:
    """Every file is checked against its hash, and everybody's own mirror is used."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--index" not in text


def test_the_same_version_everywhere() -> None:
    """What the tests ran with is what the demo and the ledger get."""
    pinned: dict[str, dict[str, list[str]]] = {}
    for lock in ("base", "ledger", "demo", "dev", "mutate"):
        text = (ROOT / "requirements" / f"{lock}.txt").read_text()
        for name, pin in re.findall(r"^([a-z0-9._-]+)==([^\\]+)", text, re.MULTILINE):
            pinned.setdefault(name, {}).setdefault(lock, []).append(pin)
    different = {
        name: pins for name, pins in pinned.items() if len({*map(tuple, pins.values())}) > 1
    }
    assert different == {}


def imported(folder: Path) -> set[str]:
    """The top-level modules that the code below `folder` imports, ours and Python's left out."""
    names: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"buckstop"}


def test_what_the_package_imports_it_declares() -> None:
    """A library that only came along with another is not relied on: the other may drop it."""
    declared = {DISTRIBUTIONS.get(name, name.replace("-", "_")) for name in ALL}
    assert imported(ROOT / "src") - declared == set()
