"""The proof: who answers for every rule, on trees of up to 10,000 routes.

Against promtool, which parses the same rules and proves nothing. Each runs in a process of its
own. A tenth of the rules has no team, so that findings are made and told, and a third of the
severities is asked for by a nested route.
"""

from __future__ import annotations

import argparse
import compileall
import sys
import tempfile
import time
from pathlib import Path

from bench.bench_loading import newest
from bench.figures import MEGABYTE, Spent, print_table, spent_by, times

import buckstop
from buckstop.alertmanager import read
from buckstop.prometheus import read_rules
from buckstop.prover.examination import examine
from buckstop.prover.given import Given

SIZES = tuple((routes, rules) for routes in (100, 1_000, 10_000) for rules in (1_000, 10_000))
LARGEST = (10_000, 100_000)
PATTERNS = 1_000
RULES_OF_GROUP = 100
PYTHON = sys.executable
RECHECKS = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", action="store_true", help="also 10,000 routes × 100,000 rules")
    sizes = (*SIZES, LARGEST) if parser.parse_args().largest else SIZES
    installation = newest()
    # As an installation has it, whatever the environment says of writing bytecode.
    compileall.compile_dir(Path(buckstop.__file__).parent, quiet=1)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        for routes, rules in sizes:
            folder = Path(name) / f"{routes}-{rules}"
            write_case(folder, routes, rules, 'team="{}"')
            parse = None
            if installation is not None:
                command = [str(installation.promtool), "check", "rules", str(folder / "rules.yml")]
                parse = spent_by(command)
            rows.append(row(f"{routes:,} routes × {rules:,} rules", checked(folder), parse))
        folder = Path(name) / "patterns"
        write_case(folder, PATTERNS, PATTERNS, 'team=~"{}(-.*)?"')
        rows.append(
            row(f"{PATTERNS:,} routes by pattern × {PATTERNS:,} rules", checked(folder), None)
        )
        head = ("", "processor", "wall", "peak memory", "processor, × promtool", "wall, ×")
        print_table("buckstop check (promtool check rules = 1)", head, rows)
        again = rechecked(Path(name) / "1000-1000")
        print(
            f"One rule changed among 1,000 on 1,000 routes, proven anew in-process: {again:.0f} ms"
        )


def checked(folder: Path) -> Spent:
    """What ``check`` takes for the files in `folder`."""
    return spent_by([PYTHON, "-m", "buckstop", "check", "--team-label", "team", str(folder)])


def rechecked(folder: Path) -> float:
    """Milliseconds from the changed text of one rule file to all verdicts; the best of a few.

    The file of the other 999 rules and the routes are read and proven already, as an editor or
    the ledger has them.
    """
    whole, _ = read_rules((folder / "rules.yml").read_bytes(), "rules.yml")
    config, _ = read((folder / "alertmanager.yml").read_bytes(), "alertmanager.yml")
    assert whole is not None
    assert config is not None
    before = examine(Given((whole,), config, team_label="team"))
    best = float("inf")
    for place in range(RECHECKS):
        text = rule_text(place, place, "team-7")
        start = time.perf_counter()
        changed, _ = read_rules(f"groups:\n- name: changed\n  rules:\n{text}", "changed.yml")
        assert changed is not None
        examination = examine(Given((whole, changed), config, team_label="team"), before)
        best = min(best, time.perf_counter() - start)
        assert len(examination.rules) == 1_001
    return best * 1_000


def row(title: str, ours: Spent, parse: Spent | None) -> tuple[str, ...]:
    """Figures, and what they are of promtool's."""
    cells = (
        title,
        f"{ours.processor_seconds:.1f} s",
        f"{ours.wall_seconds:.1f} s",
        f"{ours.peak_bytes / MEGABYTE:,.0f} MB",
    )
    if parse is None:
        return (*cells, "", "")
    return (
        *cells,
        times(ours.processor_seconds, parse.processor_seconds),
        times(ours.wall_seconds, parse.wall_seconds),
    )


def write_case(folder: Path, routes: int, rules: int, matcher: str) -> None:
    """Rules of as many teams as there are routes, and the routes, each with a `matcher`."""
    folder.mkdir()
    with (folder / "rules.yml").open("w", encoding="utf-8") as file:
        file.write("groups:\n")
        for index in range(rules):
            group, place = divmod(index, RULES_OF_GROUP)
            if place == 0:
                file.write(f"- name: g{group}\n  rules:\n")
            file.write(rule_text(index, place, f"team-{index % routes}" if index % 10 else None))
    names = [f"team-{index}" for index in range(routes)]
    lines = ["route:\n  receiver: rest\n  routes:\n"]
    for index, team in enumerate(names):
        lines.append(f"  - matchers: ['{matcher.format(team)}']\n    receiver: {team}\n")
        if index % 2 == 0:
            lines.append(
                f"    routes: [{{matchers: ['severity=\"critical\"'], receiver: {team}-pager}}]\n"
            )
    lines.append("receivers:\n")
    pagers = (f"{team}-pager" for team in names[::2])
    lines += (
        f"- {{name: {receiver}, webhook_configs: [{{url: 'http://127.0.0.1/a'}}]}}\n"
        for receiver in ("rest", *names, *pagers)
    )
    (folder / "alertmanager.yml").write_text("".join(lines), encoding="utf-8")


def rule_text(index: int, place: int, team: str | None) -> str:
    """One alerting rule, as people write them."""
    selector = f'http_requests_total{{job="api-{index}", code=~"5.."}}'
    lines = [
        f"  - alert: Alert{index}",
        f"    expr: sum by (job, namespace) (rate({selector}[5m])) > {place}",
        "    for: 5m",
        "    labels:",
        f"      severity: {'critical' if index % 3 else 'warning'}",
        *(() if team is None else (f"      team: {team}",)),
        "    annotations:",
        f'      summary: "High rate of api-{index} on {{{{ $labels.namespace }}}}"',
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
