"""What is left of an expression when the values of labels and a threshold stand aside.

The rules of a file mostly differ in these, and neither decides whether an expression is valid, nor
what it uses of the language. So much is found out once for all expressions of one skeleton.
"""

from __future__ import annotations

import re
from typing import Final

MAX_LENGTH_WITH_SKELETON: Final = 1_000
"""Characters of an expression that may share its skeleton; a longer one is judged by itself."""

MAX_SKELETONS: Final = 16_384
"""Skeletons of which one thing is remembered."""

# The literal beginning lets the engine skip to the next place in question.
_VALUE = re.compile(r'="(?<=[A-Za-z0-9_!]=")[A-Za-z0-9_./:-]+"')
_THRESHOLD = re.compile(r"[1-9][0-9]{0,14}(?:\.[0-9]{1,15})?|0\.[0-9]{1,15}")


def skeleton_of(expr: str) -> str | None:
    """The skeleton of `expr`, an expression itself; None where it is too long to share one."""
    if len(expr) > MAX_LENGTH_WITH_SKELETON:
        return None
    skeleton = _VALUE.sub('="v"', expr)
    compared, _, last = skeleton.rpartition(" ")
    if compared.endswith(("<", ">", "=")) and _THRESHOLD.fullmatch(last):
        return f"{compared} 1"
    return skeleton
