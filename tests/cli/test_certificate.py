"""``check --certificate`` and ``certificate verify``: from files to a verified proof."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.certificate.test_certificate import FILES

from buckstop.certificate import digest
from buckstop.cli.main import root

SHOP = Path(__file__).parents[1] / "kubernetes" / "shop"


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


def test_certificate_of_kubernetes_objects_is_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the operator makes of them is put together again, and is what was certified."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SHOP, "shop")
    run = CliRunner().invoke
    run(root, ["check", "shop", "--certificate", "c.json"])
    certificate = json.loads((tmp_path / "c.json").read_text())
    assert "shop/alertmanager.yaml" in certificate["objects"]["files"]
    verified = run(root, ["certificate", "verify", "c.json"])
    assert (verified.output, verified.exit_code) == ("c.json holds: 1 of 3 rules proven\n", 0)
    # Without its routes in the objects, the parts that it states lead nowhere.
    emptied = certificate | {"objects": {**certificate["objects"], "files": ["shop/rules.yaml"]}}
    (tmp_path / "c.json").write_text(json.dumps(emptied | {"digest": digest(emptied)}))
    assert "does not hold" in run(root, ["certificate", "verify", "c.json"]).output


def test_certificate_of_what_is_piped_in_is_refused(tmp_path: Path) -> None:
    """Nobody could read the same again."""
    path = tmp_path / "c.json"
    piped = (SHOP / "alertmanager.yaml").read_text() + "---\n" + (SHOP / "rules.yaml").read_text()
    made = CliRunner().invoke(root, ["check", "-", "--certificate", str(path)], input=piped)
    assert made.exit_code == 2
    assert "standard input cannot be read again" in made.output
    assert not path.exists()


def test_certificate_needs_rules_and_routes(tmp_path: Path) -> None:
    """Without routes nothing is proven: no file is left that says so."""
    (tmp_path / "rules.yml").write_bytes(FILES["rules.yml"])
    path = tmp_path / "c.json"
    made = CliRunner().invoke(root, ["check", str(tmp_path), "--certificate", str(path)])
    assert made.exit_code == 2
    assert not path.exists()
