"""`init` writes a charter that passes `check` as it is, and nothing over what is there."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.adoption.existing_files import ROUTES, RULES

from buckstop.charter import Table, load
from buckstop.cli.main import root

ARTICLE = Path(__file__).parents[1] / "fixtures" / "article"
TODAY = date(2026, 1, 1)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(root, arguments)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_passes_check_without_a_finding(here: Path) -> None:
    """In an empty folder `init` writes an example that explains itself and is a sound charter."""
    result = run("init")
    assert result.exit_code == 0, result.output
    assert "buckstop check charter" in result.output
    assert "buckstop build charter -o build" in result.output
    checked = run("check", "charter")
    assert checked.exit_code == 0, checked.output
    assert load(here / "charter", TODAY).diagnostics == ()
    for name in ("teams.yaml", "accountability.yaml", "models.yaml"):
        assert (here / "charter" / name).read_text().startswith("# ")


def test_the_articles_own_files_become_a_charter_that_passes_check(here: Path) -> None:
    """The article's rules and routes are found, and what they say is kept."""
    shutil.copytree(ARTICLE, here / "article")
    result = run("init")
    assert result.exit_code == 0, result.output
    assert run("check", "charter").exit_code == 0
    charter = load(here / "charter", TODAY).charter
    assert charter is not None
    assert charter.severities == ("critical", "major")
    assert [team.id for team in charter.teams] == ["infra_sre", "data_mlops", "default-ops"]
    assert Table.of(charter).decision("latency", "critical", None).team == "infra_sre"
    assert Table.of(charter).decision("drift", "major", None).team == "data_mlops"
    assert Table.of(charter).decision("quality", "major", None).team == "default-ops"
    assert [dict(alert.match)["alertname"] for alert in charter.alerts] == [
        "HighModelLatency",
        "SignificantDataDrift",
    ]
    assert "{{" not in (here / "charter" / "teams.yaml").read_text()


def test_what_is_read_off_passes_check(here: Path) -> None:
    """The charter that says what rules and routes say compiles, and every alert is answered for."""
    (here / "rules.yml").write_text(RULES)
    (here / "alertmanager.yml").write_text(ROUTES)
    assert run("init").exit_code == 0
    checked = run("check", "charter")
    assert checked.exit_code == 0, checked.output


def test_rules_alone_give_their_teams(here: Path) -> None:
    """Without routes the teams are those that the rules name, with contacts to be changed."""
    (here / "rules.yml").write_text(RULES)
    assert run("init", "--from", "rules.yml").exit_code == 0
    assert run("check", "charter").exit_code == 0
    charter = load(here / "charter", TODAY).charter
    assert charter is not None
    assert {"db-core", "web", "default_ops"} <= {team.id for team in charter.teams}
    assert "CHANGE THIS" in (here / "charter" / "teams.yaml").read_text()


def test_nothing_is_written_over_without_force(here: Path) -> None:
    """A charter that is there stays as it is, unless the user says otherwise."""
    (here / "charter").mkdir()
    (here / "charter" / "teams.yaml").write_text("mine")
    refused = run("init")
    assert refused.exit_code == 2
    assert "teams.yaml" in refused.output
    assert [path.name for path in (here / "charter").iterdir()] == ["teams.yaml"]
    assert (here / "charter" / "teams.yaml").read_text() == "mine"
    assert run("init", "--force").exit_code == 0
    assert (here / "charter" / "teams.yaml").read_text() != "mine"


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("alertmanager.yml:2:10", "route: {receiver: a\nreceivers: []\n"),
        ("alertmanager.yml:1:34", "route: {receiver: a, group_wait: 5x}\nreceivers: [{name: a}]\n"),
        ("alertmanager.yml:2:31", "route: {receiver: a}\nreceivers: [{name: a}, {name: a}]\n"),
        ("alertmanager.yml:3:1", "route: {receiver: a}\nreceivers: [{name: a}]\nrouts: {}\n"),
        ("rules.yml:2:1", "groups: [{name: a, rules: [\n"),
        ("rules.yml:1:9", "groups: 5\n"),
        ("rules.yml:1:49", "groups: [{name: a, rules: [{alert: A, expr: 'sum('}]}]\n"),
    ],
)
def test_a_file_with_an_error_is_not_left_out(here: Path, place: str, text: str) -> None:
    """A charter without what stands there would be wrong, so there is none, and it is said why."""
    (here / place.partition(":")[0]).write_text(text)
    result = run("init")
    assert result.exit_code == 2, result.output
    assert f"{place}: " in result.output
    assert "Traceback" not in result.output
    assert not (here / "charter").exists()


def test_what_is_said_of_an_error_repeats_no_secret(here: Path) -> None:
    """A mistake may stand in a secret; what is said of it goes to terminals and logs."""
    (here / "alertmanager.yml").write_text(
        "global: {opsgenie_api_key: s3cret-key}\nroute: {receiver: s3cret-key}\nreceivers: []\n"
    )
    result = run("init")
    assert result.exit_code == 2, result.output
    assert "alertmanager.yml" in result.output
    assert "s3cret-key" not in result.output


def test_sources_without_rules_are_refused(here: Path) -> None:
    """`--from` a folder with nothing of use in it does not end in an example by surprise."""
    (here / "empty").mkdir()
    result = run("init", "--from", "empty")
    assert result.exit_code == 2
    assert "empty" in result.output


def test_a_file_where_the_folder_belongs_is_refused(here: Path) -> None:
    """Nothing is made beside or instead of a file of that name."""
    (here / "charter").write_text("")
    assert run("init").exit_code == 2
