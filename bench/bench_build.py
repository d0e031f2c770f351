"""Building a charter of 1,000 and of 10,000 models, against promtool's reading of the rules.

Each size runs in a process of its own, so that the memory is its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from bench.figures import print_table, times

from buckstop.charter import read
from buckstop.compiler import Targets, build
from buckstop.compiler.folder import differences, write
from buckstop.servers import ServersMissing, find

SIZES = (1_000, 10_000)
MEGABYTE = 1 << 20
T = TypeVar("T")

HEAD = """
version: 1
organization: Acme
severities: [critical, major, minor]
defaults: {slack: {api_url: {file: slack_url}}}
accountability:
  - {when: {fault: [latency, availability, traffic]}, accountable: infra_sre}
  - {when: {fault: drift}, accountable: data_mlops, inform: [team_1]}
  - {when: {fault: quality}, accountable: model.owner}
  - {when: {fault: quality, risk: high}, accountable: model.owner, inform: [team_0]}
  - {otherwise: true, accountable: default_ops}
profiles:
  tier1:
    - {sli: auc, objective: ">= 0.85", severity: major}
    - {sli: ks, feature: income, objective: "<= 0.3", severity: major}
    - {sli: p95, objective: "<= 500ms", severity: critical}
    - {sli: success_ratio, objective: 99.9%, severity: critical}
"""


def charter_text(models: int) -> str:
    """A charter of `models` models with four objectives each, and a team for every fifty."""
    teams = ["infra_sre", "data_mlops", "default_ops"]
    teams += [f"team_{index}" for index in range(max(2, models // 50))]
    lines = [HEAD, "teams:"]
    lines += [
        f'  {team}: {{notify: {{default: [{{slack: {{channel: "#x"}}}}]}}}}' for team in teams
    ]
    lines.append("models:")
    for index in range(models):
        owner = teams[3 + index % (len(teams) - 3)]
        risk = "high" if index % 10 == 0 else "low"
        lines.append(
            f"  model-{index:05}: {{owner: {{team: {owner}}}, risk: {risk}, use: [tier1], "
            f"serving: {{job: serving-{index:05}}}}}"
        )
    return "\n".join(lines) + "\n"


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` returns, and how many seconds it took."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def measure(models: int) -> dict[str, float]:
    """Time each stage once; the numbers are large enough to need no second run."""
    text = charter_text(models)
    (charter, found), reading = timed(lambda: read({"charter.yaml": text}, date(2026, 1, 1)))
    assert charter is not None, found
    made, building = timed(lambda: build(charter, Targets()))
    assert made.files, made.diagnostics
    # Of the process so far, on Linux in kilobytes, on macOS in bytes.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory *= 1 if sys.platform == "darwin" else 1024
    measured = {
        "models": models,
        "alerts": len(made.manifest.alerts),
        "bytes": sum(len(text.encode()) for text in made.files.values()),
        "read": reading,
        "build": building,
        "memory": memory,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        changed, _ = timed(lambda: differences(made, folder))
        _, measured["write"] = timed(lambda: write(made, folder, changed))
        same, measured["check"] = timed(lambda: differences(made, folder))
        assert not same
        try:
            installation = find()
        except ServersMissing:
            return measured
        command = [str(installation.promtool), "check", "rules"]
        command += [str(path) for path in (folder / "prometheus" / "rules").glob("*.yml")]
        done, measured["promtool"] = timed(
            lambda: subprocess.run(command, capture_output=True, check=False)
        )
        assert done.returncode == 0, done.stdout
    return measured


def main() -> None:
    """Measure and print."""
    measured = []
    for size in SIZES:
        command = [sys.executable, "-m", "bench.bench_build", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        measured.append(json.loads(done.stdout))
    small, large = measured
    rows = []
    for title, key in (
        ("read the charter, check its table", "read"),
        ("build: rules, tests, routes, wiring", "build"),
        ("write, each file durable", "write"),
        ("--check of a folder that is up to date", "check"),
        ("promtool check rules of the output", "promtool"),
    ):
        if key in small and key in large:
            cells = [f"{one[key]:.2f} s" for one in measured]
            rows.append((title, *cells, times(large[key], small[key])))
    if "promtool" in large:
        ratios = [times(one["build"], one["promtool"]) for one in measured]
        rows.append(("build, promtool = 1", *ratios, ""))
    for title, key in (("memory at the end of the build", "memory"), ("text built", "bytes")):
        cells = [f"{one[key] / MEGABYTE:,.0f} MB" for one in measured]
        rows.append((title, *cells, times(large[key], small[key])))
    heads = [f"{one['models']:,} models, {one['alerts']:,} alerts" for one in measured]
    print_table("Building", ("", *heads, "growth"), rows)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        main()
