"""What is proven of a build that re-routes handed over alerts."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from tests.compiler.charters import write
from tests.compiler.test_copies import full_charter, rerouting

from buckstop.cli.main import root


def findings(folder: Path) -> str:
    return CliRunner().invoke(root, ["check", "--allow-unknown", str(folder)]).output


def test_a_build_that_reroutes_is_proven_as_one_that_does_not(tmp_path: Path) -> None:
    """The route of copies takes no rule's alert, and that is no finding: it is the ledger's."""
    without = findings(write(rerouting(full_charter(), "off"), tmp_path / "off"))
    rerouted = findings(write(rerouting(full_charter(), "on"), tmp_path / "on"))
    said = [line for line in without.splitlines() if " rules: " in line]
    assert said
    assert "no findings" in said[0]
    assert said == [line for line in rerouted.splitlines() if " rules: " in line]
