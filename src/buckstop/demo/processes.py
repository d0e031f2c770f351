"""The processes of the demo: each a command, its port and where its files lie."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from buckstop.demo.plan import prometheus_config
from buckstop.servers import Alertmanager, Installation, Listener, Prometheus, free_port

LABEL_DELAY_SECONDS: Final = 2.0
WINDOW_SECONDS: Final = 8.0
EVALUATION_INTERVAL_SECONDS: Final = 0.5


def _python(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *(str(argument) for argument in arguments)]


def model_service(folder: Path) -> Listener:
    """The model that was saved in `folder`, which answers applicants."""
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


def evaluation_job(folder: Path) -> Listener:
    """What judges the predictions of `folder` by the labels that come later."""
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


def ledger_server(folder: Path, alertmanager_url: str, port: int) -> Listener:
    """``buckstop serve`` on the build in `folder`."""
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


def prometheus_server(
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
