"""Parts of a rule's alerts in words: which labels they have, and who answers for them."""

from __future__ import annotations

from buckstop.prover.model import PartAnswer, Verdict


def part_where(part: PartAnswer) -> str:
    """Which alerts: ``env prod, severity not page``."""
    return ", ".join(f"{name} {values}" for name, values in part.where) or "any"


def part_outcome(part: PartAnswer) -> str:
    """Who answers for them and who is told, or why nobody does."""
    told = ", ".join(part.receivers)
    if part.verdict is Verdict.PROVEN:
        return f"{part.team or 'nobody needs to answer'} ({told})"
    return part.reason
