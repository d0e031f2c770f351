"""Which rule files a ``prometheus.yml`` names, as the server itself finds them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from buckstop.cli.main import root
from buckstop.cli.rule_globs import matching


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("rules/a.yml", "rules/b.yml", "rules/.hidden.yml", "rules/c.yaml", "[x].yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("groups: []")
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("rules/*.yml", [".hidden.yml", "a.yml", "b.yml"]),
        ("rules/?.y*", ["a.yml", "b.yml", "c.yaml"]),
        ("./rules/[ac].*", ["a.yml", "c.yaml"]),
        ("rules/[^a].yml", ["b.yml"]),
        ("rules//a.yml", ["a.yml"]),
        (r"\[x].yml", ["[x].yml"]),
        ("rules/[.yml", []),
        ("*/a.yml", ["a.yml"]),
        ("none/*.yml", []),
        ("rules/a.yml/*", []),
    ],
)
def test_a_glob_names_what_the_server_loads(folder: Path, pattern: str, names: list[str]) -> None:
    """As Go's globs: hidden files too, classes, escapes; a bad class names nothing."""
    assert [path.name for path in matching(folder, pattern)] == names


def test_a_glob_that_names_nothing_is_a_warning(folder: Path) -> None:
    """Alone or not, a prometheus.yml is judged; what is absolute is not looked for."""
    (folder / "prometheus.yml").write_text(
        "rule_files: [rules/*.yml, alerts/*.yml, /nowhere/*.yml]\nscrape_configs: []\n"
    )
    result = CliRunner().invoke(root, ["check", str(folder / "prometheus.yml")])
    assert result.exit_code == 0
    assert result.stdout.count("[rule-glob-empty]") == 1
    assert "alerts/*.yml" in result.stdout
