"""docs/record.md says what the record is: its kinds of findings, and a verifier of its own."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

from tests.ledger.record.recorded import EVENTS, Attacker, recorded, signed
from tests.ledger.record.test_evidence import KEY, OTHER, again, exchange_the_key, exported, put

from buckstop.ledger.record.discrepancy import MEANING, Kind
from buckstop.ledger.record.evidence import OfIncident

PAGE = (Path(__file__).parents[3] / "docs" / "record.md").read_text(encoding="utf-8")

PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_every_kind_of_finding_is_explained() -> None:
    """What `record verify` prints is found on the page, and nothing else is."""
    assert re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE) == list(get_args(Kind))
    assert set(MEANING) == set(get_args(Kind))


def test_the_verifier_of_the_page_verifies_without_buckstop(tmp_path: Path) -> None:
    """An auditor with nothing but Python gets the signed root, and sees an edit."""
    program, _ = PROGRAMS
    path = tmp_path / "ledger.db"
    recorded(path)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-c", program, str(path), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    for checkpoint in signed(path, 1, 7, EVENTS):
        root = base64.b64encode(checkpoint.root).decode()
        assert run(str(checkpoint.size)).stdout == f"{checkpoint.size}\n{root}\n"
    attacker = Attacker(path)
    attacker.run("UPDATE events SET body = replace(body, 'infra_sre', 'x') WHERE position = 5")
    attacker.leave()
    assert "altered: 5" in run().stderr


def test_the_evidence_verifier_of_the_page_verifies_without_buckstop(tmp_path: Path) -> None:
    """Whoever gets a file and a key needs Python alone, and sees each alteration."""
    _, program = PROGRAMS
    recorded(tmp_path / "ledger.db")
    put(tmp_path / "signed", tmp_path / "ledger.db", KEY, EVENTS)
    evidence = exported(tmp_path, OfIncident(1))
    path = tmp_path / "1.evidence"

    def run(data: bytes, key: object = KEY.verifier) -> tuple[str, str]:
        path.write_bytes(data)
        command = [sys.executable, "-I", "-c", program, str(path), str(key)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout, done.stderr

    out, err = run(evidence)
    assert err == ""
    bodies = [json.loads(line)["body"] for line in evidence.decode().splitlines()[1:-1]]
    assert [line.partition(" ")[2] for line in out.splitlines()] == bodies
    for data, key, why in (
        (evidence[:-90] + b"x" + evidence[-89:], KEY.verifier, "altered"),
        (evidence, OTHER.verifier, "another key"),
        (again(evidence, exchange_the_key), KEY.verifier, "another key"),
        (
            again(evidence, lambda values: values[0].update(checkpoint=forged(values))),
            KEY.verifier,
            "not signed by that key",
        ),
        (
            again(evidence, lambda values: values[1].update(body="{}")),
            KEY.verifier,
            "not as signed: 1",
        ),
        (
            again(evidence, lambda values: values[-1]["texts"]["/why"].update(text="x")),
            KEY.verifier,
            "not the text: ",
        ),
    ):
        assert why in run(data, key)[1]


def forged(values: list[Any]) -> str:
    """The checkpoint of the file, of a longer record."""
    return str(values[0]["checkpoint"]).replace(f"\n{EVENTS}\n", f"\n{EVENTS + 1}\n")
