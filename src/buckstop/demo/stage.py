"""Starts all that the demo consists of, and ends it again.

Every process is a child that cannot outlive the demo, every port is free and on loopback, every
file lies in one folder.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from buckstop.charter.series import SLI_LABELLED, SLI_SAMPLES
from buckstop.demo import model
from buckstop.demo.breaks import FLIPPED_SHARE, INCOME_LOG_SHIFT, SLOW_SECONDS, Break
from buckstop.demo.pagers import Pager
from buckstop.demo.pages import accept_pagerduty, accept_slack
from buckstop.demo.plan import compile_charter
from buckstop.demo.processes import (
    LABEL_DELAY_SECONDS,
    WINDOW_SECONDS,
    evaluation_job,
    ledger_server,
    model_service,
    prometheus_server,
)
from buckstop.demo.traffic import Traffic
from buckstop.servers import (
    Alertmanager,
    Installation,
    Listener,
    Prometheus,
    await_until,
    free_port,
)

REQUESTS_PER_SECOND: Final = 40.0
WARM_SHARE: Final = 0.75
"""Of a full window: with so many samples the rules have something to judge."""
WARM_TIMEOUT_SECONDS: Final = 60.0
TRAFFIC_SEED: Final = 7
PAGERDUTY_SERVICES: Final = {"pagerduty_infra": "infra_sre"}
"""Name of the routing key's file to the PagerDuty service it belongs to."""
SLACK_CHANNELS: Final = frozenset(
    {"#infra-sre", "#mlops-data-drift", "#data-engineering", "#credit-models", "#unhandled-alerts"}
)


@dataclass(frozen=True, slots=True)
class Stage:
    """All that runs. `make` and `heal` act on the model.

    Attributes:
        shortened: what of the charter is shorter than in production, in words.
    """

    service: Listener
    evaluation: Listener
    ledger: Listener
    prometheus: Prometheus
    alertmanager: Alertmanager
    pagerduty: Pager
    slack: Pager
    traffic: Traffic
    shortened: str

    @property
    def pagers(self) -> tuple[Pager, ...]:
        """Both stand-ins."""
        return (self.pagerduty, self.slack)

    def make(self, wanted: Break) -> None:
        """Break the model."""
        match wanted.name:
            case "latency":
                self._slow_down(SLOW_SECONDS)
            case "drift":
                self.traffic.world = replace(self.traffic.world, income_log_shift=INCOME_LOG_SHIFT)
            case "quality":
                self.traffic.world = replace(self.traffic.world, flipped_share=FLIPPED_SHARE)
            case "outage":
                self.service.kill()

    def heal(self, made: Break) -> None:
        """Take the cause away."""
        match made.name:
            case "latency":
                self._slow_down(0.0)
            case "drift":
                self.traffic.world = replace(self.traffic.world, income_log_shift=0.0)
            case "quality":
                self.traffic.world = replace(self.traffic.world, flipped_share=0.0)
            case "outage":
                self.service.start()

    def _slow_down(self, delay_seconds: float) -> None:
        answer = self.service.http.post(
            f"{self.service.url}/break", json={"delay_seconds": delay_seconds}
        )
        answer.raise_for_status()


@contextmanager
def open_stage(
    installation: Installation,
    folder: Path,
    *,
    ledger_port: int | None,
    progress: Callable[[str], None],
) -> Iterator[Stage]:
    """Start everything under `folder`, yield it running and warm, and end it.

    Raises:
        ServerFailed: if one of the processes does not start; the text ends with its log.
        NotInTime: if the windows do not fill.
        CharterRefused: if the demo's charter does not compile.
    """
    keys = {name: secrets.token_hex(16) for name in PAGERDUTY_SERVICES}
    webhook_path = f"/services/T0DEMO/B0DEMO/{secrets.token_urlsafe(18)}"
    services = {keys[name]: service for name, service in PAGERDUTY_SERVICES.items()}
    with ExitStack() as stack:
        pagerduty = stack.enter_context(
            Pager("PagerDuty", partial(accept_pagerduty, services=services))
        )
        slack = stack.enter_context(
            Pager(
                "Slack",
                partial(accept_slack, webhook_path=webhook_path, channels=SLACK_CHANNELS),
            )
        )
        secrets_folder = folder / "secrets"
        _write_secrets(secrets_folder, keys | {"slack_url": f"{slack.url}{webhook_path}"})
        ledger_port = free_port() if ledger_port is None else ledger_port

        progress("compiling the charter")
        plan = compile_charter(
            folder / "charter",
            installation,
            ledger_url=f"http://127.0.0.1:{ledger_port}",
            pagerduty_url=pagerduty.url,
            secrets_folder=secrets_folder,
            today=datetime.now(UTC).date(),
        )
        plan.write(folder / "build")
        alertmanager = stack.enter_context(
            Alertmanager(
                installation, plan.alertmanager, plan.templates, folder=folder / "alertmanager"
            )
        )
        ledger = ledger_server(folder, alertmanager.url, ledger_port)
        stack.callback(ledger.close)
        with ThreadPoolExecutor(1) as starting:
            # The ledger needs nothing of the model: it starts while the model is trained.
            ledger_started = starting.submit(ledger.start)
            progress("training the credit model")
            trained = model.train()
            model.save(trained, folder)
            ledger_started.result()
        progress(f"trained: AUC {trained.auc:.3f} on held-out applicants; starting the servers")

        service = model_service(folder)
        evaluation = evaluation_job(folder)
        stack.callback(evaluation.close)
        stack.callback(service.close)
        _start_all((service, evaluation))
        prometheus = stack.enter_context(
            prometheus_server(
                installation,
                folder,
                plan.wiring,
                alertmanager,
                {"model-serving": service, "model-evaluation": evaluation},
            )
        )
        traffic = stack.enter_context(
            Traffic(
                service.url,
                folder / "labels.jsonl",
                rate_per_second=REQUESTS_PER_SECOND,
                label_delay_seconds=LABEL_DELAY_SECONDS,
                seed=TRAFFIC_SEED,
            )
        )
        progress("applicants are asking; waiting until the windows are full")
        _await_warm(evaluation)
        prometheus.reload(rules=plan.rules)
        try:
            yield Stage(
                service,
                evaluation,
                ledger,
                prometheus,
                alertmanager,
                pagerduty,
                slack,
                traffic,
                plan.shortened,
            )
        finally:
            progress("stopping what was started")


def _write_secrets(folder: Path, values: dict[str, str]) -> None:
    folder.mkdir(mode=0o700)
    for name, value in values.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(value, encoding="utf-8")


def _start_all(listeners: Sequence[Listener]) -> None:
    with ThreadPoolExecutor(len(listeners)) as starting:
        for started in [starting.submit(listener.start) for listener in listeners]:
            started.result()


def _await_warm(evaluation: Listener) -> None:
    full = WINDOW_SECONDS * REQUESTS_PER_SECOND * WARM_SHARE

    def warm() -> bool:
        metrics = evaluation.http.get(f"{evaluation.url}/metrics").text
        return min(_least(SLI_SAMPLES, metrics), _least(SLI_LABELLED, metrics)) >= full

    await_until(warm, WARM_TIMEOUT_SECONDS, "full windows of predictions and labels")


def _least(name: str, metrics: str) -> float:
    """The smallest value of the series `name`; 0 where there is none."""
    values = re.findall(rf"^{name}{{[^}}]*}} (\S+)$", metrics, re.MULTILINE)
    return min(map(float, values), default=0.0)
