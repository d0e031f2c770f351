"""Loading 100,000 rules: against promtool, which checks the same, and PyYAML, which only reads.

Each runs in a process of its own. Wall time depends on what else the machine does, processor time
hardly; both are printed, as is the ratio of each to promtool's.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.figures import MEGABYTE, Spent, print_table, spent_by, times
from bench.rule_files import write_routes, write_rules

from buckstop.servers import Installation, ServersMissing, find
from buckstop.servers.discovery import Versions

RULES = 100_000
VERSIONS: tuple[Versions, ...] = ("debian14", "debian13", "any")
PYTHON = sys.executable
READ_RULES = "import sys; from pathlib import Path; from buckstop.prometheus import read_rules; \
_, found = read_rules(Path(sys.argv[1]).read_bytes(), 'rules.yml'); assert not found"
LOAD = "import sys, yaml; yaml.load(open(sys.argv[1], 'rb'), Loader=yaml.CSafeLoader)"


def row(title: str, spent: Spent, base: Spent | None) -> tuple[str, ...]:
    """Figures, and what they are of promtool's."""
    cells = [
        f"{spent.processor_seconds:.1f} s",
        f"{spent.wall_seconds:.1f} s",
        f"{spent.peak_bytes / MEGABYTE:,.0f} MB",
    ]
    if base is None:
        return (title, *cells, "", "", "")
    return (
        title,
        *cells,
        times(spent.processor_seconds, base.processor_seconds),
        times(spent.wall_seconds, base.wall_seconds),
        times(spent.peak_bytes, base.peak_bytes),
    )


def newest() -> Installation | None:
    """The newest servers that there are, or None."""
    for versions in VERSIONS:
        try:
            return find(versions)
        except ServersMissing as missing:
            print(f"not with {versions}: {missing}")
    return None


def main() -> None:
    """Measure and print."""
    installation = newest()
    with tempfile.TemporaryDirectory() as name:
        rules, routes = Path(name) / "rules.yml", Path(name) / "alertmanager.yml"
        write_rules(rules, RULES)
        write_routes(routes)
        base = None
        rows = []
        if installation is not None:
            base = spent_by([str(installation.promtool), "check", "rules", str(rules)])
            title = f"promtool {installation.prometheus_version} check rules"
            rows.append(row(title, base, base))
        for title, command in (
            ("buckstop: prometheus.read_rules", [PYTHON, "-c", READ_RULES, str(rules)]),
            (
                "buckstop check: rules read, and proven on 20 routes",
                [PYTHON, "-m", "buckstop", "check", "--team-label", "team", name],
            ),
            (
                "PyYAML safe_load, libyaml: no places, nothing checked",
                [PYTHON, "-c", LOAD, str(rules)],
            ),
        ):
            rows.append(row(title, spent_by(command), base))
    head = ("", "processor", "wall", "peak memory", "processor, ×", "wall, ×", "memory, ×")
    print_table(f"Loading {RULES:,} rules (promtool = 1)", head, rows)


if __name__ == "__main__":
    main()
