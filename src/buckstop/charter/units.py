"""Numbers as people write them: ``500ms``, ``99.9%``, ``>= 0.85``, ``in 0.2..0.6``.

Read exactly, in decimal, and turned into a float once at the end, so that ``99.9%`` is the float
nearest to 0.999 and not the result of a division.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, cast

from buckstop.charter.model import Objective, Operator

Unit = Literal["seconds", "ratio", "number", "any"]
"""What an SLI is measured in. A ratio may be written in percent, seconds need their unit; ``any``
is for the user's own expression, whose unit only the user knows."""

BASELINE: Final = "baseline"
"""The word for the model's own reference value of the SLI, in ``<= 1.2 * baseline``."""

_SECONDS_IN: Final = {
    "us": Decimal("0.000001"),
    "ms": Decimal("0.001"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86400),
}
_SCALES: Final[dict[Unit, dict[str, Decimal]]] = {
    "seconds": _SECONDS_IN,
    "ratio": {"%": Decimal("0.01")},
    "number": {},
    "any": {"%": Decimal("0.01"), **_SECONDS_IN},
}
_MEASURED_IN: Final[dict[Unit, str]] = {
    "seconds": "time",
    "ratio": "shares of one",
    "number": "plain numbers",
    "any": "shares, times or plain numbers",
}
_NUMBER: Final = r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY: Final = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>%|[A-Za-zµ]*)", re.ASCII)
_COMPARISON: Final = re.compile(r"(?P<operator><=|>=|<|>)\s*(?P<rest>.*)", re.DOTALL)
_RANGE: Final = re.compile(r"in\s+(?P<low>.+?)\s*\.\.\s*(?P<high>.+)", re.DOTALL)
_RELATIVE: Final = re.compile(
    rf"(?:(?P<factor>{_NUMBER})\s*\*\s*{BASELINE}|{BASELINE}(?:\s*\*\s*(?P<after>{_NUMBER}))?)",
    re.ASCII,
)

_LARGEST: Final = Decimal("1e100")
"""So that a threshold, times a baseline and in base units, is a finite float."""
_SHOWN: Final = 40
"""Characters of a number that a message repeats."""

_COMMA: Final = re.compile(r"\d,\d")
_THOUSANDS: Final = re.compile(r"\d,\d{3}(?!\d)")

EXAMPLES: Final[dict[Unit, str]] = {
    "seconds": "`<= 500ms`, `< 1.5s`",
    "ratio": "`>= 0.85`, `>= 85%`",
    "number": "`<= 12.5`, `<= 1.2 * baseline`",
    "any": "`<= 12.5`, `in 0.2..0.6`, `<= 500ms`, `>= 99%`",
}
"""How an objective in that unit is written, for hints."""


class UnitError(ValueError):
    """The text is no such quantity; the message says what is wrong, `hint` how to write it."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class WrittenObjective:
    """An objective as written, not yet applied to a model's baseline.

    Attributes:
        operator: None for a bare quantity such as ``99.9%``.
        value: the bound in base units; a factor where `relative`.
        upper: the upper bound of a range, else None.
        relative: whether `value` multiplies the baseline.
        text: as written, spaces tidied.
    """

    operator: Operator | None
    value: Decimal
    upper: Decimal | None
    relative: bool
    text: str

    def settle(self, default_operator: Operator, baseline: Decimal | None) -> Objective:
        """The threshold itself. `baseline` must be given where the objective is relative."""
        value = self.value
        if self.relative:
            assert baseline is not None, (
                "the caller checks that a relative objective has a baseline"
            )
            value *= baseline
        return Objective(
            operator=self.operator or default_operator,
            value=float(value),
            upper=None if self.upper is None else float(self.upper),
            text=self.text,
        )


def parse_objective(text: str, unit: Unit) -> WrittenObjective:
    """Read an objective on an SLI that is measured in `unit`. Raises `UnitError`."""
    stripped = " ".join(text.split())
    if in_range := _RANGE.fullmatch(stripped):
        low = _quantity(in_range["low"], unit)
        high = _quantity(in_range["high"], unit)
        if low > high:
            raise UnitError(
                f"the range `{stripped}` is empty: {in_range['low']} is above {in_range['high']}",
                f"write the smaller bound first: `in {in_range['high']}..{in_range['low']}`",
            )
        return WrittenObjective("in", low, high, relative=False, text=stripped)
    if not (comparison := _COMPARISON.fullmatch(stripped)):
        return WrittenObjective(
            None, _quantity(stripped, unit), None, relative=False, text=stripped
        )
    operator = cast("Operator", comparison["operator"])
    rest = comparison["rest"]
    tidy = f"{operator} {rest}"
    if relative := _RELATIVE.fullmatch(rest):
        factor = _decimal(relative["factor"] or relative["after"] or "1")
        return WrittenObjective(operator, factor, None, relative=True, text=tidy)
    return WrittenObjective(operator, _quantity(rest, unit), None, relative=False, text=tidy)


def parse_number(text: str) -> Decimal:
    """A plain number, exactly. Raises `UnitError`."""
    if not re.fullmatch(_NUMBER, text.strip(), re.ASCII):
        raise UnitError(f"`{text}` is not a number", _comma_hint(text))
    return _decimal(text.strip())


def _decimal(text: str) -> Decimal:
    """What matches `_NUMBER`, unless it lies beyond all that is measured. Raises `UnitError`."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = None
    if number is None or abs(number) > _LARGEST:
        raise UnitError(
            f"`{text[:_SHOWN]}{'…' if len(text) > _SHOWN else ''}` is beyond all that is measured",
            "write a number of at most 1e100",
        )
    return number


def _quantity(text: str, unit: Unit) -> Decimal:
    match = _QUANTITY.fullmatch(text.strip())
    if match is None:
        hint = _comma_hint(text) or f"write it like {EXAMPLES[unit]}"
        raise UnitError(f"`{text}` is not an objective", hint)
    number, suffix = _decimal(match["number"]), match["unit"].replace("µ", "u")
    if suffix == "" and unit == "seconds":
        raise UnitError(
            f"`{text}` has no unit", f"say which: `{match['number']}ms` or `{match['number']}s`"
        )
    if suffix == "":
        return number
    if suffix in _SCALES[unit]:
        return number * _SCALES[unit][suffix]
    known = ", ".join(_SCALES[unit]) or "none"
    raise UnitError(
        f"`{suffix}` is no unit of this SLI, which is measured in {_MEASURED_IN[unit]}",
        f"units that can stand here: {known}; write it like {EXAMPLES[unit]}",
    )


def _comma_hint(text: str) -> str | None:
    """How to write a number whose decimals, or thousands, stand behind a comma."""
    if not _COMMA.search(text):
        return None
    hint = f"numbers have a decimal point: `{text.replace(',', '.')}`"
    if _THOUSANDS.search(text):
        hint += f"; thousands are not separated: `{text.replace(',', '')}`"
    return hint
