"""What was seen of copies, put together for each incident and into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from buckstop.ledger.domain.act_events import Leading, Led
from buckstop.ledger.domain.leading import Seen
from buckstop.ledger.outbox.copies import MAKES_SURE
from buckstop.ledger.outbox.plan import State, Word

_WORST_FIRST: Final[tuple[Word, ...]] = ("not_led", "copying", "copied", "led")


def seen(states: Sequence[State], *, is_dry_run: bool) -> Mapping[int, Seen]:
    """By incident: its alert that is least far speaks for it."""
    worst: dict[int, State] = {}
    for state in states:
        number = state.copy.incident
        known = worst.get(number)
        if known is None or _WORST_FIRST.index(state.word) < _WORST_FIRST.index(known.word):
            worst[number] = state
    return {number: _seen(state, is_dry_run=is_dry_run) for number, state in worst.items()}


def _seen(state: State, *, is_dry_run: bool) -> Seen:
    copy = state.copy
    word: Leading = "would" if is_dry_run else state.word
    return Seen(Led(copy.sequence, copy.team, word, state.servers), _sentence(state, word))


def _sentence(state: State, word: Leading) -> str:
    team = state.copy.team_name
    because = f": {state.why}" if state.why else ""
    match word:
        case "would":
            held = " and silence the original" if state.copy.hides_original else ""
            return (
                f"Dry run, nothing is sent: a copy would lead it to {team}{held}, on "
                f"{len(state.servers)} Alertmanagers{because}."
            )
        case "copying":
            return f"A copy of the alert is on its way to {team}."
        case "copied":
            return f"{team} is notified by a copy; so is, still, the team before it{because}."
        case "led" if state.copy.sequence == MAKES_SURE:
            return (
                "Alertmanager may take the alert for one that it has told already: "
                f"{team} is notified by a copy."
            )
        case "led":
            return f"{team} is notified instead of the team before it{because}."
        case "not_led":
            return f"Not led to {team}, and the team before it stays notified{because}."
