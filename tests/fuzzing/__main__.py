"""Fuzz every reader for as long as asked.

Usage: python -m tests.fuzzing [--seconds N] [--seed N] [--reader NAME]

Prints the executions of each reader and its slowest input; exits with 1 after a crash.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.fuzzing.readers import READERS
from tests.fuzzing.running import fuzz


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description="Fuzz every reader.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--reader", help="a part of the names of those that are wanted")
    asked = parser.parse_args()
    readers = [one for one in READERS if asked.reader is None or asked.reader in one.name]
    tally = fuzz(readers, seed=asked.seed, rounds=1, seconds=asked.seconds)
    for name, count in tally.executions.items():
        print(f"{name:<45} {count:>9,}   slowest {tally.slowest[name]:.3f} s")
    for crash in tally.crashes:
        print(f"\ncrash {crash}")
    print(
        f"\n{tally.executions.total():,} executions in {asked.seconds:,.0f} s, seed {asked.seed}: "
        f"{len(tally.crashes)} crashes"
    )
    return int(bool(tally.crashes))


if __name__ == "__main__":
    sys.exit(main())
