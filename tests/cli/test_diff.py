"""``buckstop diff`` as a user meets it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.main import root

CHARTER = Path(__file__).parents[2] / "examples" / "article" / "charter"
ROUTES = """\
route:
  receiver: rest
  routes:
  - matchers: [team="infra"]
    receiver: infra
    routes:
    - {matchers: [severity="page"], group_wait: 5s}
  - matchers: [team="data"]
    receiver: data
receivers:
- {name: rest, webhook_configs: [{url: 'http://127.0.0.1/rest'}]}
- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/infra'}]}
- {name: data, webhook_configs: [{url: 'http://127.0.0.1/data'}]}
"""
RULES = """\
groups:
- name: g
  rules:
  - {alert: Slow, expr: a > 1, labels: {team: infra, severity: page}}
  - {alert: Drift, expr: b > 1, labels: {team: data, severity: page}}
  - {alert: Stale, expr: 'c{env="prod"} > 1', labels: {team: data}}
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders alike, ``old`` and ``new``, in the current one."""
    monkeypatch.chdir(tmp_path)
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        write(tmp_path / name)
    return tmp_path


def write(folder: Path, routes: str = ROUTES, rules: str | None = RULES) -> None:
    (folder / "alertmanager.yml").write_text(routes)
    if rules is not None:
        (folder / "rules.yml").write_text(rules)


def diff(*words: str) -> Result:
    return CliRunner().invoke(root, ["diff", *words])


def diff_value(*words: str) -> Any:
    return json.loads(diff(*words, "--format", "json").stdout)


def git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.org"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def test_nothing_moves_between_files_that_mean_the_same(files: Path) -> None:
    """Another spelling, another order, another file."""
    (files / "new" / "rules.yml").rename(files / "new" / "other.yml")
    write(files / "new", ROUTES.replace('team="data"', 'team=~"data"'), rules=None)
    result = diff("old", "new")
    assert result.exit_code == 0, result.output
    assert result.stdout == "nothing moves from old to new, for no alert that a rule can send\n"


def test_an_alert_that_moves_is_said_with_both_teams_the_routes_and_an_example(
    files: Path,
) -> None:
    """By a label of the rule: what it carried before, and what it carries now."""
    write(files / "new", rules=RULES.replace("{team: infra", "{team: data"))
    result = diff("old", "new")
    assert result.exit_code == 1
    assert result.stdout == (
        "1 alert moves from infra to data\n"
        "  Slow (old/rules.yml:4:13 -> new/rules.yml:4:13)\n"
        "  where severity is page\n"
        "  before infra (old/alertmanager.yml:7:7); infra\n"
        "  after  data (new/alertmanager.yml:8:5); data\n"
        "  for example alertname=Slow severity=page team=infra, "
        "now alertname=Slow severity=page team=data\n"
        "\n1 alert changed from old to new\n"
    )


def test_alerts_with_one_cause_are_one_thing_to_read(files: Path) -> None:
    """A hundred alerts that move alike are a count and an example; -v has them all."""
    rules = "groups:\n- name: g\n  rules:\n" + "".join(
        f"  - {{alert: A{number}, expr: a > 1, labels: {{team: data}}}}\n" for number in range(100)
    )
    for folder in ("old", "new"):
        write(files / folder, rules=rules)
    write(files / "new", ROUTES.replace("receiver: data\n", "receiver: infra\n"), rules)
    short, long = diff("old", "new"), diff("-v", "old", "new")
    assert "100 alerts move from data to " in short.stdout
    assert short.stdout.count("for example") == 1
    assert long.stdout.count("for example") == 100


@pytest.mark.parametrize(
    ("routes", "kind", "said"),
    [
        (ROUTES.replace("group_wait: 5s", "group_wait: 1m"), "timing", "group_wait 5s -> 1m"),
        (ROUTES.replace("group_wait: 5s", "receiver: data"), "team", "from infra to nobody"),
    ],
)
def test_rules_and_routes_alone_show_what_moves(
    files: Path, routes: str, kind: str, said: str
) -> None:
    """The routes alone are compared for all label sets, the rules for theirs."""
    write(files / "new", routes)
    by_rules, by_routes = diff_value("old", "new"), diff_value("--routes", "old", "new")
    assert {move["kind"] for rule in by_rules["rules"] for move in rule["moves"]} == {kind}
    assert by_rules["routes"] is None
    assert by_routes["rules"] is None
    assert {move["kind"] for move in by_routes["routes"]} == {kind}
    assert said in diff("old", "new").stdout


def test_the_values_that_a_rule_cannot_have_are_of_no_account(files: Path) -> None:
    """A route of other alerts moves; no rule sends them."""
    write(files / "new", ROUTES.replace('severity="page"', 'severity=~"page|low"'))
    assert diff("old", "new").exit_code == 0
    assert diff("--routes", "old", "new").exit_code == 1


def test_rules_that_come_and_go_are_said_with_who_answers(files: Path) -> None:
    """Who is relieved of them, and who gets them."""
    write(files / "new", rules=RULES.replace("alert: Slow", "alert: Slower"))
    lines = diff("old", "new").stdout.splitlines()
    assert "1 alert removed: infra answered" in lines
    assert "1 alert added: infra answers" in lines


def test_a_verdict_that_changes_counts_though_nobody_else_is_told(files: Path) -> None:
    """The receiver stays, and reaches nobody any more."""
    webhook = ", webhook_configs: [{url: 'http://127.0.0.1/data'}]"
    write(files / "new", ROUTES.replace(webhook, ""))
    result = diff("old", "new")
    assert result.exit_code == 1
    assert "2 alerts: proven -> refuted" in result.stdout


def test_alerts_that_an_expression_lets_through_no_more_are_said(files: Path) -> None:
    """Where routes ask for a label, and the rule's series now have another value of it."""
    routes = ROUTES.replace(
        "    receiver: data\n", '    receiver: data\n    routes: [{matchers: [env=~"p.*"]}]\n'
    )
    for folder in ("old", "new"):
        write(files / folder, routes)
    write(files / "new", routes, RULES.replace('env="prod"', 'env="pre"'))
    kinds = [move["kind"] for rule in diff_value("old", "new")["rules"] for move in rule["moves"]]
    assert kinds == ["not sent", "sent"]


def test_a_revision_is_the_current_folder_as_it_was_then(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the folder of a checkout or below it; its files are named by the revision."""
    git(files, "init", "-q")
    git(files, "add", ".")
    git(files, "commit", "-q", "-m", "first")
    write(files / "new", ROUTES.replace("group_wait: 5s", "group_wait: 1m"))
    result = diff("HEAD:new", "new")
    assert result.exit_code == 1
    assert "infra (HEAD:new/alertmanager.yml:7:7); infra" in result.stdout
    one_file = diff("--routes", "HEAD:new/alertmanager.yml", "new/alertmanager.yml")
    assert "(HEAD:new/alertmanager.yml:7:7)" in one_file.stdout
    monkeypatch.chdir(files / "new")
    assert "HEAD:alertmanager.yml" in diff("HEAD").stdout
    assert diff("HEAD", "HEAD").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere", "new"), "nowhere does not exist; it may be a revision, but"),
        (("old", "empty"), "empty has no rule file, no alertmanager.yml and no charter"),
        (("--routes", "old/rules.yml", "new"), "old/rules.yml has no routes to compare"),
    ],
)
def test_what_cannot_be_compared_is_said_and_exits_2(
    files: Path, words: tuple[str, ...], said: str
) -> None:
    """Never a traceback, and never the exit code of a move."""
    (files / "empty").mkdir()
    result = diff(*words)
    assert result.exit_code == 2
    assert said in result.stderr


def test_routes_that_alertmanager_refuses_are_not_compared(files: Path) -> None:
    """It would go on with those that it has, which are not these."""
    write(files / "new", ROUTES.replace("receiver: data\n", "receiver: nobody\n"))
    result = diff("old", "new")
    assert result.exit_code == 2
    assert "new: what cannot be loaded is not compared" in result.stderr
    assert "alertmanager.yml:9" in result.stderr


def test_two_charters_are_compared_by_what_they_compile_to(files: Path) -> None:
    """One row that names another team moves the alerts that it decides."""
    for name in ("before", "after"):
        shutil.copytree(CHARTER, files / name)
    assert diff("before", "after").exit_code == 0
    charter = files / "after" / "charter.yaml"
    text = charter.read_text()
    row = "availability, traffic]}, accountable: infra_sre"
    assert row in text
    charter.write_text(text.replace(row, row.replace("infra_sre", "data_mlops")))
    result = diff("before", "after")
    assert result.exit_code == 1
    assert "from infra_sre to data_mlops" in result.stdout
