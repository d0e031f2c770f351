"""Whatever becomes of a manifest, it is answered: slips at random, from a seed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from buckstop.document import emit, to_plain
from buckstop.kubernetes import Stream, enclosed, read_manifests

SHOP = sorted((Path(__file__).parent / "shop").glob("*.yaml"))
SEED = 3
SLIPS = (
    *("5", "[]", "{}", "null", '"x"', "|", ">", "- a", ": ", "{", "]", "&a", "*a", "<<: *a"),
    *("!!str", "\t", "\0", "é", "true", "---\n", "kind: List", "kind: Secret", "items: []"),
    *("spec: 5", "metadata: 5", "name: [a]", "namespace: {}", "labels: 7", "data: 3"),
)


def slipped(rng: random.Random, text: str) -> str:
    """`text` with a few slips of a hand: lines lost, doubled, shifted; values of other kinds."""
    lines = text.split("\n")
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines))
        match rng.randrange(6):
            case 0:
                lines[at] = f"{lines[at].split(':')[0]}: {rng.choice(SLIPS)}"
            case 1:
                lines[at : at + 1] = []
            case 2:
                lines.insert(at, rng.choice(lines))
            case 3:
                lines[at] = " " * rng.randint(0, 6) + rng.choice(SLIPS)
            case 4:
                cut = rng.randrange(len(lines[at]) + 1)
                lines[at] = lines[at][:cut] + rng.choice(SLIPS) + lines[at][cut:]
            case _:
                lines[at] = f"  {lines[at]}"
        lines = lines or [""]
    return "\n".join(lines)


def read_slipped(seed: int) -> None:
    rng = random.Random(seed)
    texts = [path.read_text(encoding="utf-8") for path in SHOP]
    text = "---\n".join(slipped(rng, one) if rng.random() < 0.6 else one for one in texts)
    try:
        manifests = read_manifests([Stream(text.encode(), "-", is_piped=True)])
        for found in manifests.findings:
            enclosed(found, manifests.enclosures)
        for routed in manifests.routed:
            emit(to_plain(routed.node))
    except Exception as error:
        raise AssertionError(f"seed {seed}:\n{text}") from error


def test_no_slip_ends_in_a_traceback() -> None:
    """A finding, or nothing to find; never an exception."""
    for number in range(150):
        read_slipped(SEED * 1_000 + number)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_many_slips_end_in_no_traceback() -> None:
    """The same, from a new seed every night."""
    start = random.SystemRandom().randrange(1_000_000_000)
    for number in range(20_000):
        read_slipped(start + number)
