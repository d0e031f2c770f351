"""The template files beside an ``alertmanager.yml`` are part of what is checked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from buckstop.cli.main import root
from buckstop.cli.template_files import MAX_FILES

CHARTER = Path(__file__).parents[2] / "examples" / "article" / "charter"
TEMPLATES = "alertmanager/templates/buckstop.tmpl"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A build's folder."""
    folder = tmp_path / "out"
    done = CliRunner().invoke(root, ["build", str(CHARTER), "-o", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def checked(folder: Path) -> dict[str, Any]:
    done = CliRunner().invoke(root, ["check", "--format", "json", str(folder)])
    value = json.loads(done.stdout)
    assert isinstance(value, dict)
    return value


def verdicts(folder: Path) -> set[str]:
    return set(Counter(rule["verdict"] for rule in checked(folder)["rules"]))


def test_a_build_is_proven_with_the_words_that_its_receivers_refer_to(made: Path) -> None:
    """Receivers deliver because the templates they name execute; the file is named as an input."""
    assert verdicts(made) == {"proven"}
    paths = {entry["path"] for entry in checked(made)["inputs"]}
    assert str(made / TEMPLATES) in paths


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (lambda file: file.unlink(), "unknown"),
        (lambda file: file.write_bytes(b"\xff"), "unknown"),
        (
            lambda file: file.write_text(
                file.read_text().replace(".Status | toUpper", ".Secret.KEY | toUpper")
            ),
            "refuted",
        ),
        (lambda file: file.write_text('{{ define "other" }}{{ end }}'), "refuted"),
    ],
    ids=["missing", "not text", "cannot execute", "without the names"],
)
def test_what_is_wrong_with_the_file_is_wrong_with_the_receivers(
    change: Callable[[Path], object], verdict: str, made: Path
) -> None:
    """A missing file may lie on the server; one that is there is held to what is in it."""
    change(made / TEMPLATES)
    assert verdicts(made) == {verdict}


def test_more_files_than_are_followed_are_not_half_followed(made: Path) -> None:
    """Names that only a skipped file defines would look undefined."""
    config = made / "alertmanager" / "alertmanager.yml"
    config.write_text(config.read_text().replace("templates/buckstop.tmpl", "templates/*.tmpl"))
    for number in range(MAX_FILES):
        (made / TEMPLATES).with_name(f"{number}.tmpl").write_text("")
    assert verdicts(made) == {"unknown"}
