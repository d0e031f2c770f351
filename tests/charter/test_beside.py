"""A part of a charter that is given alone: what is missing may stand in the file beside it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from buckstop.charter import load

CHARTER = """\
teams:
  sre: {notify: {default: [{webhook: {url: "http://pager.internal/sre"}}]}}
accountability:
  - {when: {fault: drift, model: credit}, accountable: data}
  - {otherwise: true, accountable: sre}
"""


def hints(path: Path) -> dict[str, str]:
    """The hint of each finding by its code."""
    found = load(path, date(2026, 1, 1)).diagnostics
    return {one.code.name: one.hint or "" for one in found}


def test_the_file_that_declares_what_is_missing_is_named(tmp_path: Path) -> None:
    """Models stand in the file beside; teams do not, and rules are no part of a charter."""
    (tmp_path / "charter.yaml").write_text(CHARTER)
    (tmp_path / "models.yaml").write_text("models: {credit: {}}\n")
    (tmp_path / "rules.yaml").write_text("groups: []\n")
    found = hints(tmp_path / "charter.yaml")
    assert found["model-unknown"] == "`models.yaml` beside this file is not read: give the folder"
    assert "beside" not in found["team-unknown"]


def test_the_folder_itself_needs_no_such_hint(tmp_path: Path) -> None:
    """There all parts are read."""
    (tmp_path / "charter.yaml").write_text(CHARTER)
    (tmp_path / "models.yaml").write_text("models: {churn: {}}\n")
    assert "beside" not in " ".join(hints(tmp_path).values())
