"""Each finding's docs page shows a charter that has it and one that is mended; both are tried."""

from __future__ import annotations

import importlib
import re
from datetime import date
from pathlib import Path

import pytest

from buckstop.charter import SLIS, SliDefinition, codes, load, read
from buckstop.diagnostics import Code, Level
from buckstop.prometheus import parse_duration

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"
CODES = [value for value in vars(codes).values() if isinstance(value, Code)]
NOT_OF_A_TEXT = {"charter-not-found", "charter-file-ignored", "charter-folder-too-large"}
"""Findings about files rather than about what stands in them."""
TODAY = date(2026, 1, 1)


def example(code: Code, kind: str) -> str:
    page = (PAGES / f"{code.name}.md").read_text()
    found = re.search(rf"```yaml {kind}\n(.*?)```", page, re.DOTALL)
    assert found, f"{code.name}.md has no `{kind}` example"
    return found[1]


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_each_code_has_a_page_that_says_its_level(code: Code) -> None:
    """A finding's docs link leads to a page of that name."""
    page = (PAGES / f"{code.name}.md").read_text()
    assert page.startswith(f"# {code.name}\n")
    assert {Level.ERROR: "an error", Level.WARNING: "a warning", Level.INFO: "a note"}[
        code.level
    ] in page


@pytest.mark.parametrize(
    "code", [code for code in CODES if code.name not in NOT_OF_A_TEXT], ids=lambda code: code.name
)
def test_bad_example_is_found_and_good_one_is_clean(code: Code) -> None:
    """The bad example has this finding, at a line; the good one is a charter with no finding."""
    _, found = read({"charter.yaml": example(code, "bad")}, TODAY)
    ours = [one for one in found if one.code is code]
    assert ours, f"found only {[one.code.name for one in found]}"
    assert all(one.span for one in ours)
    errors = {one.code.name for one in found if one.level is Level.ERROR}
    assert errors <= {code.name, "decision-otherwise-missing"}, "it shows this mistake and no other"
    charter, found = read({"charter.yaml": example(code, "good")}, TODAY)
    assert charter is not None, found
    assert [one.code.name for one in found if one.level is not Level.INFO] == []


def test_a_folder_with_too_many_files_is_no_part_of_a_charter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files left may hold the row that decides: one error, and none about what is absent."""
    text = example(codes.CHARTER_FILE_IGNORED, "good")
    teams, table = text.split("accountability:")
    (tmp_path / "a.yaml").write_text(teams)
    (tmp_path / "b.yaml").write_text("groups: []\n")
    (tmp_path / "c.yaml").write_text(f"accountability:{table}")
    reading = importlib.import_module("buckstop.charter.load")
    monkeypatch.setattr(reading, "MAX_FILES", 3)
    assert load(tmp_path, TODAY).charter is not None
    monkeypatch.setattr(reading, "MAX_FILES", 2)
    loaded = load(tmp_path, TODAY)
    assert loaded.charter is None
    assert [one.code for one in loaded.diagnostics] == [codes.CHARTER_FOLDER_TOO_LARGE]


def test_file_that_only_looks_like_a_charter_is_named(tmp_path: Path) -> None:
    """A file with a charter's keys in another form is not read, and that is said."""
    (tmp_path / "a.yaml").write_text(example(codes.CHARTER_FILE_IGNORED, "bad"))
    (tmp_path / "b.yaml").write_text(example(codes.CHARTER_FILE_IGNORED, "good"))
    loaded = load(tmp_path, TODAY)
    assert loaded.charter is not None
    assert [file.path for file in loaded.charter.files] == ["b.yaml"]
    assert [one.code for one in loaded.diagnostics] == [codes.CHARTER_FILE_IGNORED]


def test_no_charter_is_said_with_the_way_to_one(tmp_path: Path) -> None:
    """A folder without a charter names the command that writes one."""
    loaded = load(tmp_path, TODAY)
    assert loaded.charter is None
    assert [one.code for one in loaded.diagnostics] == [codes.CHARTER_NOT_FOUND]
    assert "buckstop init" in str(loaded.diagnostics[0].hint)


def test_path_that_does_not_exist_is_a_finding(tmp_path: Path) -> None:
    """A mistyped path is answered, with the path as it was given."""
    loaded = load(tmp_path / "missing", TODAY)
    assert loaded.charter is None
    assert [one.code.name for one in loaded.diagnostics] == ["file-unreadable"]
    assert str(tmp_path / "missing") in loaded.diagnostics[0].message


GUIDE = (Path(__file__).parents[2] / "docs" / "charter.md").read_text()


@pytest.mark.parametrize("text", re.findall(r"```yaml good\n(.*?)```", GUIDE, re.DOTALL))
def test_every_example_of_the_guide_is_a_charter(text: str) -> None:
    """Whoever copies an example from the guide has a charter without a finding."""
    charter, found = read({"charter.yaml": text}, TODAY)
    assert charter is not None, found
    assert found == ()


@pytest.mark.parametrize("sli", SLIS.values(), ids=lambda sli: sli.name)
def test_the_guide_says_what_each_sli_takes(sli: SliDefinition) -> None:
    """The guide's table has each SLI with its fault and the samples that a verdict needs."""
    (row,) = re.findall(rf"^\| `{sli.name}` \|.*$", GUIDE, re.MULTILINE)
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[2] == sli.fault
    assert cells[4].startswith(f"{sli.min_samples} ")
    assert cells[5] == ("–" if sli.max_age_seconds is None else "1d")


def test_the_guide_says_what_holds_by_default() -> None:
    """The intervals that the guide shows are those of a charter that names none."""
    charter, _ = read({"charter.yaml": example(codes.DECISION_OVERLAP, "good")}, TODAY)
    assert charter is not None
    for name in ("group_wait", "group_interval", "repeat_interval", "scrape_interval"):
        shown = re.search(rf"^  {name}: (\S+)", GUIDE, re.MULTILINE)
        assert shown
        assert parse_duration(shown[1]) == getattr(charter.defaults, f"{name}_seconds")
