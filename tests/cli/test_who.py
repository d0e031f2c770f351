"""``buckstop who`` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.main import root

ROOT = Path(__file__).parents[2]
ARTICLE = ROOT / "tests" / "fixtures" / "article"
CHARTER = ROOT / "examples" / "article" / "charter"


def who(*words: str) -> Result:
    return CliRunner().invoke(root, ["who", *words])


def rules(*words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(who("--format", "json", *words).stdout)["rules"]
    return found


def test_a_hand_written_rule_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule, routes, who is told, who answers and why, the verdict and the time."""
    monkeypatch.chdir(ARTICLE)
    result = who("HighModelLatency")
    assert result.exit_code == 1
    assert result.stdout == (ARTICLE / "who.txt").read_text()


def test_a_generated_alert_cites_the_charters_line() -> None:
    """On what authority: the row that decides, where it stands."""
    result = who(str(CHARTER), "ModelDriftHigh")
    assert result.exit_code == 0, result.output
    row = next(
        number
        for number, line in enumerate((CHARTER / "charter.yaml").read_text().splitlines(), 1)
        if "fault: drift}, accountable" in line
    )
    assert f"because   {CHARTER.as_posix()}/charter.yaml:{row}: when fault=drift" in result.stdout
    assert "answers   data_mlops" in result.stdout
    assert "scrape and evaluation intervals: the charter" in result.stdout


def test_labels_narrow_down_which_rule_is_meant() -> None:
    """An alert name stands for every model; a label picks one."""
    every = rules(str(CHARTER), "ModelSliMissing")
    assert len(every) > 3
    drift = rules(str(CHARTER), "ModelSliMissing", "fault=drift")
    assert {rule["labels"]["fault"] for rule in drift} == {"drift"}
    assert len(drift) < len(every)


def test_a_label_that_the_series_carry_settles_what_is_not_decided(tmp_path: Path) -> None:
    """`zone=eu` on the command line is what one alert at hand carries."""
    (tmp_path / "rules.yml").write_text(
        "groups: [{name: g, interval: 10s, rules: "
        "[{alert: Slow, expr: up == 0, for: 15s, labels: {team: infra}}]}]\n"
    )
    (tmp_path / "alertmanager.yml").write_text(
        "route:\n  receiver: rest\n  routes:\n"
        "  - {matchers: ['team=\"infra\"', 'zone=\"eu\"'], receiver: infra, group_wait: 0s}\n"
        "receivers:\n- {name: rest}\n"
        "- {name: infra, webhook_configs: [{url: 'http://127.0.0.1/'}]}\n"
    )
    undecided = who(str(tmp_path), "Slow")
    assert undecided.exit_code == 1
    assert "not decided: label zone" in undecided.stdout
    (rule,) = rules(str(tmp_path), "Slow", "zone=eu")
    assert (rule["verdict"], rule["team"]) == ("proven", "infra")
    assert rule["routes"][0]["path"] == [0]
    assert rule["routes"][0]["group_wait"] == "0s"
    # The rule's group has an interval of its own: 60 s scrape, 10 s, 15 s rounded up to 20 s.
    assert rule["worst_case"]["new_group_seconds"] == 60 + 10 + 20
    assert rule["worst_case"]["intervals_from"] == "Prometheus's defaults, group g"


def test_a_label_that_no_alert_of_the_rule_has_is_said_to_be_left_out(tmp_path: Path) -> None:
    """An answer about an alert that cannot be is not taken for one about an alert that can."""
    (tmp_path / "rules.yml").write_text(
        "groups: [{name: g, rules: [{alert: Slow, expr: 'up{zone=\"eu\"} == 0', "
        "labels: {team: infra, cell: '{{ $labels.cell }}'}}]}]\n"
    )
    (tmp_path / "alertmanager.yml").write_text(
        "route:\n  receiver: rest\n  routes: [{matchers: ['cell=\"a\"'], receiver: infra}]\n"
        "receivers: [{name: rest}, {name: infra}]\n"
    )
    asked = (str(tmp_path), "Slow", "zone=us", "cell=a")
    assert "left out  zone=us: no alert of this rule can carry that" in who(*asked).stdout
    (rule,) = rules(*asked)
    assert rule["not_carried"] == {"zone": "us"}
    assert [route["path"] for route in rule["routes"]] == [[0]]


def test_intervals_come_from_a_prometheus_yml(tmp_path: Path) -> None:
    """Worst-case time is that of the user's own server where its configuration is given."""
    (tmp_path / "prometheus.yml").write_text(
        "global: {scrape_interval: 5s, evaluation_interval: 10s}\nrule_files: []\n"
    )
    (rule,) = rules(str(ARTICLE), str(tmp_path), "HighModelLatency")
    assert rule["worst_case"]["new_group_seconds"] == 5 + 10 + 300 + 30


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("HighModelLatncy",), "did you mean HighModelLatency?"),
        (("HighModelLatency", "severity=minor"), "its rule sets"),
        (("HighModelLatency", "SignificantDataDrift"), "one ALERT is asked for, found 2"),
        (("model_alerts.yml",), "one ALERT is asked for, found none"),
    ],
)
def test_an_alert_that_is_not_there_exits_2(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    """The nearest name is offered, and a path is never taken for an alert."""
    monkeypatch.chdir(ARTICLE)
    result = who(*words)
    assert result.exit_code == 2
    assert said in result.output


ENTRIES = """teams:
  infra: {notify: {default: [{webhook: {url: "http://pager.internal/infra"}}]}}
  data: {notify: {default: [{webhook: {url: "http://pager.internal/data"}}]}}
accountability:
- {when: {fault: latency, severity: critical}, accountable: infra}
- {otherwise: true, accountable: data}
alerts:
- {match: {alertname: Watchdog}, not_accountable: "dead man's switch"}
- {match: {namespace: payments}, accountable: data}
- {match: {alertname: ChurnSlow}, fault: latency}
"""


def test_an_alert_of_the_charter_whose_rule_was_not_given_is_answered(tmp_path: Path) -> None:
    """Team and line by the charter's entry, severity by severity, and what was not seen."""
    path = tmp_path / "charter.yaml"
    path.write_text(ENTRIES)
    result = who(str(path), "ChurnSlow")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == (
        "ChurnSlow  no rule file with it was given; the charter has an entry for it"
    )
    value = json.loads(who("--format", "json", str(path), "ChurnSlow").stdout)
    assert value["rules"] == []
    assert [
        (one["match"].get("severity"), one["team"], one["authority"]["line"], one["verdict"])
        for one in value["entries"]
    ] == [("critical", "infra", 5, "proven"), (None, "data", 6, "proven")]
    assert f"because   {path}:5: when fault=latency, severity=critical" in result.stdout
    critical = json.loads(
        who("--format", "json", str(path), "ChurnSlow", "severity=critical").stdout
    )
    assert [one["team"] for one in critical["entries"]] == ["infra"]


def test_an_entry_without_a_name_answers_by_the_labels_at_hand(tmp_path: Path) -> None:
    """The alert carries the entry's label; without it no entry takes the alert."""
    path = tmp_path / "charter.yaml"
    path.write_text(ENTRIES)
    value = json.loads(who("--format", "json", str(path), "Any", "namespace=payments").stdout)
    assert [one["team"] for one in value["entries"]] == ["data"]
    unknown = who(str(path), "ChurnSlo")
    assert unknown.exit_code == 2
    assert "did you mean ChurnSlow?" in unknown.output


def test_an_entry_for_which_nobody_answers_says_so(tmp_path: Path) -> None:
    """A dead man's switch has no owner, on purpose."""
    path = tmp_path / "charter.yaml"
    path.write_text(ENTRIES)
    result = who(str(path), "Watchdog")
    assert result.exit_code == 0
    assert "answers   nobody needs to" in result.stdout
    assert "dead man's switch" in result.stdout
