"""Generated rule files: judged as promtool judges them, and written back without a difference."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from buckstop import prometheus, servers
from buckstop.diagnostics import Level
from buckstop.document import Mapping, parse_one

NAMES = ["team", "severity", "a_b", "_x", "A1", "a-b", "a.b", "ä", "1a", "", "__name__", "a b"]
TEXTS = [
    "x",
    "",
    "yes",
    "0755",
    "1e3",
    "{{ $value }}",
    "{{ $labels.a }}",
    "{{ nothing }}",
    "{{",
    "a\nb",
]
DURATIONS = ["5m", "0s", "0", "1d12h", "1h1d", "5", "", "-5m", "1.5h", "30s ", "1y", "300y", "9ms"]
EXPRESSIONS = [
    *("up == 0", "up", "sum(up", "rate(up[5m]) > 1", "histogram_avg(up)", "up > 5m", "up[300]"),
    *(
        '{"a.b"}',
        "holt_winters(up[5m], 0.5, 0.5)",
        "5",
        "'x'",
        "up[5m]",
        "nothing(up)",
        "up offset 5",
    ),
]
ODD: list[Any] = [None, 5, 1.5, True, [], ["a"], {}, {"a": "b"}, "text"]
"""Values of every kind, for places that want another."""


def text(rng: random.Random) -> Any:
    return rng.choice(TEXTS) if rng.random() < 0.9 else rng.choice(ODD)


def names(rng: random.Random) -> Any:
    if rng.random() < 0.08:
        return rng.choice(ODD)
    good = rng.random() < 0.6
    return {rng.choice(NAMES[:5] if good else NAMES): text(rng) for _ in range(rng.randint(0, 2))}


def duration(rng: random.Random) -> Any:
    if rng.random() < 0.08:
        return rng.choice(ODD)
    return rng.choice(DURATIONS[:4] if rng.random() < 0.7 else DURATIONS)


def rule(rng: random.Random) -> Any:
    if rng.random() < 0.02:
        return rng.choice(ODD)
    made: dict[str, Any] = {}
    kind = rng.choice(["alert", "alert", "alert", "record"])
    made[kind] = rng.choice(
        ["A", "B", "a:b"] if rng.random() < 0.8 else ["a-b", "ä", "", "a{b}", 5]
    )
    expressions = EXPRESSIONS[:2] if rng.random() < 0.7 else EXPRESSIONS
    made["expr"] = rng.choice(expressions)
    for key, value in (
        ("for", duration),
        ("keep_firing_for", duration),
        ("labels", names),
        ("annotations", names),
    ):
        if rng.random() < 0.3 and (kind == "alert" or rng.random() < 0.4):
            made[key] = value(rng)
    if rng.random() < 0.03:
        made[rng.choice(["fro", "label", "record", "alert", "severity"])] = "x"
    return made


def group(rng: random.Random, index: int) -> Any:
    if rng.random() < 0.02:
        return rng.choice(ODD)
    made: dict[str, Any] = {
        "name": f"g{index}" if rng.random() < 0.95 else rng.choice(["", 5, "g0"])
    }
    for key, value in (("interval", duration), ("query_offset", duration), ("labels", names)):
        if rng.random() < 0.15:
            made[key] = value(rng)
    if rng.random() < 0.15:
        made["limit"] = rng.choice([0, 5, -1, 1.0, 1.5, "5", 2**63, 2**63 - 1, None, True])
    made["rules"] = [rule(rng) for _ in range(rng.randint(0, 3))]
    if rng.random() < 0.02:
        made["partial_response_strategy"] = "warn"
    return made


def rule_file(seed: int) -> str:
    rng = random.Random(seed)
    return json.dumps({"groups": [group(rng, index) for index in range(rng.randint(1, 2))]})


def errors(text: str, version: str) -> list[str]:
    _, diagnostics = prometheus.read_rules(text, "r.yml", version)
    return [found.message for found in diagnostics if found.level is Level.ERROR]


def refused(installation: servers.Installation, paths: list[Path]) -> dict[str, str]:
    """The files that promtool refuses, by name, with what it says."""
    done = subprocess.run(
        [str(installation.promtool), "check", "rules", "--lint=none", *map(str, paths)],
        cwd=installation.working_folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    reports = re.split(r"^Checking (\S+)$", done.stdout, flags=re.MULTILINE)[1:]
    assert len(reports) == 2 * len(paths), done.stdout
    pairs = zip(reports[::2], reports[1::2], strict=True)
    return {Path(path).name: report.strip() for path, report in pairs if "FAILED" in report}


def disagreements(
    installation: servers.Installation, folder: Path, first: int, count: int
) -> Iterator[str]:
    version = ".".join(installation.prometheus_version.split(".")[:2])
    paths = {seed: folder / f"{seed}.yml" for seed in range(first, first + count)}
    for seed, path in paths.items():
        path.write_text(rule_file(seed), encoding="utf-8")
    no = refused(installation, list(paths.values()))
    for seed, path in paths.items():
        ours = errors(path.read_text(encoding="utf-8"), version)
        if bool(ours) != (path.name in no):
            yield f"seed {seed}: {rule_file(seed)}\n  ours {ours}\n  promtool {no.get(path.name)}"


@pytest.mark.servers
def test_generated_files_are_judged_as_promtool_does(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """Fields, kinds, names, durations and expressions, for each version."""
    first = random.SystemRandom().randrange(2**32)
    found = list(disagreements(each_installation, tmp_path, first, 400))
    assert not found, "\n".join(found[:3])


@pytest.mark.servers
@pytest.mark.nightly
@pytest.mark.timeout(1200)
def test_many_generated_files_are_judged_as_promtool_does(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """As above, ten thousand files."""
    first = random.SystemRandom().randrange(2**32)
    for start in range(first, first + 10_000, 500):
        found = list(disagreements(each_installation, tmp_path, start, 500))
        assert not found, "\n".join(found[:3])


def loaded(server: servers.Prometheus) -> dict[str, Any]:
    """What the server says of its rules, by file and group, without what time changes."""
    return {f"{one['file']}:{one['name']}": timeless(one) for one in server.rules()}


def timeless(value: Any) -> Any:
    passing = {"lastEvaluation", "evaluationTime", "health", "state", "alerts", "lastError"}
    match value:
        case dict():
            return {key: timeless(item) for key, item in value.items() if key not in passing}
        case list():
            return [timeless(item) for item in value]
        case _:
            return value


@pytest.mark.servers
def test_what_is_written_back_loads_as_it_was(debian14: servers.Installation) -> None:
    """A server that loads sixty files and then what they are written to sees no difference."""
    seed = random.SystemRandom().randrange(2**32)
    given: dict[str, str] = {}
    while len(given) < 60:
        if not errors(rule_file(seed), "3.5"):
            given[f"{seed}.yml"] = rule_file(seed)
        seed += 1
    written: dict[str, str] = {}
    for name, source in given.items():
        root, _ = parse_one(source, name)
        assert isinstance(root, Mapping)
        written[name] = prometheus.write(root)
    config = "global: {evaluation_interval: 1h}\nrule_files: ['rules/*.yml']\n"
    with servers.Prometheus(debian14, config, given) as server:
        before = loaded(server)
        assert len(before) > 20, "groups without rules are not shown"
        server.reload(rules=written)
        assert loaded(server) == before, f"the last seed was {seed}"
