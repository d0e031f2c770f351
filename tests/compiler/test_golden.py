"""Whole builds, byte for byte, and what promtool and amtool of three releases say of them.

``BUCKSTOP_UPDATE_GOLDEN=1 pytest tests/compiler/test_golden.py`` writes them anew: look at the
difference before you commit it.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from tests.compiler.charters import ARTICLE, FULL, TODAY, write

from buckstop import servers
from buckstop.charter import load
from buckstop.compiler import Build, Targets, build

UPDATE = bool(os.environ.get("BUCKSTOP_UPDATE_GOLDEN"))


def build_of(folder: Path, targets: Targets | None = None) -> Build:
    loaded = load(folder / "charter", TODAY)
    assert loaded.charter is not None, loaded.diagnostics
    made = build(loaded.charter, targets or Targets())
    assert made.files, made.diagnostics
    return made


def test_full_charter_builds_to_the_golden_files() -> None:
    """Every byte of a build is looked at by somebody before it changes."""
    made = build_of(FULL)
    golden = FULL / "build"
    if UPDATE:
        write(made, golden)
    there = {
        str(path.relative_to(golden)): path.read_text(encoding="utf-8")
        for path in golden.rglob("*")
        if path.is_file()
    }
    assert sorted(there) == sorted(made.files)
    for path, text in made.files.items():
        assert there[path] == text, path


def test_build_is_the_same_twice_and_on_another_day() -> None:
    """A build depends on the charter alone: no clock, no order of a set, no place on disk."""
    loaded = load(FULL / "charter", date(2027, 5, 5))
    assert loaded.charter is not None
    again = build(loaded.charter, Targets())
    assert again.files == build_of(FULL).files == build_of(FULL).files


def write_for(installation: servers.Installation, example: Path, folder: Path) -> Path:
    """Build `example` for a release, its secrets in `folder`, and write it there."""
    secrets = folder / "secrets"
    secrets.mkdir()
    (secrets / "ledger_token").write_text("t")
    targets = Targets(
        installation.alertmanager_version, installation.prometheus_version, str(secrets)
    )
    return write(build_of(example, targets), folder)


@pytest.mark.servers
@pytest.mark.parametrize("example", [FULL, ARTICLE], ids=["full", "article"])
def test_build_is_taken_by_the_servers_own_tools(
    example: Path, each_installation: servers.Installation, tmp_path: Path
) -> None:
    """What is built loads, on the oldest release and on newer ones."""
    folder = write_for(each_installation, example, tmp_path)
    rules = servers.check_rules(each_installation, (folder / "prometheus/rules").glob("*.yml"))
    assert rules.ok, rules.output
    wiring = servers.check_prometheus_config(
        each_installation, folder / "prometheus/prometheus.wiring.yml"
    )
    assert wiring.ok, wiring.output
    routes = servers.check_config(each_installation, folder / "alertmanager/alertmanager.yml")
    assert routes.ok, routes.output


@pytest.mark.servers
@pytest.mark.parametrize(
    ("release", "example"),
    [
        pytest.param("debian12", FULL, id="full-2.42"),
        pytest.param("debian14", ARTICLE, id="article-3.5"),
        pytest.param("debian13", ARTICLE, id="article-2.53", marks=pytest.mark.nightly),
        pytest.param("debian12", ARTICLE, id="article-2.42", marks=pytest.mark.nightly),
        pytest.param("debian13", FULL, id="full-2.53", marks=pytest.mark.nightly),
        pytest.param("debian14", FULL, id="full-3.5", marks=pytest.mark.nightly),
    ],
)
def test_every_generated_alert_fires_and_is_silent(
    release: servers.Versions, example: Path, tmp_path: Path
) -> None:
    """Every generated alert has been seen to fire, with its words, and to be silent."""
    installation = servers.find(release)
    folder = write_for(installation, example, tmp_path)
    tests = servers.test_rules(installation, (folder / "prometheus/tests").glob("*.yml"))
    assert tests.ok, tests.output
