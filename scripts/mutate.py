"""Change the code of `language` and `prover` in small ways, and see which changes no test notices.

`make mutate` runs it. Without arguments each of some ten thousand changes is tried, which takes
more than a day. What was noticed is not tried again as long as its function stays as it is.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from mutmut.__main__ import create_mutants
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import (
    copy_also_copy_files,
    copy_src_dir,
    walk_mutatable_files,
)

ROOT = Path(__file__).resolve().parents[1]
MUTANTS = ROOT / "mutants"
SURVIVORS = MUTANTS / "survivors.diff"
SHARE_OF_CASES = "0.2"
"""Of the random cases that the tests try otherwise; what runs for each mutant must be quick."""
NOTICED = ("killed", "timeout", "segfault")


def make() -> None:
    """Write the code with all mutants in it, and the tests beside it."""
    MUTANTS.mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    create_mutants(1)


def statuses() -> dict[str, str]:
    """What became of each mutant."""
    found: dict[str, str] = {}
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        found |= {name: status_by_exit_code[code] for name, code in data.exit_code_by_key.items()}
    return found


def chosen(names: Iterable[str], patterns: list[str], sample: int | None, seed: int) -> list[str]:
    """The mutants that match `patterns`; at random as many of them as `sample` says."""
    asked = sorted(name for name in names if any(fnmatch(name, one) for one in patterns))
    if sample is None or sample >= len(asked):
        return asked
    return sorted(random.Random(seed).sample(asked, sample))  # noqa: S311 - no secret


def run(names: list[str], children: int) -> int:
    """Try mutants; mutmut's exit status."""
    mutmut = str(Path(sys.executable).with_name("mutmut"))
    environment = {**os.environ, "BUCKSTOP_CASES": SHARE_OF_CASES}
    command = [mutmut, "run", f"--max-children={children}", *names]
    return subprocess.run(command, env=environment, check=False).returncode


def report(status: dict[str, str]) -> str:
    """How many mutants were noticed in each package; the others go into a file."""
    by_package: dict[str, Counter[str]] = {}
    for name, one in status.items():
        by_package.setdefault(name.split(".")[1], Counter())[one] += 1
    lines: list[str] = []
    for package, counts in by_package.items():
        noticed = sum(counts[one] for one in NOTICED) / counts.total()
        found = ", ".join(f"{number} {one}" for one, number in counts.most_common())
        lines.append(f"{package}: {noticed:.1%} of {counts.total()} noticed ({found})")
    unnoticed = [name for name, one in status.items() if one not in NOTICED]
    shown = (f"# {name}: {status[name]}\n{get_diff_for_mutant(name)}\n" for name in unnoticed)
    SURVIVORS.write_text("\n".join(shown), encoding="utf-8")
    return "\n".join([*lines, f"The others: {SURVIVORS.relative_to(ROOT)}"])


def main() -> int:
    """Try mutants; the exit status is mutmut's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patterns", nargs="*", default=["*"], help="names, such as '*.walk.*'")
    parser.add_argument("--sample", type=int, help="try only so many, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="which ones are drawn")
    parser.add_argument("--children", type=int, default=1, help="how many are tried at a time")
    given = parser.parse_args()
    os.chdir(ROOT)
    make()
    before = statuses()
    names = chosen(before, given.patterns, given.sample, given.seed)
    if not names:
        print(f"No mutant is called {' or '.join(given.patterns)}.", file=sys.stderr)
        return 2
    waiting = [name for name in names if before[name] not in NOTICED]
    exit_status = run(waiting, given.children) if waiting else 0
    after = statuses()
    print(report({name: after[name] for name in names}))
    return exit_status


if __name__ == "__main__":
    sys.exit(main())
