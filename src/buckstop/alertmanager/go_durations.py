"""Durations as Go itself writes them: ``-1.5h``, ``30s``, ``0``; some fields of receivers."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.document import Scalar, as_float, as_int
from buckstop.prometheus.durations import MAX_DURATION_LENGTH

_NANOSECONDS: Final = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_PART: Final = re.compile(rf"([0-9]+\.?[0-9]*|\.[0-9]+)({'|'.join(_NANOSECONDS)})")
_DURATION: Final = re.compile(rf"[-+]?(?:0|(?:{_PART.pattern})+)")
_MAX_NANOSECONDS: Final = 2**63 - 1


def is_go_duration(text: str) -> bool:
    """Whether Go reads `text` as a duration: some 292 years at most, in either direction."""
    if len(text) > MAX_DURATION_LENGTH or _DURATION.fullmatch(text) is None:
        return False
    total = sum(int(Fraction(number) * _NANOSECONDS[unit]) for number, unit in _PART.findall(text))
    return total <= _MAX_NANOSECONDS + text.startswith("-")


def is_nanoseconds(node: Scalar) -> bool:
    """Whether a number without a unit stands for a duration, which is then of nanoseconds."""
    whole = as_int(node)
    number = as_float(node) if isinstance(whole, Diagnostic) else whole
    return not isinstance(number, Diagnostic) and number <= _MAX_NANOSECONDS
