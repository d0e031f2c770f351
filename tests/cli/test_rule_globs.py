"""Which rule files a ``prometheus.yml`` names, as the server itself finds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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


def server(folder: Path, *globs: str) -> None:
    """A Prometheus with one good rule of its own, an Alertmanager, and `globs`."""
    (folder / "rules.yml").write_text(
        "groups: [{name: g, rules: [{alert: X, expr: up == 0, labels: {team: a}}]}]\n"
    )
    (folder / "prometheus.yml").write_text(
        f"rule_files: {json.dumps(['rules.yml', *globs])}\n"
        "alerting: {alertmanagers: [{static_configs: [{targets: ['am:9093']}]}]}\n"
    )
    (folder / "alertmanager.yml").write_text(
        "route: {receiver: d, routes: [{matchers: [team=a], receiver: a}]}\n"
        "receivers:\n- name: d\n- {name: a, webhook_configs: [{url: 'http://a'}]}\n"
    )


def check(folder: Path) -> dict[str, Any]:
    result = CliRunner().invoke(root, ["check", str(folder), "--format", "json"])
    read: dict[str, Any] = json.loads(result.stdout)
    return {**read, "exit": result.exit_code}


BROKEN = "groups: [{name: h, rules: [{alert: Y, expr: 'up =='}]}]\n"


@pytest.mark.parametrize(
    ("glob", "file"),
    [("x/*.rule", "x/o.rule"), (".h/*.yml", ".h/a.yml"), ("vendor/r.yml", "vendor/r.yml")],
)
def test_what_rule_files_names_is_read_wherever_it_stands(
    tmp_path: Path, glob: str, file: str
) -> None:
    """A broken file keeps the server from loading the good one too, so nothing is proven."""
    server(tmp_path, glob)
    (tmp_path / file).parent.mkdir()
    (tmp_path / file).write_text(BROKEN)
    said = check(tmp_path)
    assert said["exit"] == 1
    verdicts = {rule["alert"]: (rule["verdict"], rule["reason"]) for rule in said["rules"]}
    assert verdicts["X"][0] == "refuted"
    assert "refuses one of them" in verdicts["X"][1]


def test_a_file_named_by_rule_files_is_taken_for_rules_whatever_it_holds(tmp_path: Path) -> None:
    """The server refuses what holds no groups, and loads none of its rules."""
    server(tmp_path, "more.yml")
    (tmp_path / "more.yml").write_text("grups: []\n")
    assert [rule["verdict"] for rule in check(tmp_path)["rules"]] == ["refuted"]


def test_a_file_named_by_rule_files_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """A link that leads nowhere is named by a glob, and the server does not start."""
    server(tmp_path, "links/*")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "a.rule").symlink_to("gone")
    said = check(tmp_path)
    assert said["exit"] == 2
    assert "file-unreadable" in {found["code"] for found in said["diagnostics"]}


def test_rules_in_a_linked_folder_are_judged(tmp_path: Path) -> None:
    """The search follows no link to a folder; the server does."""
    server(tmp_path, "linked/*.yml")
    outside = tmp_path.with_name(tmp_path.name + "-outside")
    outside.mkdir()
    (outside / "o.yml").write_text(BROKEN.replace("up ==", "up == 0"))
    (tmp_path / "linked").symlink_to(outside)
    assert sorted(rule["alert"] for rule in check(tmp_path)["rules"]) == ["X", "Y"]


def test_a_command_that_asks_no_prometheus_does_not_mind_several(tmp_path: Path) -> None:
    """Rules and their files have no say in where an alert goes."""
    server(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "prometheus.yml").write_text("rule_files: [none.yml]\n")
    result = CliRunner().invoke(root, ["route", str(tmp_path), "team=a"])
    assert (result.exit_code, result.stdout) == (0, "a\n")
