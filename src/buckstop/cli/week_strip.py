"""The week of a team, drawn: a line a day, a character each half hour."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from rich.text import Text

from buckstop.alertmanager.week import WEEKDAYS, Stretch, Told, slots

_DRAWN: Final[dict[Told, tuple[str, str]]] = {
    "always": ("█", "green"),
    "at times": ("▒", "yellow"),
    "never": ("·", "bold red"),
}
_WORDS: Final[dict[Told, str]] = {
    "always": "told",
    "at times": "told in part, or in some weeks only",
    "never": "nobody is told",
}
_CELLS_PER_HOUR: Final = 2
_HOURS_MARKED: Final = range(0, 24, 3)
_MARGIN: Final = len(WEEKDAYS[0]) + 1


def week_strip(week: Sequence[Stretch]) -> tuple[Text, ...]:
    """The hours, seven days from Monday on, and what the characters mean; readable unstyled."""
    marks = "".join(f"{hour:02}".ljust(3 * _CELLS_PER_HOUR) for hour in _HOURS_MARKED)
    days = slots(week)
    kinds = [kind for kind in _DRAWN if any(kind in day for day in days)]
    return (
        Text(f"{' ' * _MARGIN}{marks}24", "dim"),
        *(
            Text.assemble(
                name.ljust(_MARGIN), *(_drawn(kind, len(list(same))) for kind, same in groupby(day))
            )
            for name, day in zip(WEEKDAYS, days, strict=True)
        ),
        Text.assemble(" " * _MARGIN, Text("   ").join(_legend(kind) for kind in kinds)),
    )


def _drawn(kind: Told, cells: int) -> tuple[str, str]:
    character, style = _DRAWN[kind]
    return character * cells, style


def _legend(kind: Told) -> Text:
    return Text.assemble(_DRAWN[kind], f" {_WORDS[kind]}")
