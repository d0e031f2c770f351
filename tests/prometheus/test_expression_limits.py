"""What promtool refuses in an expression that is fine otherwise: a long time, none, a new group."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from buckstop.prometheus import read_rules
from buckstop.servers import Installation

EXPRESSIONS = (
    *("up offset 1000y", "up offset -293y", "up offset 292y", "up[300y]", "up[292y]"),
    *("rate(up[1h:300y])", "up[106752d]", "up[106751d]", 'up{a="300y"}', "up # 300y"),
    *('up{a=~"(?<n>x)"}', 'up{a=~"(?P<n>x)"}', 'up{a="(?<n>x)"}'),
)
ZEROS = (
    *("up > 0s", "0s", "vector(0s)", "clamp(up, 0m, 1)", "topk(0h0m, up)", "up > 00s", "up + 0s"),
    *("up offset 0s", "up offset -0s", "up offset 0", "up[5m] offset 0ms", "up @ 0s", "0s > up"),
    *("up[0s]", "up[0]", "rate(up[0])", "rate(up[5m:0s])", "rate(up[5m:0])", "rate(up[0s:5m])"),
    *("rate(up[0x0])", "rate(up[0.0])", "rate(up[1e-10])", "rate(up[10s])", "up[100]", "up > 10s"),
    *('up{a="0s"}', "up # 0s", "null", "~", "NULL", "Null", "''", "'null'", "!!str null"),
)


@pytest.mark.servers
def test_promtool_takes_what_is_taken_here(each_installation: Installation, tmp_path: Path) -> None:
    """Durations beyond 64 bits of nanoseconds; groups named without a P."""
    file = tmp_path / "r.yml"
    for expr in EXPRESSIONS:
        text = f"groups: [{{name: g, rules: [{{record: a, expr: {json.dumps(expr)}}}]}}]\n"
        file.write_text(text)
        done = subprocess.run(
            [str(each_installation.promtool), "check", "rules", "--lint=none", str(file)],
            capture_output=True,
            check=False,
        )
        _, found = read_rules(text, "r.yml", each_installation.prometheus_version)
        assert (not found) == (done.returncode == 0), (expr, done.stderr, found)


@pytest.mark.servers
def test_promtool_takes_the_zeros_that_are_taken_here(
    each_installation: Installation, tmp_path: Path
) -> None:
    """A duration of nothing is a number and an offset to newer versions; null was a series."""
    texts = {
        tmp_path / f"{index}.yml": "groups: [{name: g, rules: [{record: a, expr: "
        + (expr if expr[0] in "nN~'!" else json.dumps(expr))
        + "}]}]\n"
        for index, expr in enumerate(ZEROS)
    }
    for file, text in texts.items():
        file.write_text(text)
    done = subprocess.run(
        [str(each_installation.promtool), "check", "rules", "--lint=none", *map(str, texts)],
        capture_output=True,
        text=True,
        check=False,
    )
    reports = re.split(r"^Checking .*$", done.stdout + done.stderr, flags=re.MULTILINE)
    taken = done.stdout.count("SUCCESS")
    assert len(reports) == len(texts) + 1
    verdicts = {}
    for (file, text), expr in zip(texts.items(), ZEROS, strict=True):
        _, found = read_rules(text, "r.yml", each_installation.prometheus_version)
        verdicts[expr] = not found
        assert (not found) == (f"{file}: " not in done.stderr), (expr, found)
    assert sum(verdicts.values()) == taken
