"""docs/ledger.md says what the ledger does: its metrics, paths, tokens and figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.web.served_ledger import Served, run

from buckstop.charter.model import Handover
from buckstop.ledger.domain.book import HOLD_SECONDS, TOMBSTONE_SECONDS
from buckstop.ledger.domain.labels import DEFAULT_REPLICA_LABELS, LEDGER_LABEL_PREFIX
from buckstop.ledger.domain.observe import OVERTAKEN_SECONDS
from buckstop.ledger.ledger import Patience
from buckstop.web.asking import ACTS
from buckstop.web.guard import INTAKE_BYTES
from buckstop.web.tokens import SCOPES, read_tokens

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "ledger.md").read_text(encoding="utf-8")
HANDOVER = (DOCS / "handover.md").read_text(encoding="utf-8")


def test_every_metric_is_documented_and_every_documented_one_exists(tmp_path: Path) -> None:
    """Whoever writes an alert on the ledger finds the names here."""

    async def scenario(served: Served) -> str:
        await served.fire()
        return (await served.client.get("/metrics")).text

    text = run(tmp_path, scenario)
    exported = {
        name
        for name in re.findall(r"^# TYPE (\w+)", text, re.MULTILINE)
        if not name.endswith("_created")
    }
    assert set(re.findall(r"`(buckstop_\w+)[`{]", PAGE)) - {LEDGER_LABEL_PREFIX} == exported


def test_every_path_of_the_api_is_documented(tmp_path: Path) -> None:
    """The table of requests is whole."""

    async def scenario(served: Served) -> list[str]:
        return list((await served.client.get("/api/v1/openapi.json")).json()["paths"])

    for path in run(tmp_path, scenario):
        assert f"{path.replace('{incident_id}', 'ID')}" in PAGE


def test_the_example_of_a_tokens_file_is_one(tmp_path: Path) -> None:
    """It can be copied; each scope is explained."""
    example = next(
        block for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL) if "sha256 of" in block
    )
    (tmp_path / "tokens").write_text(example)
    assert len(read_tokens(tmp_path / "tokens").entries) == 2
    for scope in SCOPES:
        assert f"| `{scope}` |" in PAGE


@pytest.mark.parametrize(
    "said",
    [
        f"{INTAKE_BYTES // 1024**2} MiB",
        f"waits {Patience().hearing_seconds:.0f} s",
        "holds for one hour" if HOLD_SECONDS == 3600 else "",
        "up to a minute after" if OVERTAKEN_SECONDS == 60 else "",
        "within a minute" if Patience().unheard_seconds == 60 else "",
        *(f"`{label}`" for label in DEFAULT_REPLICA_LABELS),
    ],
)
def test_figures_are_those_of_the_code(said: str) -> None:
    """A limit that is changed is changed in the page too."""
    assert said
    assert said in PAGE


@pytest.mark.parametrize(
    "said",
    [
        f"waits for {Handover().answer_within_seconds / 60:.0f} minutes",
        f"within {TOMBSTONE_SECONDS // 60} minutes",
        "nothing for an hour" if HOLD_SECONDS == 3600 else "",
        f"reroute: {Handover().reroute}",
        *(f"**{deed}**" for deed in ACTS),
    ],
)
def test_the_page_on_handovers_says_what_the_code_does(said: str) -> None:
    """Each act has its line, and the times are those that hold."""
    assert said
    assert said in HANDOVER
