"""How many alerts a second become durable, beside what others do with the same.

Posts of 1 and of 100 new alerts by 1, 8 and 64 clients at once: to ``buckstop serve`` on a file
and on PostgreSQL, to Alertmanager, which keeps them in memory, and to Alerta on the same
PostgreSQL; and the raw appends of as many bytes, flushed in groups of 100, to the same disk. The
load comes from a process of its own, whose share of the processor is told apart. All run on one
machine: compare ratios, and processor time rather than the clock.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from bench.bench_ledger import alert, write_build
from bench.figures import print_table
from tests.ledger.postgres_server import PostgresServer, postgres_server

from buckstop.servers import Alertmanager, NotInTime, ServersMissing, await_until, find

SECONDS = float(os.environ.get("BENCH_SECONDS", "5"))
"""The longest that one row takes."""
POSTS = {1: 3_000, 100: 150}
"""At most so many posts of so many alerts each."""
CLIENTS = (1, 8, 64)
START_SECONDS = 120
ALERTA = ("alerta-server==9.1.0", "psycopg2-binary", "gunicorn", "setuptools<81")
ALERTA_PORT = 18_080
TICKS = os.sysconf("SC_CLK_TCK")
HEAD = ["Server, alerts a post, clients", "alerts/s", "median", "99th", "server", "load", "refused"]


@dataclass
class Subject:
    """Something that takes alerts.

    Attributes:
        process: whose processor time is counted, with that of its children.
        wrapped: its name for the list of alerts in a body; "" where a body is the list.
    """

    name: str
    url: str
    process: int
    wrapped: str = ""


def main() -> None:
    """Measure and print."""
    rows: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder, postgres_server() as postgres:
        here = Path(folder)
        rows.append(raw_appends(here))
        with ledger(here / "file", str(here / "ledger.db")) as subject:
            rows += measured(subject)
        name = postgres.prepared()
        with ledger(here / "postgres", postgres.address(name, "ledger"), "PostgreSQL") as subject:
            rows += measured(subject)
        try:
            with Alertmanager(find(), "route: {receiver: x}\nreceivers: [{name: x}]\n") as running:
                url = f"{running.url}/api/v2/alerts"
                rows += measured(Subject("Alertmanager", url, running.pid))
        except ServersMissing as missing:
            print(f"Alertmanager is not measured: {missing}")
        with alerta(here, postgres) as subject_or_why:
            if isinstance(subject_or_why, Subject):
                rows += measured(subject_or_why)
            else:
                print(f"Alerta is not measured: {subject_or_why}")
    print_table("Alerts taken in, and durable but for Alertmanager's", HEAD, rows)


def measured(subject: Subject) -> list[list[str]]:
    """One row for each size of a post and number of clients."""
    rows, first = [], 0
    for size, posts in POSTS.items():
        for clients in CLIENTS:
            bodies = [body(subject, first + index * size, size) for index in range(posts)]
            first += posts * size
            before = processor_seconds(subject.process)
            done = subprocess.run(
                [sys.executable, "-m", "bench.load", subject.url, str(clients), str(SECONDS)],
                input=b"\n".join(bodies),
                capture_output=True,
                check=True,
            )
            figures = json.loads(done.stdout)
            spent = processor_seconds(subject.process) - before
            answered = sum(n for status, n in figures["answers"].items() if status[0] == "2")
            refused = sum(figures["answers"].values()) - answered
            alerts = answered * size
            rows.append(
                [
                    f"{subject.name}, {size}, {clients}",
                    f"{alerts / figures['wall_seconds']:,.0f}",
                    f"{figures['median_seconds'] * 1000:.1f} ms",
                    f"{figures['late_seconds'] * 1000:.1f} ms",
                    f"{spent / max(alerts, 1) * 1e6:,.0f} us/alert",
                    f"{figures['processor_seconds'] / max(alerts, 1) * 1e6:,.0f} us/alert",
                    f"{refused}",
                ]
            )
    return rows


def body(subject: Subject, first: int, size: int) -> bytes:
    """So many new alerts, as `subject` takes them."""
    alerts: Any = [alert(first + index) for index in range(size)]
    if subject.wrapped:
        for index, one in enumerate(alerts):
            # Alerta tells alerts apart by their instance.
            one["labels"]["instance"] = f"host-{first + index}"
            one |= {"status": "firing", "generatorURL": "http://prometheus.example/graph"}
        alerts = {subject.wrapped: alerts, "externalURL": ""}
    return json.dumps(alerts).encode()


@contextmanager
def ledger(folder: Path, store: str, name: str = "SQLite") -> Iterator[Subject]:
    """A ledger on `store`."""
    folder.mkdir()
    port_file = folder / "port"
    arguments = ["--build", str(write_build(folder)), "--store", store, "--quiet"]
    arguments += ["--listen", "127.0.0.1:0", "--port-file", str(port_file)]
    server = subprocess.Popen([sys.executable, "-m", "buckstop", "serve", *arguments])
    try:
        await_until(port_file.exists, START_SECONDS, "the ledger")
        url = f"http://127.0.0.1:{port_file.read_text().strip()}/feed/bench/api/v2/alerts"
        yield Subject(f"Buckstop on {name}", url, server.pid)
    finally:
        server.kill()
        server.wait()


@contextmanager
def alerta(folder: Path, postgres: PostgresServer) -> Iterator[Subject | str]:
    """Alerta on a database of the same server, in an environment of its own; or why not."""
    environment = folder / "alerta"
    venv.create(environment, with_pip=True)
    programs = environment / "bin"
    installed = subprocess.run(
        [programs / "pip", "install", "--quiet", *ALERTA],
        capture_output=True,
        text=True,
        check=False,
    )
    if installed.returncode:
        yield f"pip install {' '.join(ALERTA)} said: {installed.stderr.strip()[-500:]}"
        return
    log = (folder / "alerta.log").open("wb")
    server = subprocess.Popen(
        [
            programs / "gunicorn",
            # Preloaded: two workers that make its tables at once fail.
            *("--preload", "--workers", "2", "--threads", "8"),
            *("--bind", f"127.0.0.1:{ALERTA_PORT}"),
            "alerta:create_app()",
        ],
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": postgres.address(postgres.new_database()),
            "SECRET_KEY": "bench",
        },
        cwd=folder,
        stdout=log,
        stderr=log,
    )
    url = f"http://127.0.0.1:{ALERTA_PORT}"
    try:
        try:
            await_until(lambda: httpx.get(f"{url}/_", trust_env=False), START_SECONDS, "Alerta")
        except NotInTime as error:
            yield f"{error}; its log: {(folder / 'alerta.log').read_text()[-500:]}"
            return
        yield Subject("Alerta", f"{url}/webhooks/prometheus", server.pid, "alerts")
    finally:
        server.terminate()
        server.wait()


def raw_appends(folder: Path) -> list[str]:
    """Lines of the size of an alert's events appended to a file, flushed after each hundred."""
    line = b"x" * 1_800 + b"\n"
    begun, alerts = time.perf_counter(), 0
    with (folder / "raw").open("ab", buffering=0) as file:
        while time.perf_counter() - begun < min(SECONDS, 2):
            file.write(line * 100)
            os.fdatasync(file.fileno())
            alerts += 100
    rate = alerts / (time.perf_counter() - begun)
    return ["Raw appends, 100, 1", f"{rate:,.0f}", "", "", "", "", ""]


def processor_seconds(process: int) -> float:
    """What a process and its children have taken of the processor."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(folder.name) == process or int(fields[1]) == process:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


if __name__ == "__main__":
    main()
