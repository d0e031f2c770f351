"""The API against its own description: Schemathesis makes requests up, good and bad ones."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.ledger.ledger_world import feed_alert, labels
from tests.web.attacks.attacked import UNLIMITED, attacked, token_of

INCIDENTS = 60
SECONDS = int(os.environ.get("BUCKSTOP_API_FUZZ_SECONDS", "600"))
"""How long the nightly run is."""
PATIENCE_SECONDS = 90
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


@pytest.mark.parametrize(
    "seconds",
    [10, pytest.param(SECONDS, marks=[pytest.mark.nightly, pytest.mark.timeout(SECONDS + 300)])],
)
def test_every_answer_is_one_that_the_description_promises(tmp_path: Path, seconds: int) -> None:
    """No 5xx, no status or body beyond the document, nothing without a token, no traceback."""
    with attacked(tmp_path, prelude=UNLIMITED) as ledger:
        now = datetime.now(UTC)
        alerts = [feed_alert(labels(model=f"m{number}"), now) for number in range(INCIDENTS)]
        with ledger.client("prom") as client:
            while client.post("/feed/p/api/v2/alerts", json=alerts).status_code == 503:
                pass
        run = subprocess.run(
            [
                str(SCHEMATHESIS),
                "run",
                f"{ledger.serve.url}/api/v1/openapi.json",
                "--header",
                f"Authorization: Bearer {token_of('maria')}",
                "--checks=all",
                "--continue-on-failure",
                f"--max-time={seconds}",
            ],
            capture_output=True,
            text=True,
            timeout=seconds + PATIENCE_SECONDS,
            cwd=tmp_path,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        assert re.search(r"Operations: +([0-9]+) selected / \1 total", run.stdout)
        assert ledger.serve.stop() == 0
        assert "Traceback" not in ledger.serve.log
