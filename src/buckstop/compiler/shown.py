"""Numbers as a page shows them: Prometheus's template functions, and their results in Python.

The Python side is needed to say what a promtool test must expect; promtool is its judge. After
``template/template.go`` of Prometheus 2.42 (the same in 2.53).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A way to show a number: `template` for the rule, `show` for what comes of it."""

    template: str
    show: Callable[[float], str]


def _four_digits(value: float) -> str:
    return f"{value:.4g}"


def _percentage(value: float) -> str:
    return f"{value * 100:.4g}%"


def _duration(seconds: float) -> str:
    if seconds == 0:
        return "0s"
    sign, rest = ("-", -seconds) if seconds < 0 else ("", seconds)
    if rest < 1:
        return _fraction(sign, rest)
    if rest < 60:
        return f"{sign}{rest:.4g}s"
    whole = int(rest)
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    text = f"{minutes}m {whole % 60}s"
    if whole >= 3600:
        text = f"{hours}h {text}"
    if days:
        text = f"{days}d {text}"
    return f"{sign}{text}"


def _fraction(sign: str, seconds: float) -> str:
    prefix = ""
    for prefix in ("m", "u", "n", "p"):  # noqa: B007 - the last one tried is the one shown
        seconds *= 1000
        if seconds >= 1:
            break
    return f"{sign}{seconds:.4g}{prefix}s"


def _count(value: float) -> str:
    return f"{value:.0f}"


NUMBER = Format('{{ $value | printf "%.4g" }}', _four_digits)
COUNT = Format('{{ $value | printf "%.0f" }}', _count)
PERCENTAGE = Format("{{ $value | humanizePercentage }}", _percentage)
DURATION = Format("{{ $value | humanizeDuration }}", _duration)
