"""``buckstop test``: what a team relies on, tried on the routes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.expectations import read_expectations
from buckstop.cli.main import root

ROOT = Path(__file__).parents[2]
CHARTER = ROOT / "examples" / "article" / "charter"
ROUTES = """route:
  receiver: ops
  routes:
  - matchers: ['team="sre"']
    receiver: sre-pager
    routes:
    - matchers: ['severity="minor"']
      receiver: sre-chat
      mute_time_intervals: [nights]
  - matchers: ['team="data"']
    receiver: data-chat
receivers:
- {name: ops, webhook_configs: [{url: 'http://127.0.0.1/ops'}]}
- {name: sre-pager, webhook_configs: [{url: 'http://127.0.0.1/sre'}]}
- {name: sre-chat, webhook_configs: [{url: 'http://127.0.0.1/chat'}]}
- {name: data-chat, webhook_configs: [{url: 'http://127.0.0.1/data'}]}
inhibit_rules:
- source_matchers: ['alertname="ClusterDown"']
  target_matchers: ['team="sre"']
  equal: [cluster]
time_intervals:
- name: nights
  time_intervals: [{times: [{start_time: '00:00', end_time: '06:00'}]}]
"""
MET = """expectations:
- name: latency goes to the SREs
  labels: {alertname: HighLatency, team: sre}
  expect: {receivers: [sre-pager], team: sre}
- name: what names no team reaches somebody
  labels: {}
  expect: {receivers: [ops], team: null}
- name: nobody is woken
  labels: {team: sre, severity: minor}
  at: 2026-12-25T03:00:00Z
  expect: {receivers: [sre-chat], muted: true}
- name: it is told by day
  labels: {team: sre, severity: minor}
  at: 2026-12-25T13:00:00Z
  expect: {muted: false}
- name: a cluster that is down says so once
  labels: {team: sre, cluster: a}
  firing: [{alertname: ClusterDown, cluster: a}]
  expect: {inhibited: true}
- name: another cluster does not
  labels: {team: sre, cluster: b}
  firing: [{alertname: ClusterDown, cluster: a}]
  expect: {inhibited: false}
"""
UNMET = """expectations:
- name: all wrong
  labels: {team: sre, severity: minor}
  at: 2026-12-25T13:00:00Z
  expect:
    receivers: [sre-pager, ops]
    team: data
    muted: true
    inhibited: true
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "alertmanager.yml").write_text(ROUTES)
    monkeypatch.chdir(tmp_path)


def run(text: str, *words: str) -> Result:
    Path("buckstop-tests.yaml").write_text(text)
    return CliRunner().invoke(root, ["test", *words])


def report(text: str, *words: str) -> dict[str, Any]:
    value = json.loads(run(text, "--format", "json", *words).stdout)
    assert isinstance(value, dict)
    return value


def test_expectations_that_are_met_exit_0() -> None:
    """Receivers, teams, mute times and inhibition, each as the routes have it."""
    result = run(MET)
    assert result.exit_code == 0, result.output
    assert result.stdout.count("✓ met") == 6
    assert "6 expectations: 6 met, 0 not met; no findings." in result.stdout


def test_each_part_that_differs_is_said() -> None:
    """One run shows all that is wrong about an alert, expected and got."""
    result = run(UNMET)
    assert result.exit_code == 1
    assert (
        "receivers: expected sre-pager, ops, got sre-chat; team: expected data, got sre; "
        "muted: expected true, got false; inhibited: expected true, got false"
    ) in result.stdout
    assert "buckstop-tests.yaml:2" in result.stdout


def test_json_has_every_expectation_and_points_at_what_is_not_met() -> None:
    """A script knows what was told instead, and an editor where to look."""
    value = report(UNMET)
    assert value["summary"] == {"expectations": 1, "met": 0, "not_met": 1, "errors": 0}
    (one,) = value["expectations"]
    assert (one["name"], one["met"], one["receivers"]) == ("all wrong", False, ["sre-chat"])
    assert (one["team"], one["muted"], one["inhibited_by"]) == ("sre", False, None)
    places = [(found["code"], found["line"]) for found in value["diagnostics"]]
    assert places == [("expectation-unmet", line) for line in (6, 7, 8, 9)]
    assert value["coverage"] is None


def test_what_nothing_reaches_is_named_at_its_line() -> None:
    """A route that no expectation speaks of may change unseen."""
    result = run(MET, "--coverage")
    assert result.exit_code == 0
    assert (
        "Reached: 3 of 4 (75 %) of the routes, 3 of 4 (75 %) of their receivers." in result.stdout
    )
    assert 'not reached: alertmanager.yml:10 team="data" → data-chat' in result.stdout
    assert "not told: data-chat" in result.stdout
    coverage = report(MET, "--coverage")["coverage"]
    assert (coverage["routes"], coverage["routes_reached"]) == (4, 3)
    assert [(one["receiver"], one["line"]) for one in coverage["routes_missed"]] == [
        ("data-chat", 10)
    ]


def test_a_route_above_the_one_taken_is_reached() -> None:
    """Whoever tests a leaf has walked through its parents; their receivers are told nothing."""
    only = MET[: MET.index("- name: what names")].replace("team: sre}\n  expect", "team: sre,"
        " severity: minor}\n  expect").replace("[sre-pager]", "[sre-chat]")  # fmt: skip
    coverage = report(only, "--coverage")["coverage"]
    assert coverage["routes_reached"] == 3
    assert coverage["receivers_reached"] == ["sre-chat"]


def test_too_little_coverage_fails() -> None:
    """Three of four routes are exactly 75 per cent, and not a hair more."""
    assert run(MET, "--fail-under", "75").exit_code == 0
    result = run(MET, "--fail-under", "75.1")
    assert result.exit_code == 1
    assert "less than the 75.1 % of the routes" in result.stdout


def test_names_that_there_are_none_of_are_errors_with_the_nearest() -> None:
    """A misspelt receiver is told apart from a route that leads elsewhere."""
    text = MET.replace("[sre-pager], team: sre", "[sre-pagr], team: srre")
    value = report(text)
    unknown = [one for one in value["diagnostics"] if one["code"] == "expectation-name-unknown"]
    assert [(one["line"], one["hint"]) for one in unknown] == [
        (4, "did you mean 'sre-pager'?"),
        (4, "did you mean 'sre'?"),
    ]
    assert run(text).exit_code == 1


@pytest.mark.parametrize(
    ("item", "code", "said"),
    [
        ("{labels: {}, expect: {team: sre}}", "expectation-invalid", "needs 'name'"),
        ("{name: a, expect: {team: sre}}", "expectation-invalid", "needs 'labels'"),
        ("{name: a, labels: {}}", "expectation-invalid", "needs 'expect'"),
        ("{name: a, labels: {}, expect: {}}", "expectation-invalid", "nothing is expected"),
        ("{name: a, labels: {}, expect: {muted: no}}", "expectation-invalid", "depends on"),
        ("{name: a, labels: {}, at: noon, expect: {team: b}}", "expectation-invalid", "is no time"),
        ("{name: a, label: {}, expect: {team: b}}", "key-unknown", "has no field 'label'"),
        ("{name: a, labels: {}, expect: {reciever: b}}", "key-unknown", "no field 'reciever'"),
        ("{name: a, labels: {}, expect: {receivers: b}}", "type-wrong", "a list of receivers"),
        ("{name: a, labels: {}, expect: {team: [b]}}", "type-wrong", "the name of a team"),
        ("{name: a, labels: {b: [c]}, expect: {team: b}}", "type-wrong", "text for 'b'"),
        ("{name: a, labels: {}, firing: [b], expect: {team: b}}", "type-wrong", "alert that fires"),
        ("just text", "type-wrong", "an expectation"),
    ],
)  # fmt: skip
def test_a_slip_is_placed_and_its_expectation_not_tried(item: str, code: str, said: str) -> None:
    """A file with one slip still has its other expectations tried, and fails."""
    good = "- {name: good, labels: {}, expect: {receivers: [ops]}}"
    text = f"expectations:\n- {item}\n{good}\n"
    read, found = read_expectations(text, "f.yaml")
    assert [one.name for one in read] == ["good"]
    assert code in [one.code.name for one in found]
    assert said in " ".join(one.message for one in found)
    assert all(one.span is not None and one.span.line == 2 for one in found)
    result = run(text)
    assert result.exit_code == 1
    assert "1 expectation: 1 met" in result.stdout


def test_a_charter_is_tried_before_it_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """The routes are those that it compiles to; the file beside it is no part of it."""
    text = (
        "expectations:\n- name: drift\n  labels: {accountable_team: data_mlops, severity: major,"
        " alertname: ModelDriftHigh, fault: drift}\n  expect: {team: data_mlops}\n"
    )
    Path("alertmanager.yml").unlink()
    for file in CHARTER.glob("*.yaml"):
        Path(file.name).write_text(file.read_text())
    result = run(text)
    assert result.exit_code == 0, result.output
    checked = CliRunner().invoke(root, ["check", "."])
    assert checked.exit_code == 0
    assert "buckstop-tests.yaml" not in checked.output
    built = CliRunner().invoke(root, ["build", ".", "-o", "../built"])
    assert built.exit_code == 0
    monkeypatch.chdir("..")
    Path("built").rename("folder-of-build")
    Path("only").mkdir()
    Path("folder-of-build").rename("only/build")
    monkeypatch.chdir("only")
    assert run(text).exit_code == 0


def test_many_expectations_show_what_is_not_met() -> None:
    """A hundred lines that say "met" help nobody; `-v` has them."""
    good = "- {name: good, labels: {}, expect: {receivers: [ops]}}\n"
    text = UNMET + good * 40
    assert run(text).stdout.count("✓ met") == 0
    assert run(text, "-v").stdout.count("✓ met") == 40
    assert run(MET, "-q").stdout == "6 expectations: 6 met, 0 not met; no findings.\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("alertmanager.yml",), "no expectations found in alertmanager.yml"),
        (("buckstop-tests.yaml",), "no alertmanager.yml and no charter found"),
        (("gone",), "gone does not exist"),
        (("--fail-under", "101"), "101"),
    ],
)
def test_what_cannot_run_exits_2(words: tuple[str, ...], said: str) -> None:
    """A pipeline that tries nothing does not pass."""
    result = run(MET, *words)
    assert result.exit_code == 2
    assert said in result.output


def test_routes_with_errors_exit_1_and_say_them() -> None:
    """Expectations are not tried on routes that no server loads."""
    Path("alertmanager.yml").write_text("route: {receiver: a\nreceivers: []\n")
    result = run(MET)
    assert result.exit_code == 1
    assert "yaml-syntax" in result.output


def test_a_suite_of_great_expectations_is_none_of_ours() -> None:
    """Data tests in the same repository have the same key, and are left alone."""
    Path("suite.yaml").write_text("expectation_suite_name: a\nexpectations: [{x: y}]\n")
    assert run(MET).exit_code == 0
