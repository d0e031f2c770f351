"""What ``prometheus.yml`` needs so that the rules run and the alerts arrive."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from buckstop.alertmanager.copies import RESERVED_PREFIX
from buckstop.charter.model import Charter, Ledger
from buckstop.compiler.routes import reroutes
from buckstop.compiler.targets import Targets, secret_path
from buckstop.document import Emittable
from buckstop.prometheus import format_duration

FEED_PREFIX: Final = "/feed/prometheus"
"""Where the ledger takes this Prometheus's alerts; the last part names the Prometheus."""
ALERTS_PATH: Final = "/api/v2/alerts"
LEDGER_JOB: Final = "buckstop"
LEDGER_TIMEOUT: Final = "1s"
"""Prometheus waits for its slowest target before the next batch: an observer must not hold it."""

ALERTMANAGER_TARGET: Final = "localhost:9093"
PROMETHEUS_TARGET: Final = "localhost:9090"
"""Where they listen unless told otherwise; the charter does not say where servers are."""

HEADER: Final = """What prometheus.yml needs beside the jobs that scrape your models: copy it
over, or use it as it is. Put your Alertmanager's and this Prometheus's address in place of
localhost."""


def wiring(charter: Charter, targets: Targets) -> Emittable:
    """A ``prometheus.yml`` with nothing in it but what the build needs."""
    defaults = charter.defaults
    receivers: list[Emittable] = [{"static_configs": [{"targets": [ALERTMANAGER_TARGET]}]}]
    jobs: list[Emittable] = [
        {"job_name": "prometheus", "static_configs": [{"targets": [PROMETHEUS_TARGET]}]}
    ]
    if charter.ledger is not None:
        receivers.append(_feed(charter.ledger, targets))
        jobs.append(_ledger_job(charter.ledger, targets))
    return {
        "global": {
            "scrape_interval": format_duration(defaults.scrape_interval_seconds),
            "evaluation_interval": format_duration(defaults.evaluation_interval_seconds),
        },
        "rule_files": ["rules/*.yml"],
        "alerting": {**_relabelling(charter), "alertmanagers": receivers},
        "scrape_configs": jobs,
    }


def feed_url(ledger: Ledger) -> str:
    """The ledger's feed as Prometheus names it in the label ``alertmanager`` of its metrics."""
    parts = urlsplit(ledger.url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}{FEED_PREFIX}{ALERTS_PATH}"


def _feed(ledger: Ledger, targets: Targets) -> Emittable:
    parts = urlsplit(ledger.url)
    return {
        "scheme": parts.scheme,
        "path_prefix": parts.path + FEED_PREFIX,
        "timeout": LEDGER_TIMEOUT,
        **_authorization(ledger, targets),
        "static_configs": [{"targets": [parts.netloc]}],
    }


def _relabelling(charter: Charter) -> dict[str, Emittable]:
    """No rule may emit what would pass for the ledger's copy of an alert."""
    if not reroutes(charter):
        return {}
    return {"alert_relabel_configs": [{"action": "labeldrop", "regex": f"{RESERVED_PREFIX}.*"}]}


def _ledger_job(ledger: Ledger, targets: Targets) -> Emittable:
    parts = urlsplit(ledger.url)
    return {
        "job_name": LEDGER_JOB,
        "scheme": parts.scheme,
        "metrics_path": f"{parts.path}/metrics",
        **_authorization(ledger, targets),
        "static_configs": [{"targets": [parts.netloc]}],
    }


def _authorization(ledger: Ledger, targets: Targets) -> dict[str, Emittable]:
    if ledger.token is None:
        return {}
    return {"authorization": {"credentials_file": secret_path(ledger.token, targets)}}
