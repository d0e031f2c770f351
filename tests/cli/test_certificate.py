"""``check --certificate`` and ``certificate verify``: from files to a verified proof."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.certificate.test_certificate import FILES

from buckstop.cli.main import root


def test_certificate_is_written_and_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds until a file that it names changes; then it is said which."""
    monkeypatch.chdir(tmp_path)
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    run = CliRunner().invoke
    assert (
        run(root, ["check", ".", "--team-label", "team", "--certificate", "c.json"]).exit_code == 1
    )
    verified = run(root, ["certificate", "verify", "c.json"])
    assert (verified.output, verified.exit_code) == ("c.json holds: 1 of 2 rules proven\n", 0)
    (tmp_path / "rules.yml").write_bytes(FILES["rules.yml"] + b"\n")
    changed = run(root, ["certificate", "verify", "c.json"])
    assert changed.exit_code == 1
    assert changed.output == (
        "c.json does not hold: rules.yml is not the file that was certified\n"
    )


def test_certificate_needs_rules_and_routes(tmp_path: Path) -> None:
    """Without routes nothing is proven: no file is left that says so."""
    (tmp_path / "rules.yml").write_bytes(FILES["rules.yml"])
    path = tmp_path / "c.json"
    made = CliRunner().invoke(root, ["check", str(tmp_path), "--certificate", str(path)])
    assert made.exit_code == 2
    assert not path.exists()
