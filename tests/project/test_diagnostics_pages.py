"""The examples on the diagnostics' pages: the bad has the finding, the good has not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from buckstop.cli.main import root

PAGES = sorted((Path(__file__).parents[2] / "docs" / "diagnostics").glob("*.md"))
BLOCK = re.compile(r"^```yaml (bad|good)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

TARGET = re.compile(r"^# target: (prometheus=\S+)", re.MULTILINE)
"""An example of Prometheus's files may say which version it is for."""

ASKED = re.compile(r"^# buckstop check (--\S+)$", re.MULTILINE)
"""An example may say which option it is checked with."""

TEAMS_FILE = re.compile(r"(accountable|informed):")


def blocks(kind: str) -> Iterator[tuple[str, list[str]]]:
    """The code of each page that has blocks of `kind`, with them."""
    for page in PAGES:
        found = BLOCK.findall(page.read_text(encoding="utf-8"))
        texts = [text for marked, text in found if marked == kind]
        if texts:
            yield page.stem, texts


def examples(kind: str) -> Sequence[object]:
    """The same as parameters."""
    return [pytest.param(code, texts, id=code) for code, texts in blocks(kind)]


def report_on(texts: list[str], folder: Path) -> Any:
    """What `check` reports on the texts, put into one folder, as from JSON."""
    options = [f"--target={found}" for text in texts for found in TARGET.findall(text)]
    options += [found for text in texts for found in ASKED.findall(text)]
    for index, text in enumerate(texts):
        if TEAMS_FILE.match(text):
            teams = folder.parent / f"{folder.name}-teams.yaml"  # named, not searched for
            teams.write_text(text, encoding="utf-8")
            options.append(f"--teams={teams}")
            continue
        ending = "tmpl" if text.startswith("{{") else "yaml"
        (folder / f"example-{index}.{ending}").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(
        root, ["check", "--target=alertmanager=0.25", *options, "--format", "json", str(folder)]
    )
    assert result.exit_code in {0, 1}, result.output
    return json.loads(result.stdout)


def codes(texts: list[str], folder: Path) -> set[str]:
    """The codes that `check` reports on the texts, put into one folder."""
    return {diagnostic["code"] for diagnostic in report_on(texts, folder)["diagnostics"]}


@pytest.mark.parametrize(("code", "texts"), examples("bad"))
def test_the_bad_example_has_the_finding(code: str, texts: list[str], tmp_path: Path) -> None:
    """What a page calls wrong is what `check` finds."""
    assert code in codes(texts, tmp_path)


@pytest.mark.parametrize(("code", "texts"), examples("good"))
def test_the_good_example_is_free_of_it(code: str, texts: list[str], tmp_path: Path) -> None:
    """Whoever copies the mend is rid of the finding."""
    assert code not in codes(texts, tmp_path)
