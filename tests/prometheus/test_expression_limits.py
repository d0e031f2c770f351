"""What promtool refuses in an expression that is fine otherwise: a long time, a new group."""

from __future__ import annotations

import json
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
