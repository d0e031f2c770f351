"""docs/record.md says what the record is: its kinds of findings, and a verifier of its own."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

from tests.ledger.record.recorded import EVENTS, Attacker, recorded, signed

from buckstop.ledger.record.discrepancy import MEANING, Kind

PAGE = (Path(__file__).parents[3] / "docs" / "record.md").read_text(encoding="utf-8")


def test_every_kind_of_finding_is_explained() -> None:
    """What `record verify` prints is found on the page, and nothing else is."""
    assert re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE) == list(get_args(Kind))
    assert set(MEANING) == set(get_args(Kind))


def test_the_verifier_of_the_page_verifies_without_buckstop(tmp_path: Path) -> None:
    """An auditor with nothing but Python gets the signed root, and sees an edit."""
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
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
