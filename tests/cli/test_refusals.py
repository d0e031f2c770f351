"""What a command refuses: it says what it has to offer in place, and exits alike for one cause."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.main import root

ROUTES = "route: {receiver: a}\nreceivers: [{name: a}]\n"
RULES = "groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]\n"
OBJECT = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
CHARTER = """
version: 1
teams:
  ops: {notify: {default: [{slack: {channel: "#ops", api_url: {file: slack}}}]}}
accountability: [{otherwise: true, accountable: ops}]
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, piped: str = "") -> Result:
    return CliRunner().invoke(root, list(words), input=piped)


def charters(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).mkdir(parents=True)
        (folder / name / "charter.yaml").write_text(CHARTER)


def test_init_names_its_own_option_where_files_compete(here: Path) -> None:
    """`init` has no --alertmanager; what it has is --from."""
    (here / "one.yml").write_text(ROUTES)
    (here / "two.yml").write_text(ROUTES)
    result = run("init", "--from", ".")
    assert result.exit_code == 2
    assert "Say which one with --from FILE" in result.output
    assert "--alertmanager" not in result.output


@pytest.mark.parametrize("words", [("fix", "k8s.yaml"), ("fix", "-")])
def test_fix_has_nothing_to_mend_in_objects_of_other_kinds(
    here: Path, words: tuple[str, ...]
) -> None:
    """A chart has many objects, and most of them are none of ours."""
    (here / "k8s.yaml").write_text(OBJECT)
    result = run(*words, piped=OBJECT)
    assert result.exit_code == 0
    assert "nothing to mend" in result.output


@pytest.mark.parametrize("words", [("fix", "."), ("init", "new", "--from", ".")])
def test_a_command_that_takes_no_charter_minds_none(here: Path, words: tuple[str, ...]) -> None:
    """Two charters and two prometheus.yml are nothing to decide where neither is read."""
    charters(here, "a", "b")
    (here / "alertmanager.yml").write_text(ROUTES)
    (here / "rules.yml").write_text(RULES)
    (here / "a" / "prometheus.yml").write_text("scrape_configs: []\n")
    (here / "b" / "prometheus.yml").write_text("scrape_configs: []\n")
    result = run(*words)
    assert result.exit_code == 0, result.output


def test_build_finds_a_charter_as_check_does(here: Path) -> None:
    """Two charters are not one, and the folder above a charter means the charter."""
    charters(here, "two/a", "two/b", "one/charter")
    for command in (("check", "two"), ("build", "two", "-o", "out")):
        result = run(*command)
        assert result.exit_code == 2, result.output
        assert "found 2 charters" in result.output
    assert run("build", "--charter", "two/a", "-o", "out").exit_code == 0
    assert run("build", "one", "-o", "one/build").exit_code == 0
    assert run("check", "one").exit_code == 0, "the build is of the charter that check finds"
    both = run("build", "one", "--charter", "two/a", "-o", "out")
    assert both.exit_code == 2
    assert "give one of the two" in both.output


@pytest.mark.parametrize(
    "words",
    [
        ("build", "empty", "-o", "out"),
        ("build", "--charter", "empty", "-o", "out"),
        ("build", "missing", "-o", "out"),
        ("check", "empty"),
        ("check", "--charter", "empty"),
        ("who", "empty", "A"),
        ("route", "empty", "a=b"),
        ("route", "--charter", "empty", "a=b"),
    ],
)
def test_no_charter_is_one_exit_code_in_all_commands(here: Path, words: tuple[str, ...]) -> None:
    """A script tells "there is nothing" from "something is wrong in it"."""
    (here / "empty").mkdir()
    assert run(*words).exit_code == 2
