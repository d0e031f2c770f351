"""An objective as a condition that holds while it is broken, and values on either side of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from buckstop.charter.model import Objective
from buckstop.compiler.notation import number

MARGIN: Final = 0.01
"""How far beyond an objective a test's value lies, relative to the objective."""


@dataclass(frozen=True, slots=True)
class Worst:
    """PromQL for the value that counts where several exporters export one SLI.

    Both without labels: whatever the exporters' pods are called, it is one alert.
    """

    low: str
    high: str

    def against(self, objective: Objective) -> str:
        """The one that is nearer to breaking `objective`; the higher one for a range."""
        return self.low if objective.operator in {">=", ">"} else self.high


def breach(worst: Worst, objective: Objective) -> str:
    """PromQL that has a result, the worst value, exactly while the objective is broken."""
    bound = number(objective.value)
    match objective.operator:
        case ">=":
            return f"{worst.low} < {bound}"
        case ">":
            return f"{worst.low} <= {bound}"
        case "<=":
            return f"{worst.high} > {bound}"
        case "<":
            return f"{worst.high} >= {bound}"
        case "in":
            assert objective.upper is not None
            return f"({worst.low} < {bound} or {worst.high} > {number(objective.upper)})"


def broken_values(objective: Objective) -> tuple[float, ...]:
    """Values just on the wrong side: one a bound, so that each bound is proven to be watched.

    Where the bound itself is on the wrong side, it is the value.
    """
    step = _step(objective.value)
    match objective.operator:
        case ">" | "<":
            return (objective.value,)
        case ">=":
            return (objective.value - step,)
        case "<=":
            return (objective.value + step,)
        case "in":
            assert objective.upper is not None
            return (objective.value - step, objective.upper + _step(objective.upper))


def kept_values(objective: Objective) -> tuple[float, ...]:
    """Values just on the right side; where the bound itself is on the right side, it."""
    step = _step(objective.value)
    match objective.operator:
        case ">=" | "<=":
            return (objective.value,)
        case ">":
            return (objective.value + step,)
        case "<":
            return (objective.value - step,)
        case "in":
            assert objective.upper is not None
            return (objective.value, objective.upper)


def _step(bound: float) -> float:
    return MARGIN * abs(bound) or MARGIN
