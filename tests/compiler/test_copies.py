"""The route of copies: where an alert goes that another team has taken over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from tests.compiler.charters import FULL, TODAY, alertmanager_of, charter_of
from tests.compiler.test_routes import BY_SEVERITY, receivers, router_of

from buckstop import servers
from buckstop.alertmanager.copies import COPY_LABEL, COPY_MARK, INCIDENT_LABEL, SEQUENCE_LABEL
from buckstop.charter import Charter, load
from buckstop.charter.model import Handover, Reroute
from buckstop.compiler import Build, Targets, build

COPY = {COPY_LABEL: COPY_MARK, INCIDENT_LABEL: "17", SEQUENCE_LABEL: "1"}
WIRING = "prometheus/prometheus.wiring.yml"


def rerouting(charter: Charter, reroute: Reroute = "on") -> Build:
    """The build of `charter` that has accepted handovers led to the new team."""
    assert charter.ledger is not None
    ledger = replace(charter.ledger, handover=Handover(reroute=reroute))
    made = build(replace(charter, ledger=ledger), Targets())
    assert made.files, made.diagnostics
    return made


def full_charter() -> Charter:
    charter = load(FULL / "charter", TODAY).charter
    assert charter is not None
    return charter


def wiring_of(made: Build) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(made.files[WIRING])
    return found


def test_a_copy_goes_to_the_team_in_its_label_alone() -> None:
    """Whatever entry, informed team or other route its further labels would lead it to."""
    made = rerouting(full_charter())
    for alert in made.manifest.alerts:
        for team in made.manifest.teams:
            labels = dict(alert.labels) | COPY | {"accountable_team": team.id}
            severe = f"{team.id}-{labels['severity']}"
            known = {receiver.name for receiver in made.manifest.receivers}
            expected = severe if severe in known else team.id
            assert receivers(made, **labels) == ["buckstop-ledger", expected]


def test_a_copy_of_an_existing_alert_does_not_fall_to_its_entry() -> None:
    """An entry that decides alone would send the copy back to the team that gave it away."""
    made = rerouting(charter_of(BY_SEVERITY))
    nagios = {"alertname": "Nagios", "accountable_team": "night"}
    assert receivers(made, **nagios) != receivers(made, **nagios, **COPY)
    assert receivers(made, **nagios, **COPY) == ["buckstop-ledger", "night"]
    severe = {**nagios, "accountable_team": "day", "severity": "critical"}
    assert receivers(made, **severe, **COPY) == ["buckstop-ledger", "day-critical"]


def test_a_copy_for_a_team_that_is_no_more_reaches_the_default_team() -> None:
    """The charter may have changed since: somebody is told all the same."""
    made = rerouting(charter_of(BY_SEVERITY))
    gone = {"alertname": "Slow", "accountable_team": "gone", **COPY}
    assert receivers(made, **gone) == ["buckstop-ledger", "rest"]


def test_a_handover_is_one_notification_at_once_and_repeats_within_the_hour() -> None:
    """Whatever the company waits for otherwise; falling back to a team is never silent for long."""
    charter = full_charter()
    slow = replace(charter.defaults, repeat_interval_seconds=12 * 3600.0)
    made = rerouting(replace(charter, defaults=slow))
    labels = {**dict(made.manifest.alerts[0].labels), **COPY}
    options = router_of(made).route(labels)[-1].options
    assert options.group_by == (INCIDENT_LABEL, SEQUENCE_LABEL)
    assert options.group_wait_seconds == 0
    plain = router_of(made).route(dict(made.manifest.alerts[0].labels))[-1].options
    assert options.repeat_interval_seconds == plain.repeat_interval_seconds == 3600


def test_nothing_is_added_where_handovers_are_only_recorded() -> None:
    """A charter that says `off` builds as it did before."""
    made = rerouting(full_charter(), "off")
    assert COPY_LABEL not in made.files["alertmanager/alertmanager.yml"]
    assert "alert_relabel_configs" not in wiring_of(made)["alerting"]
    assert made.files == build(full_charter(), Targets()).files


def test_no_rule_can_emit_what_passes_for_a_copy() -> None:
    """Prometheus drops the ledger's labels from whatever its rules send."""
    for reroute in ("dry-run", "on"):
        alerting = wiring_of(rerouting(full_charter(), reroute))["alerting"]
        assert alerting["alert_relabel_configs"] == [
            {"action": "labeldrop", "regex": "buckstop_.*"}
        ]


@pytest.mark.servers
def test_all_releases_take_the_build(each_installation: servers.Installation) -> None:
    """amtool and promtool load what a charter with `reroute: on` builds, and route as we do."""
    made = rerouting(charter_of(BY_SEVERITY))
    with servers.Alertmanager(
        each_installation,
        made.files["alertmanager/alertmanager.yml"],
        {"templates/buckstop.tmpl": made.files["alertmanager/templates/buckstop.tmpl"]},
    ) as alertmanager:
        labels = {"alertname": "Nagios", "accountable_team": "night", **COPY}
        alertmanager.post_alerts([{"labels": labels}])
        (alert,) = alertmanager.alerts()
        assert [one["name"] for one in alert["receivers"]] == ["buckstop-ledger", "night"]
    assert alertmanager_of(made)["route"]["repeat_interval"] == "1h"
