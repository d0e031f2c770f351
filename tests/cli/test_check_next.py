"""The commands that ``check`` ends with: they work as they are printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.main import root

ROOT = Path(__file__).parents[2]
CHARTER = ROOT / "examples" / "article" / "charter"

RULES = """groups:
- name: g
  rules:
  - alert: Slow down
    expr: up == 0
    labels: {squad: infra}
"""
ROUTES = """route:
  receiver: rest
  routes:
  - matchers: ['squad="infra"']
    receiver: infra
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
"""
BY_SEVERITY = ROUTES.replace("""['squad="infra"']""", """['squad="infra"', 'severity="high"']""")
MANIFEST = """apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: r, namespace: n}
spec:
  groups:
  - name: g
    rules:
    - alert: Slow
      expr: up == 0
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rules, routes and teams whose names need quotes, below the current folder."""
    (tmp_path / "my files").mkdir()
    (tmp_path / "my files" / "rules.yml").write_text(RULES)
    (tmp_path / "routes.yml").write_text(ROUTES)
    (tmp_path / "teams.txt").write_text("accountable: {rest: ops, infra: infra}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(root, list(words), input=given)


def command_in(text: str, name: str) -> list[str]:
    """The words of ``buckstop NAME …`` in `text`, as a shell reads them."""
    found = re.search(rf"(?:Next: |`)buckstop ({name} .*?)(?: explains| says|`)", text)
    assert found is not None, text
    return shlex.split(found[1])


OPTIONS = (
    *("--rules", "my files", "--alertmanager", "routes.yml", "--team-label", "squad"),
    *("--teams", "teams.txt", "--target", "alertmanager=0.28"),
)


@pytest.mark.parametrize(
    "words", [(".",), (), ("my files", "routes.yml"), OPTIONS], ids=["dot", "none", "paths", "all"]
)
def test_the_who_that_is_suggested_answers(words: tuple[str, ...], folder: Path) -> None:
    """It is asked about the same files in the same way, quoted where the shell needs it."""
    suggested = command_in(run("check", *words).stdout, "who")
    assert suggested == ["who", *words, "Slow down"]
    answer = run(*suggested)
    assert answer.exit_code == 0, answer.output
    assert "answers   infra" in answer.stdout


def test_an_undecided_rule_is_asked_about_with_the_label_that_decides(folder: Path) -> None:
    """Which label the routes ask for is known; which value it has is the reader's to say."""
    (folder / "routes.yml").write_text(BY_SEVERITY)
    result = run("check", "my files", "routes.yml")
    assert result.exit_code == 1
    suggested = command_in(result.stdout, "who")
    assert suggested == ["who", "my files", "routes.yml", "Slow down", "severity=…"]
    answer = run(*suggested[:-1], "severity=high")
    assert answer.exit_code == 0, answer.output


def test_what_was_piped_in_is_not_asked_for_again(folder: Path) -> None:
    """A second command finds nothing on standard input."""
    result = run("check", "-", "routes.yml", given=RULES)
    assert "1 proven" in result.stdout
    assert "buckstop who" not in result.stdout


def test_the_charter_is_started_from_the_files_that_were_checked(folder: Path) -> None:
    """`init` searches the current folder; what lies elsewhere is named to it."""
    result = run("check", "--rules", "my files", "--alertmanager", "routes.yml")
    suggested = command_in(result.stdout, "init")
    assert suggested == ["init", "charter", "--from", "my files", "--from", "routes.yml"]
    started = run(*suggested)
    assert started.exit_code == 0, started.output
    assert "Slow down" in (folder / "charter" / "accountability.yaml").read_text()


def test_no_charter_is_suggested_for_a_cluster_s_objects(folder: Path) -> None:
    """`init` reads no Kubernetes objects."""
    (folder / "objects.yaml").write_text(MANIFEST)
    assert "init charter" not in run("check", "objects.yaml", "routes.yml").stdout


def test_no_charter_is_suggested_for_a_build(folder: Path) -> None:
    """A build comes from a charter, and `init` refuses it."""
    assert run("build", str(CHARTER), "-o", "build").exit_code == 0
    result = run("check", "build")
    assert "proven" in result.stdout
    assert "init charter" not in result.stdout
