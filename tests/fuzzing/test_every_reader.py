"""Whatever is in a file, a reader answers: no exception but those it promises, no place outside."""

from __future__ import annotations

import ast
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzzing import running
from tests.fuzzing.readers import REACHED_THROUGH_OTHERS, READERS, Reader
from tests.fuzzing.running import Tally, execute, fuzz

SOURCE = Path(__file__).parents[2] / "src" / "buckstop"
OUTSIDE = {"str", "bytes", "str | bytes", "str | None", "IO[bytes]", "Mapping[str, str]"}
"""How what a user gives is typed; a reader of anything else is given what another reader made."""
OWN_WRITING = {"debian", "demo", "servers"}
"""Packages that read only what they themselves, or the tools that they start, have written."""
VERBS = ("read", "parse", "parsed", "load", "decode")
ROUNDS = 25
BUDGET_SECONDS = float(os.environ.get("BUCKSTOP_FUZZ_SECONDS", "60"))


def public_readers() -> set[str]:
    """The full names of all public functions that turn a user's text into something."""
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        if parts[1] in OWN_WRITING:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.split("_")[0] not in VERBS:
                continue
            taken = node.args.args[0].annotation if node.args.args else None
            if taken is not None and (
                ast.unparse(taken) in OUTSIDE or "Stream" in ast.unparse(taken)
            ):
                found.add(".".join((*parts, node.name)))
    return found


def test_no_reader_is_forgotten() -> None:
    """A new reader is fuzzed from its first day: add it to `READERS` in readers.py."""
    covered = {name for reader in READERS for name in reader.covers}
    assert public_readers() <= covered | REACHED_THROUGH_OTHERS.keys()


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_seeds_are_read(reader: Reader) -> None:
    """The fuzzing starts from files that get far, and they are as sound as what comes of them."""
    for seed in reader.seeds:
        execute(reader, seed, rendered=True)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_a_file_that_says_it_is_utf_16_is_answered(reader: Reader) -> None:
    """A mark that does not fit what follows makes another text, and places are places of that."""
    execute(reader, b"\xfe\xff" + reader.seeds[0])


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_noise_is_answered(reader: Reader, data: bytes) -> None:
    """An image, an archive or half a download is an answer, not a traceback."""
    execute(reader, data)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_broken_files_are_answered(reader: Reader) -> None:
    """Files with the slips that people make, and with those that attackers make."""
    seed = random.randrange(2**32)
    assert fuzz([reader], seed=seed, rounds=ROUNDS).crashes == []


def test_a_run_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run of hours has done by now is seen while it goes on."""
    monkeypatch.setattr(running, "TOLD_EVERY_SECONDS", 0.0)
    told: list[int] = []

    def tell(tally: Tally) -> None:
        told.append(tally.executions.total())

    fuzz([Reader(("one",), lambda _: (), (b"a",))], seed=1, rounds=3, tell=tell)
    assert told == [0, 1, 2, 3]


def test_a_run_that_is_cut_short_counts() -> None:
    """A night's run that is ended early says what it did, and which input it was held up by."""
    readings = 0

    def read(_: bytes) -> tuple[()]:
        nonlocal readings
        readings += 1
        if readings == 3:
            raise KeyboardInterrupt
        return ()

    tally = fuzz([Reader(("one",), read, (b"a",))], seed=7, rounds=10)
    assert (tally.executions.total(), tally.cut_short_at) == (2, "7:2:one")


def test_a_run_in_the_background_is_ended_by_a_signal() -> None:
    """SIGTERM ends a run with its tally and its seed instead of with nothing."""
    command = [sys.executable, "-m", "tests.fuzzing", "--seconds", "600", "--seed", "5"]
    folder = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        begin = run.stdout.readline()
        run.send_signal(signal.SIGTERM)
        rest = run.stdout.read()
    assert begin.startswith("0 executions in 0 s, seed 5: 0 crashes")
    assert "seed 5: 0 crashes" in rest
    assert "cut short while it read " in rest


@pytest.mark.nightly
@pytest.mark.timeout(BUDGET_SECONDS + 300)
def test_broken_files_are_answered_all_night() -> None:
    """The same for as long as BUCKSTOP_FUZZ_SECONDS says, all readers in turn."""
    seed = random.randrange(2**32)
    tally = fuzz(READERS, seed=seed, rounds=1, seconds=BUDGET_SECONDS)
    print(f"{tally.executions.total():,} executions, seed {seed}")
    assert tally.crashes == []
