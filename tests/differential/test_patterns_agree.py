"""Which regular expressions are refused, by the engine here and by promtool's."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.differential import random_patterns
from tests.differential.test_promtool_check_config import refused_by_promtool

from buckstop import prometheus, servers
from buckstop.diagnostics import has_errors


def check_patterns(installation: servers.Installation, folder: Path, count: int) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    patterns = sorted({random_patterns.pattern(rng) for _ in range(count)})
    paths = [folder / f"{index}.yml" for index in range(len(patterns))]
    for path, one in zip(paths, patterns, strict=True):
        quoted = one.replace("'", "''")
        path.write_text(
            "alerting: {alert_relabel_configs: [{action: drop, source_labels: [a], "
            f"regex: '{quoted}'}}]}}\n",
            encoding="utf-8",
        )
    refused = refused_by_promtool(installation, paths)
    disagreements = []
    for path, one in zip(paths, patterns, strict=True):
        text = path.read_text(encoding="utf-8")
        _, diagnostics = prometheus.read_config(
            text, "prometheus.yml", installation.prometheus_version
        )
        if has_errors(diagnostics) != (path.name in refused):
            disagreements.append(f"{one[:80]!r} promtool: {refused.get(path.name, 'ok')[-80:]}")
    assert not disagreements, f"seed {seed}\n" + "\n".join(disagreements)


@pytest.mark.servers
def test_patterns_are_refused_as_promtool_refuses_them(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """Syntax, limits of repetition and of nesting: the servers' engine is Go's, not C++'s."""
    check_patterns(each_installation, tmp_path, 200)


@pytest.mark.servers
@pytest.mark.nightly
def test_many_patterns_are_refused_as_promtool_refuses_them(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """As above, in bulk."""
    check_patterns(each_installation, tmp_path, 6_000)
