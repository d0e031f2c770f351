"""Starts all that the demo consists of, and ends it again.

Every process is a child that cannot outlive the demo, every port is free and on loopback, every
file lies in one folder.
"""

from __future__ import annotations

import re
import secrets
import sys
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
from buckstop.demo.plan import compile_charter, prometheus_config
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
LABEL_DELAY_SECONDS: Final = 2.0
WINDOW_SECONDS: Final = 8.0
EVALUATION_INTERVAL_SECONDS: Final = 0.5
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
        ledger = _ledger(folder, alertmanager.url, ledger_port)
        stack.callback(ledger.close)
        with ThreadPoolExecutor(1) as starting:
            # The ledger needs nothing of the model: it starts while the model is trained.
            ledger_started = starting.submit(ledger.start)
            progress("training the credit model")
            trained = model.train()
            model.save(trained, folder)
            ledger_started.result()
        progress(f"trained: AUC {trained.auc:.3f} on held-out applicants; starting the servers")

        service = _service(folder)
        evaluation = _evaluation(folder)
        stack.callback(evaluation.close)
        stack.callback(service.close)
        _start_all((service, evaluation))
        prometheus = stack.enter_context(
            _prometheus(
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


def _python(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *(str(argument) for argument in arguments)]


def _service(folder: Path) -> Listener:
    return Listener(
        "Model service",
        lambda port: _python(
            "buckstop.demo.service",
            *("--port", port),
            *("--model", folder),
            *("--journal", folder / "predictions.jsonl"),
        ),
        ready_path="/metrics",
        folder=folder / "logs",
    )


def _evaluation(folder: Path) -> Listener:
    return Listener(
        "Evaluation job",
        lambda port: _python(
            "buckstop.demo.evaluation_job",
            *("--port", port),
            *("--model", folder),
            *("--predictions", folder / "predictions.jsonl"),
            *("--labels", folder / "labels.jsonl"),
            *("--window-seconds", WINDOW_SECONDS),
            *("--label-delay-seconds", LABEL_DELAY_SECONDS),
            *("--interval-seconds", EVALUATION_INTERVAL_SECONDS),
        ),
        ready_path="/metrics",
        folder=folder / "logs",
    )


def _ledger(folder: Path, alertmanager_url: str, port: int) -> Listener:
    return Listener(
        "Ledger",
        lambda port: _python(
            "buckstop",
            "serve",
            *("--build", folder / "build"),
            *("--alertmanager", alertmanager_url),
            *("--listen", f"127.0.0.1:{port}"),
            *("--store", folder / "ledger.sqlite"),
        ),
        ready_path="/api/v1/health",
        folder=folder / "logs",
        port=port,
    )


def _prometheus(
    installation: Installation,
    folder: Path,
    wiring: str,
    alertmanager: Alertmanager,
    jobs: dict[str, Listener],
) -> Prometheus:
    """Prometheus without rules: they are loaded when the windows are full.

    A rule that judges a window of two seconds would page somebody for want of samples.
    """
    port = free_port()  # it watches itself too, so its configuration names its address
    config = prometheus_config(
        wiring,
        alertmanager=f"127.0.0.1:{alertmanager.port}",
        prometheus=f"127.0.0.1:{port}",
        jobs={job: f"127.0.0.1:{listener.port}" for job, listener in jobs.items()},
    )
    return Prometheus(installation, config, folder=folder / "prometheus", port=port)


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
