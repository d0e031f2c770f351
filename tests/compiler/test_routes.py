"""Where built routes lead, by the concrete router; amtool confirms it of the golden build."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from tests.compiler.charters import (
    FULL,
    TEAMS,
    alertmanager_of,
    built,
    charter_of,
    charter_with,
    write,
)
from tests.compiler.test_golden import build_of

from buckstop import servers
from buckstop.alertmanager import Router, read
from buckstop.compiler import Build
from buckstop.compiler.manifest import ManifestAlert

BY_SEVERITY = """
version: 1
severities: [critical, major]
teams:
  day: {notify: {critical: [{webhook: {url: "http://h/page"}}], default: [{webhook: {url: "http://h/d"}}]}}
  night: {notify: {default: [{webhook: {url: "http://h/n"}}]}}
  watchers: {notify: {default: [{webhook: {url: "http://h/w"}}]}}
  rest: {notify: {critical: [{webhook: {url: "http://h/rp"}}], default: [{webhook: {url: "http://h/r"}}]}}
accountability:
  - {when: {fault: latency}, accountable: day, inform: [watchers]}
  - {when: {fault: latency, severity: critical}, accountable: night}
  - {otherwise: true, accountable: rest}
alerts:
  - {match: {alertname: Slow}, fault: latency, inform: [rest]}
  - {match: {alertname: Nagios}, accountable: day, inform: [watchers]}
  - {match: {alertname: Watchdog}, not_accountable: "dead man's switch"}
  - {match: {alertname: Slow, severity: major}, accountable: rest}
"""


def router_of(made: Build) -> Router:
    config, found = read(made.files["alertmanager/alertmanager.yml"], "alertmanager.yml")
    assert config is not None, found
    return Router(config)


def receivers(made: Build, **labels: str) -> list[str]:
    return [match.receiver for match in router_of(made).route(labels)]


def expected_receivers(made: Build, alert: ManifestAlert) -> list[str]:
    """What the manifest and the names of receivers say of an alert, without any route."""
    names = {receiver.name for receiver in made.manifest.receivers}
    severe = f"{alert.team}-{dict(alert.labels)['severity']}"
    return [
        "buckstop-ledger",
        *sorted(f"{team}-inform" for team in alert.inform),
        severe if severe in names else alert.team,
    ]


def test_every_generated_alert_reaches_its_team_and_those_informed() -> None:
    """The routes say what the decision table says, alert by alert."""
    made = build_of(FULL)
    router = router_of(made)
    for alert in made.manifest.alerts:
        reached = [match.receiver for match in router.route(dict(alert.labels))]
        assert [reached[0], *sorted(reached[1:-1]), reached[-1]] == expected_receivers(made, alert)


@pytest.mark.servers
def test_amtool_walks_the_routes_alike(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """The original router agrees, for one alert of each team, severity and fault."""
    made = build_of(FULL)
    config = write(made, tmp_path) / "alertmanager/alertmanager.yml"
    kinds: dict[tuple[str, str, str], dict[str, str]] = {}
    for alert in made.manifest.alerts:
        labels = dict(alert.labels)
        kinds.setdefault((alert.team, labels["severity"], labels["fault"]), labels)
    samples = [
        *kinds.values(),
        {"accountable_team": "Infra_SRE", "severity": "critical"},
        {"alertname": "Watchdog"},
        {"alertname": "ChurnSlow", "severity": "minor"},
        {"namespace": "payments", "team": 'a "b"'},
        {},
    ]
    router = router_of(made)
    for labels in samples:
        assert servers.route_test(each_installation, config, labels) == [
            match.receiver for match in router.route(labels)
        ], labels


@pytest.mark.parametrize(
    ("labels", "answer"),
    [
        ({"accountable_team": "Infra_SRE"}, "rest"),
        ({"accountable_team": "Day", "severity": "critical"}, "rest-critical"),
        ({"severity": "catastrophic"}, "rest"),
        ({}, "rest"),
        ({"accountable_team": "day", "severity": "critical"}, "day-critical"),
        ({"accountable_team": "day", "severity": "Critical"}, "day"),
        ({"accountable_team": "night", "severity": "critical"}, "night"),
    ],
)
def test_alerts_that_nobody_foresaw_still_page_somebody(
    labels: dict[str, str], answer: str
) -> None:
    """A misspelt team, an undeclared severity and no label at all reach the default team."""
    assert receivers(built(charter_of(BY_SEVERITY)), **labels) == ["buckstop-ledger", answer]


@pytest.mark.parametrize(
    ("labels", "reached"),
    [
        ({"alertname": "Slow", "severity": "major"}, ["watchers-inform", "rest-inform", "day"]),
        ({"alertname": "Slow", "severity": "critical"}, ["rest-inform", "night"]),
        ({"alertname": "Slow"}, ["watchers-inform", "rest-inform", "day"]),
        ({"alertname": "Nagios", "severity": "critical"}, ["watchers-inform", "day-critical"]),
        ({"alertname": "Nagios"}, ["watchers-inform", "day"]),
        ({"alertname": "Watchdog", "severity": "critical"}, ["not-accountable"]),
    ],
)
def test_existing_alerts_go_where_their_entry_says(
    labels: dict[str, str], reached: list[str]
) -> None:
    """An entry with a fault is decided by the table severity by severity, those informed too."""
    assert receivers(built(charter_of(BY_SEVERITY)), **labels) == ["buckstop-ledger", *reached]


def test_manifest_says_of_existing_alerts_what_the_routes_do() -> None:
    """The ledger's owner and the receiver that is paged never differ."""
    made = built(charter_of(BY_SEVERITY))
    owners = {receiver.name: receiver for receiver in made.manifest.receivers}
    names, severities = ["Slow", "Nagios", "Watchdog"], ["critical", "major", "odd", ""]
    for name, severity in itertools.product(names, severities):
        labels = {"alertname": name, "severity": severity}
        first = next(
            entry for entry in made.manifest.existing if set(entry.match) <= set(labels.items())
        )
        paged = [
            owners[receiver].team
            for receiver in receivers(made, **labels)
            if owners[receiver].role in {"accountable", "not_accountable"}
        ]
        assert paged == [first.team], labels


def test_team_is_informed_of_the_models_that_its_row_names_and_no_others() -> None:
    """A row about risky models informs of those alone."""
    made = built(
        charter_of(
            TEAMS.replace(
                "  - {otherwise",
                "  - {when: {fault: quality, risk: high}, accountable: default_ops, "
                "inform: [data_mlops]}\n  - {otherwise",
            )
            + """
severities: [critical, minor]
models:
  safe: {risk: low, slos: [{sli: auc, objective: ">= 0.8", severity: minor}]}
  risky.1: {risk: high, slos: [{sli: auc, objective: ">= 0.8", severity: minor}]}
  risky2:
    risk: high
    slos:
      - {sli: auc, objective: ">= 0.8", severity: minor}
      - {name: worse, sli: auc, objective: ">= 0.6", severity: critical}
"""
        )
    )
    informed = [
        route["matchers"]
        for route in alertmanager_of(made)["route"]["routes"]
        if route["receiver"] == "data_mlops-inform"
    ]
    assert informed == [
        ['fault="quality"', 'severity="critical"', 'model=~".+"'],
        ['fault="quality"', 'severity="minor"', r'model=~"risky\\.1|risky2"'],
    ]
    told = ["buckstop-ledger", "data_mlops-inform", "default_ops"]
    labels = {"accountable_team": "default_ops", "fault": "quality", "severity": "minor"}
    assert receivers(made, **labels, model="risky.1") == told
    assert receivers(made, **labels, model="riskyX1") == ["buckstop-ledger", "default_ops"]
    assert receivers(made, **labels, model="safe") == ["buckstop-ledger", "default_ops"]


def test_no_ledger_means_no_observer_and_still_a_catch_all() -> None:
    """`ledger: none` builds routes, rules and wiring that know nothing of a ledger."""
    made = built(charter_with(AUC, more="ledger: none"))
    assert receivers(made, accountable_team="x") == ["default_ops"]
    assert "prometheus/rules/buckstop.yml" not in made.files
    assert all("ledger" not in text for path, text in made.files.items() if "yml" in path)


AUC = 'sli: auc, objective: ">= 0.85", severity: minor'


def test_groups_keep_teams_models_and_severities_apart() -> None:
    """One model's alert never hides in another's notification, as with the article's routes."""
    root = alertmanager_of(built(charter_with(AUC)))["route"]
    assert {"accountable_team", "model", "severity"} <= set(root["group_by"])
    assert root["routes"][0] == {
        "receiver": "buckstop-ledger",
        "continue": True,
        "group_by": ["..."],
        "group_wait": "0s",
        "group_interval": "10s",
        "repeat_interval": "1h",
    }


def test_those_whom_the_otherwise_row_informs_hear_of_unforeseen_alerts() -> None:
    """What nobody foresaw is told to the same teams as what falls to `otherwise` by the table."""
    text = BY_SEVERITY.replace(
        "accountable: rest}\nalerts", "accountable: rest, inform: [day]}\nalerts"
    )
    made = built(charter_of(text))
    reached = receivers(made, accountable_team="Infra_SRE", severity="critical")
    assert reached == ["buckstop-ledger", "day-inform", "rest-critical"]
