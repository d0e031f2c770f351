"""No series that a real server gives lies outside the domain that we say its expression has."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.differential.random_expressions import RECORDED, ExpressionGrammar, Series, random_series

from buckstop import servers
from buckstop.document.versions import major_minor
from buckstop.prometheus.relabelling import DOT_MATCHES_NEWLINE
from buckstop.promql import Expression, parse
from buckstop.promql.domains import RecordedDomains, Recording, domain
from buckstop.promql.strings import quote
from buckstop.servers import Installation, Prometheus

STEP_SECONDS = 60
STEPS = 30
LOOKBACK = "--query.lookback-delta=6h"
CONFIG = "global: {evaluation_interval: 1s}\nrule_files: [rules/*.yml]\n"
EXPERIMENTAL_SINCE = (2, 54)
"""Here every experimental function that the grammar writes exists."""
FEATURES = "--enable-feature=promql-experimental-functions"
DELAYED_NAMES = f"{FEATURES},promql-delayed-name-removal"


@dataclass(frozen=True, slots=True)
class Tally:
    """What a comparison has seen.

    Attributes:
        expressions: that the server evaluated.
        refused: that it did not, as where a match has many sides.
        results: series that it gave.
    """

    expressions: int
    refused: int
    results: int
    outside: tuple[str, ...]


def _recordings(generator: random.Random, grammar: ExpressionGrammar) -> list[Recording]:
    """Recording rules, some of which read others of them."""
    return [
        Recording(
            name,
            grammar.expression(),
            generator.choice(((), (("team", "u"),), (("team", ""), ("c", "v")))),
        )
        for name in RECORDED
        for _ in range(2)
    ]


def _write_series(installation: Installation, folder: Path, series: Sequence[Series]) -> None:
    """A block of samples up to now, for a server that starts on `folder`."""
    now = int(time.time())
    lines: list[str] = []
    for name in dict.fromkeys(name for name, _ in series):
        lines.append(f"# TYPE {name} unknown")
        for number, labels in enumerate(labels for own, labels in series if own == name):
            written = ",".join(f"{label}={quote(value)}" for label, value in labels)
            for step in range(STEPS):
                value = number % 5 * step + step % 3
                when = now - (STEPS - step) * STEP_SECONDS
                lines.append(f"{name}{{{written}}} {value} {when}")
    (folder / "series.txt").write_text("\n".join([*lines, "# EOF", ""]), encoding="utf-8")
    subprocess.run(
        [
            str(installation.promtool),
            *("tsdb", "create-blocks-from", "openmetrics"),
            *(str(folder / "series.txt"), str(folder / "data")),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )


@contextmanager
def _server(
    installation: Installation, folder: Path, recordings: Sequence[Recording], features: str
) -> Iterator[Prometheus]:
    """A server that has the series of `folder`, and has recorded what `recordings` give."""
    rules = [
        {"record": one.name, "expr": one.expr, "labels": dict(one.labels)} for one in recordings
    ]
    groups = [{"name": f"g{number}", "rules": [rule]} for number, rule in enumerate(rules)]
    with Prometheus(
        installation,
        CONFIG,
        {"recorded.yml": json.dumps({"groups": groups})},
        flags=(LOOKBACK, features),
        folder=folder,
    ) as server:
        servers.await_until(
            lambda: all(
                rule["evaluationTime"] > 0 for group in server.rules() for rule in group["rules"]
            ),
            30,
            "all rules are evaluated",
        )
        yield server


def _compare(
    installation: Installation, folder: Path, seed: int, count: int, features: str = FEATURES
) -> Tally:
    generator = random.Random(seed)
    version = major_minor(installation.prometheus_version)
    grammar = ExpressionGrammar(generator, experimental=version >= EXPERIMENTAL_SINCE)
    recordings = _recordings(generator, grammar)
    dot_newline = version >= DOT_MATCHES_NEWLINE
    recorded = RecordedDomains(recordings, dot_newline=dot_newline)
    _write_series(installation, folder, random_series(generator))
    evaluated = refused = results = 0
    outside: list[str] = []
    with _server(installation, folder, recordings, features) as server:
        for _ in range(count):
            expr = grammar.expression()
            parsed = parse(expr)
            assert isinstance(parsed, Expression), (expr, parsed)
            answer = server.http.get(f"{server.url}/api/v1/query", params={"query": expr})
            if answer.is_error:
                refused += 1
                continue
            evaluated += 1
            data = answer.json()["data"]
            series = (
                [one["metric"] for one in data["result"]]
                if data["resultType"] == "vector"
                else [{}]
            )
            predicted = domain(parsed, recorded, dot_newline=dot_newline)
            for labels in series:
                labels.pop("__name__", None)
                results += 1
                if not any(here.has(labels) for here in predicted):
                    outside.append(f"{expr}\n  gives {labels}")
    return Tally(evaluated, refused, results, tuple(outside))


def _assert_sound(
    installation: Installation, folder: Path, seed: int, count: int, features: str = FEATURES
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tally = _compare(installation, folder, seed, count, features)
    print(
        f"Prometheus {installation.prometheus_version}, seed {seed}: "
        f"{tally.expressions} expressions gave {tally.results} series, {tally.refused} were refused"
    )
    assert tally.outside == (), f"seed {seed}\n" + "\n".join(tally.outside[:20])
    assert tally.expressions > count // 2
    assert tally.results > count


@pytest.mark.servers
@pytest.mark.timeout(300)
def test_series_lie_in_the_domain(each_installation: Installation, tmp_path: Path) -> None:
    """A label set outside the domain is one for which a proof would have said nothing."""
    _assert_sound(each_installation, tmp_path, random.randrange(10**9), 400)


@pytest.mark.servers
@pytest.mark.nightly
@pytest.mark.timeout(3_600)
def test_many_series_lie_in_the_domain(each_installation: Installation, tmp_path: Path) -> None:
    """The same over more than twenty thousand expressions."""
    seed = random.randrange(10**9)
    for batch in range(12):
        _assert_sound(each_installation, tmp_path / str(batch), seed + batch, 2_000)


@pytest.mark.servers
@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_domain_holds_where_names_are_dropped_late(debian14: Installation, tmp_path: Path) -> None:
    """With that feature flag, a label can be made of a metric name that is gone without it."""
    _assert_sound(debian14, tmp_path, random.randrange(10**9), 3_000, DELAYED_NAMES)
