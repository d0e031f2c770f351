"""A small company for the ledger's tests: its build, alerts as they are posted, a still clock."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from buckstop.compiler import write_manifest
from buckstop.compiler.manifest import (
    Authority,
    Manifest,
    ManifestAlert,
    ManifestMatch,
    ManifestReceiver,
    ManifestTeam,
)

START = datetime(2030, 1, 31, 12, 0, tzinfo=UTC)

ROUTES = """\
route:
  receiver: default_ops
  group_by: [accountable_team, model, severity, fault, alertname]
  group_wait: 1s
  group_interval: 1s
  routes:
    - receiver: buckstop-ledger
      continue: true
      group_by: ['...']
      group_wait: 0s
      group_interval: 1s
    - receiver: not-accountable
      matchers: [alertname="Watchdog"]
    - receiver: data_mlops
      matchers: [namespace="payments"]
    - receiver: infra_sre
      matchers: [accountable_team="infra_sre"]
      routes:
        - receiver: infra_sre-critical
          matchers: [severity="critical"]
    - receiver: data_mlops
      matchers: [accountable_team="data_mlops"]
    - receiver: default_ops
receivers:
  - name: buckstop-ledger
  - name: not-accountable
  - name: infra_sre
  - name: infra_sre-critical
  - name: data_mlops
  - name: default_ops
"""

PEOPLE = ("maria@acme.example", "jo@acme.example")
"""Of Infrastructure SRE, as a charter names them: what is personal in the record."""

MANIFEST = Manifest(
    organization="Acme Lending",
    charter_digest="sha256:" + "ab" * 32,
    targets=(("alertmanager", "0.25"), ("prometheus", "2.42")),
    team_label="accountable_team",
    severities=("critical", "major", "minor"),
    incident_by=("accountable_team", "model", "fault"),
    teams=(
        ManifestTeam("infra_sre", "Infrastructure SRE", "maria", ("maria", "jo", *PEOPLE)),
        ManifestTeam("data_mlops", "Data & ML Operations", None, ("li", "jo")),
        ManifestTeam("default_ops", "Operations", "olga", ("olga", "sam")),
        ManifestTeam("data_engineering", "Data Engineering", None, ()),
    ),
    receivers=(
        ManifestReceiver("buckstop-ledger", None, "ledger"),
        ManifestReceiver("not-accountable", None, "not_accountable"),
        ManifestReceiver("infra_sre", "infra_sre", "accountable"),
        ManifestReceiver("infra_sre-critical", "infra_sre", "accountable"),
        ManifestReceiver("data_mlops", "data_mlops", "accountable"),
        ManifestReceiver("default_ops", "default_ops", "accountable"),
    ),
    alerts=(
        ManifestAlert(
            alert="ModelLatencyHigh",
            labels=(
                ("alertname", "ModelLatencyHigh"),
                ("accountable_team", "infra_sre"),
                ("model", "credit"),
                ("severity", "critical"),
                ("fault", "latency"),
            ),
            team="infra_sre",
            inform=(),
            authority=Authority("charter.yaml", 23, "when fault=latency: accountable infra_sre"),
            rule_file="prometheus/rules/credit.yml",
            slo="p95",
        ),
    ),
    existing=(
        ManifestMatch(
            (("alertname", "Watchdog"),),
            None,
            "dead man's switch",
            Authority("charter.yaml", 40, "alertname=Watchdog: not accountable"),
        ),
        ManifestMatch(
            (("namespace", "payments"),),
            "data_mlops",
            None,
            Authority("charter.yaml", 41, "namespace=payments: accountable data_mlops"),
        ),
    ),
    default_team="default_ops",
    default_authority=Authority("charter.yaml", 30, "otherwise: accountable default_ops"),
)


def write_build(folder: Path, manifest: Manifest = MANIFEST, routes: str = ROUTES) -> Path:
    """A build folder as the compiler would leave it."""
    (folder / "alertmanager").mkdir(parents=True, exist_ok=True)
    (folder / "accountability.json").write_text(write_manifest(manifest), encoding="utf-8")
    (folder / "alertmanager" / "alertmanager.yml").write_text(routes, encoding="utf-8")
    return folder


@dataclass
class Clock:
    """A clock that moves only when told to."""

    now: datetime = field(default=START)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.now += timedelta(seconds=seconds)


def labels(alertname: str = "ModelLatencyHigh", **changes: str) -> dict[str, str]:
    """An alert's labels; the default is one that the charter knows."""
    standard = {
        "alertname": alertname,
        "accountable_team": "infra_sre",
        "model": "credit",
        "severity": "critical",
        "fault": "latency",
    }
    return {name: value for name, value in {**standard, **changes}.items() if value != ""}


def feed_alert(
    carried: dict[str, str],
    now: datetime,
    *,
    started_seconds_ago: float = 10,
    ended_seconds_ago: float | None = None,
    annotations: dict[str, str] | None = None,
) -> dict[str, Any]:
    """An alert as Prometheus posts it: firing with a lease of four minutes, or resolved."""
    ends_in = 240.0 if ended_seconds_ago is None else -ended_seconds_ago
    return {
        "labels": carried,
        "annotations": annotations or {"summary": "p95 is 812ms, promised <= 500ms"},
        "startsAt": (now - timedelta(seconds=started_seconds_ago)).isoformat(),
        "endsAt": (now + timedelta(seconds=ends_in)).isoformat(),
        "generatorURL": "http://prometheus.example:9090/graph?g0.expr=1",
    }


def webhook(*alerts: dict[str, Any], status: str = "firing") -> dict[str, Any]:
    """A notification as Alertmanager posts it; each alert firing unless it says otherwise."""
    return {
        "version": "4",
        "groupKey": "{}:{}",
        "truncatedAlerts": 0,
        "status": status,
        "receiver": "buckstop-ledger",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example:9093",
        "alerts": [{"status": status, **alert} for alert in alerts],
    }


def encoded(value: object) -> bytes:
    """`value` as a request's body."""
    return json.dumps(value).encode()
