"""``check`` and ``diff`` against amlint, which looks for some of the same troubles.

amlint runs in an environment of its own. Its time grows with the square of the routes, so the
sizes stop where it still ends in a minute or so; ``--largest`` goes on to 4,000 routes. The two
do not do the same work: amlint compares routes in pairs and tries sample label sets, the proof
decides for all of them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.bench_diff import by_equality, variants
from bench.bench_proof import write_case
from bench.figures import MEGABYTE, Spent, print_table, spent_by, times
from bench.peers import installed

AMLINT = ("amlint", "0.8.5")
BUCKSTOP = (sys.executable, "-m", "buckstop")
EXACT, BY_PATTERN = 'team="{}"', 'team=~"{}(-.*)?"'
NO_RULES = 1
CASES = (
    (1_000, NO_RULES, EXACT),
    (2_000, NO_RULES, EXACT),
    (500, NO_RULES, BY_PATTERN),
    (1_000, NO_RULES, BY_PATTERN),
    (1_000, 10_000, EXACT),
)
LARGEST = (4_000, NO_RULES, EXACT)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", action="store_true", help="also 4,000 routes")
    cases = (*CASES, LARGEST) if parser.parse_args().largest else CASES
    amlint = str(installed(*AMLINT) / "amlint")
    with tempfile.TemporaryDirectory() as name:
        rows = [
            _checked(Path(name) / str(number), amlint, *case) for number, case in enumerate(cases)
        ]
        head = ("check", "buckstop", "memory", f"amlint {AMLINT[1]}", "memory", "amlint, ×")
        print_table("check against amlint, processor time", head, rows)
        _print_diff(Path(name), amlint)


def _checked(folder: Path, amlint: str, routes: int, rules: int, matcher: str) -> tuple[str, ...]:
    write_case(folder, routes, rules, matcher)
    title = f"{routes:,} routes{' by pattern' if matcher == BY_PATTERN else ''}"
    theirs = [amlint, "check", str(folder / "alertmanager.yml")]
    if rules != NO_RULES:
        title += f" × {rules:,} rules"
        theirs += ["--rules", str(folder / "rules.yml")]
    ours = [*BUCKSTOP, "check", "--team-label", "team", str(folder)]
    return (title, *_figures(spent_by(ours), spent_by(theirs)))


def _print_diff(folder: Path, amlint: str) -> None:
    """Both told of the same change; and what each says of it."""
    paths = {}
    for number, (what, text) in enumerate(variants(by_equality()).items()):
        paths[what] = folder / f"{number}.yml"
        paths[what].write_text(text, encoding="utf-8")
    old = str(paths["nothing"])
    rows = []
    for what, path in paths.items():
        ours = [*BUCKSTOP, "diff", "--team-label", "team", old, str(path)]
        theirs = [amlint, "diff", old, str(path)]
        rows.append(
            (
                what,
                *_figures(spent_by(ours), spent_by(theirs)),
                *(_last(command).replace(f"{folder}/", "") for command in (ours, theirs)),
            )
        )
    head = ("changed", "buckstop", "memory", "amlint", "memory", "amlint, ×", "we say", "it says")
    print_table("diff of 1,000 routes against 1,000, processor time", head, rows)


def _figures(ours: Spent, theirs: Spent) -> tuple[str, ...]:
    return (
        f"{ours.processor_seconds:.1f} s",
        f"{ours.peak_bytes / MEGABYTE:,.0f} MB",
        f"{theirs.processor_seconds:.1f} s",
        f"{theirs.peak_bytes / MEGABYTE:,.0f} MB",
        times(theirs.processor_seconds, ours.processor_seconds),
    )


def _last(command: Sequence[str]) -> str:
    """The last line of what a command prints."""
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\n")
    return next((line.strip() for line in reversed(said) if line.strip()), "nothing")


if __name__ == "__main__":
    main()
