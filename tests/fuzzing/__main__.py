"""Fuzz every reader for as long as asked.

Usage: python -m tests.fuzzing [--seconds N] [--seed N] [--reader NAME]

Prints a line each minute, and at the end, by time, Ctrl-C or SIGTERM, the executions of each reader
and its slowest input; exits with 1 after a crash.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time

from tests.fuzzing.readers import READERS
from tests.fuzzing.running import Tally, fuzz


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description="Fuzz every reader.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--reader", help="a part of the names of those that are wanted")
    asked = parser.parse_args()
    readers = [one for one in READERS if asked.reader is None or asked.reader in one.name]
    # SIGTERM is what ends a run in the background.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    told_crashes = 0

    def tell(tally: Tally) -> None:
        nonlocal told_crashes
        print(_summary(tally, asked.seed), flush=True)
        for crash in tally.crashes[told_crashes:]:
            print(f"crash {crash}", flush=True)
        told_crashes = len(tally.crashes)

    tally = fuzz(readers, seed=asked.seed, rounds=1, seconds=asked.seconds, tell=tell)
    for name, count in tally.executions.items():
        spent, identity = tally.slowest[name]
        print(f"{name:<45} {count:>9,}   slowest {spent:.3f} s ({identity})")
    tell(tally)
    if tally.cut_short_at is not None:
        print(f"cut short while it read {tally.cut_short_at}")
    return int(bool(tally.crashes))


def _summary(tally: Tally, seed: int) -> str:
    slowest, identity = max(tally.slowest.values(), default=(0.0, "none"))
    return (
        f"{tally.executions.total():,} executions in {tally.seconds:,.0f} s, seed {seed}: "
        f"{len(tally.crashes)} crashes, slowest {slowest:.1f} s ({identity})"
    )


if __name__ == "__main__":
    sys.exit(main())
