"""What ``check --confirm`` says of amtool's answers, in words."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.cli.report import Confirmation


def confirmed(confirmation: Confirmation) -> Iterator[str]:
    """The lines for people."""
    amtool = f"amtool {confirmation.version}"
    for file in confirmation.refused:
        yield f"Not confirmed: {amtool} does not take {file}, for the reasons above."
    if confirmation.replayed:
        rules = (
            ""
            if confirmation.witnesses == confirmation.agreed
            else (f", which stand for {confirmation.witnesses:,} rules")
        )
        yield (
            f"Confirmed by {amtool}: {confirmation.agreed:,} of {confirmation.replayed:,} "
            f"alerts{rules}."
        )
    elif not confirmation.refused:
        yield f"Nothing to confirm by {amtool}: no verdict has a label set beside it."
    if confirmation.left_out:
        were = "was" if confirmation.left_out == 1 else "were"
        yield f"{confirmation.left_out:,} more {were} not replayed: that would take too long."
