"""``buckstop tree``: the routes, whose they are, and what is wrong where."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from buckstop.cli.main import root

ALERTMANAGER = """\
route:
  receiver: ops
  routes:
  - matchers: ['team="sre"']
    receiver: sre
    mute_time_intervals: [weekend]
  - matchers: ['team="sre"', 'severity="critical"']
    receiver: ops
receivers:
- {name: ops, webhook_configs: [{url: 'http://127.0.0.1/ops'}]}
- {name: sre, webhook_configs: [{url: 'http://127.0.0.1/sre'}]}
- {name: nobody, webhook_configs: [{url: 'http://127.0.0.1/nobody'}]}
time_intervals:
- {name: weekend, time_intervals: [{weekdays: [saturday, sunday]}]}
"""
RULES = """\
groups:
- name: g
  rules:
  - {alert: A, expr: up == 0, labels: {team: sre, severity: critical}}
  - {alert: B, expr: up == 0, labels: {team: sre, severity: minor}}
"""


def tree(folder: Path, *options: str) -> Result:
    (folder / "alertmanager.yml").write_text(ALERTMANAGER)
    (folder / "rules.yml").write_text(RULES)
    return CliRunner().invoke(root, ["tree", str(folder), *options])


def test_each_route_has_its_team_its_rules_and_what_is_wrong_there(tmp_path: Path) -> None:
    """One look shows where alerts go and which route no alert reaches."""
    result = tree(tmp_path)
    assert result.exit_code == 0
    lines = result.stdout.replace(f"{tmp_path}/", "").splitlines()
    assert lines[0] == "the root → ops  alertmanager.yml:2"
    assert lines[1].startswith("│  warning[catch-all-without-team]: ")
    sre, untold, critical, dead = lines[2:6]
    assert sre == '├─ {team="sre"} → sre [sre] (muted: weekend)  alertmanager.yml:4  2 rules'
    assert untold.startswith("│     warning[team-untold-at-times]: nobody of sre is told of A")
    assert critical == '└─ {team="sre", severity="critical"} → ops [sre]  alertmanager.yml:7'
    assert dead == (
        "      warning[route-dead]: no alert can reach this route to ops: "
        "the earlier route at line 4 takes all that it asks for"
    )


def test_the_week_of_a_team_with_a_gap_is_drawn_below(tmp_path: Path) -> None:
    """The weekend in which nobody is told is seen."""
    below = tree(tmp_path).stdout.split("When sre is told of A, B (UTC)")[1]
    days = {line.split()[0]: line.split()[1] for line in below.splitlines() if len(line) > 40}
    assert set(days["Sat"]) == set(days["Sun"]) != set(days["Fri"])


def test_what_is_wrong_elsewhere_is_counted(tmp_path: Path) -> None:
    """Nobody takes the tree for all that `check` finds; a pipe gets the tree alone."""
    result = tree(tmp_path)
    said = "1 more found elsewhere; `buckstop check` shows it"
    assert said in result.stderr
    assert said not in result.stdout


def test_json_has_the_same_for_programs(tmp_path: Path) -> None:
    """The tree with counts and findings, route by route."""
    value = json.loads(tree(tmp_path, "--format", "json").stdout)
    taken, dead = value["routes"]
    assert (taken["rules"], taken["team"]) == (2, "sre")
    assert (dead["rules"], [one["code"] for one in dead["diagnostics"]]) == (0, ["route-dead"])


def test_a_charter_has_the_tree_that_it_compiles_to() -> None:
    """No build is needed to see it."""
    charter = Path(__file__).parents[2] / "examples" / "article" / "charter"
    result = CliRunner().invoke(root, ["tree", str(charter)])
    assert result.exit_code == 0
    assert result.stdout.startswith("the root → default_ops [default_ops]")
    assert "warning[" not in result.stdout


def test_without_routes_it_says_where_it_looked(tmp_path: Path) -> None:
    """An empty folder is exit code 2."""
    result = CliRunner().invoke(root, ["tree", str(tmp_path)])
    assert result.exit_code == 2
    assert "no alertmanager.yml and no charter found" in result.stderr


def test_the_routes_of_a_charter_say_of_how_many_of_its_alerts_they_tell() -> None:
    """A charter is drawn as what it compiles to, its own rules counted."""
    charter = Path(__file__).parents[2] / "examples" / "article" / "charter"
    result = CliRunner().invoke(root, ["tree", str(charter), "--format", "json"])
    everything, *others = json.loads(result.stdout)["routes"]
    assert everything["receiver"] == "buckstop-ledger"
    teams = {
        route["matchers"][0]: route["rules"] + sum(child["rules"] for child in route["routes"])
        for route in others
        if route["matchers"] and "accountable_team" in route["matchers"][0]
    }
    assert teams['accountable_team="credit_models"'] == 8
    assert sum(teams.values()) == everything["rules"] == 36
