"""The measured seconds as JSON: what scripts and benchmarks read."""

from __future__ import annotations

from typing import Any

from buckstop.demo.story import Seen, Story, split


def to_json(story: Story) -> dict[str, Any]:
    """The run as plain values. All moments are seconds after the breach; None was not seen."""
    return {
        "version": 1,
        "servers": story.servers,
        "answered": not story.unanswered,
        "first_owner_seconds": _rounded(story.first_owner_seconds),
        "ledger_intake": None
        if story.intake is None
        else {
            "requests": story.intake.requests,
            "mean_seconds": _rounded(story.intake.mean_seconds),
            "median_at_most_seconds": story.intake.median_at_most_seconds,
        },
        "breaks": [_break(one) for one in story.seen],
        "refusals": list(story.refusals),
    }


def _break(seen: Seen) -> dict[str, Any]:
    parts = split(seen)
    healed_to_resolved = (
        None if seen.resolved is None or seen.healed is None else seen.resolved - seen.healed
    )
    return {
        "break": seen.what.name,
        "alert": seen.what.alert,
        "team": seen.what.team,
        "answered": seen.answered,
        "owner": seen.owner,
        "recipients": list(seen.recipients),
        "seconds_after_breach": {
            "visible": _rounded(seen.since_made(seen.visible)),
            "crossed": _rounded(seen.since_made(seen.crossed)),
            "firing": _rounded(seen.since_made(seen.firing)),
            "paged": _rounded(seen.since_made(seen.paged)),
            "owned": _rounded(seen.since_made(seen.owned)),
        },
        "resolved_seconds_after_healing": _rounded(healed_to_resolved),
        "seconds_spent": {
            "signal": _rounded(parts.signal_seconds),
            "evaluation": _rounded(parts.evaluation_seconds),
            "for": _rounded(parts.holding_seconds),
            "alertmanager": _rounded(parts.grouping_seconds),
            "recording": _rounded(parts.recording_seconds),
        },
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 4)
