"""How long from a posted alert to its owner durably on record.

Posts to a real ``buckstop serve`` over loopback, with its store on the disk of the temporary
folder; Prometheus and Alertmanager wait exactly this long. The promise is a median under 50 ms.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

import httpx
from bench.figures import print_table

from buckstop.compiler import write_manifest
from buckstop.compiler.manifest import Authority, Manifest, ManifestReceiver, ManifestTeam
from buckstop.servers import await_until

POSTS = 1_000
BATCHES = 100
BATCH_ALERTS = 100
SENDERS = 16

ROUTES = """\
route:
  receiver: ops
  routes:
    - {receiver: buckstop-ledger, continue: true}
    - {receiver: sre, matchers: [accountable_team="sre"]}
    - {receiver: ops}
receivers: [{name: ops}, {name: sre}, {name: buckstop-ledger}]
"""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        build, port_file = write_build(Path(folder)), Path(folder) / "port"
        arguments = ["--build", str(build), "--store", str(Path(folder) / "ledger.db"), "--quiet"]
        arguments += ["--listen", "127.0.0.1:0", "--port-file", str(port_file)]
        server = subprocess.Popen([sys.executable, "-m", "buckstop", "serve", *arguments])
        try:
            await_until(port_file.exists, 60, "the ledger")
            measure(f"http://127.0.0.1:{port_file.read_text().strip()}")
        finally:
            server.terminate()
            server.wait(20)


def write_build(folder: Path) -> Path:
    """The smallest build that has an owner for everything."""
    row = Authority("charter.yaml", 1, "otherwise: accountable ops")
    manifest = Manifest(
        organization="Bench",
        charter_digest="sha256:" + "0" * 64,
        targets=(("alertmanager", "0.25"), ("prometheus", "2.42")),
        team_label="accountable_team",
        severities=("critical",),
        incident_by=("accountable_team", "model", "fault"),
        teams=(ManifestTeam("sre", "SRE", None, ()), ManifestTeam("ops", "Operations", None, ())),
        receivers=(
            ManifestReceiver("sre", "sre", "accountable"),
            ManifestReceiver("ops", "ops", "accountable"),
            ManifestReceiver("buckstop-ledger", None, "ledger"),
        ),
        alerts=(),
        existing=(),
        default_team="ops",
        default_authority=row,
    )
    (folder / "alertmanager").mkdir()
    (folder / "alertmanager" / "alertmanager.yml").write_text(ROUTES)
    (folder / "accountability.json").write_text(write_manifest(manifest))
    return folder


def measure(url: str) -> None:
    """Post in four ways."""
    with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:

        def post(first: int, alerts: int) -> float:
            body = json.dumps([alert(first + index) for index in range(alerts)])
            started = time.perf_counter()
            response = client.post("/feed/bench/api/v2/alerts", content=body)
            seconds = time.perf_counter() - started
            assert response.status_code == 200, response.text
            return seconds

        def figures(what: str, alerts: int, run: Callable[[], list[float]]) -> list[str]:
            started = time.perf_counter()
            cuts = quantiles(run(), n=100)
            rate = alerts / (time.perf_counter() - started)
            median, late = (f"{cuts[index] * 1000:.1f} ms" for index in (49, 98))
            return [what, median, late, f"{rate:,.0f}"]

        for index in range(50):
            post(10_000_000 + index, 1)
        singles = range(POSTS)
        batches = range(100_000, 100_000 + BATCHES * BATCH_ALERTS, BATCH_ALERTS)
        rows = [
            figures("1 new alert", POSTS, lambda: [post(i, 1) for i in singles]),
            figures("1 known alert", POSTS, lambda: [post(i, 1) for i in singles]),
        ]
        with ThreadPoolExecutor(SENDERS) as pool:
            at_once = f"1 new alert, {SENDERS} senders at once"
            rows.append(
                figures(
                    at_once, POSTS, lambda: list(pool.map(lambda i: post(200_000 + i, 1), singles))
                )
            )
        rows.append(
            figures(
                f"{BATCH_ALERTS} new alerts",
                BATCHES * BATCH_ALERTS,
                lambda: [post(first, BATCH_ALERTS) for first in batches],
            )
        )
    head = ["A post of", "median", "99th percentile", "alerts/s"]
    print_table("From a posted alert to its owner, durably on record", head, rows)


def alert(number: int) -> dict[str, object]:
    """An alert of a model of its own, hence an incident of its own."""
    now = datetime.now(UTC)
    return {
        "labels": {
            "alertname": "ModelLatencyHigh",
            "accountable_team": "sre",
            "severity": "critical",
            "fault": "latency",
            "model": f"model-{number}",
        },
        "annotations": {"summary": "p95 is 812ms, promised <= 500ms"},
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(minutes=4)).isoformat(),
    }


if __name__ == "__main__":
    main()
