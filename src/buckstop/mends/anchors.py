"""Whether it matters how often a pattern is anchored."""

from __future__ import annotations

import re

_LEAVES = re.compile(r"\).*\(", re.DOTALL)


def leaves_its_anchors(pattern: str) -> bool:
    """Whether `pattern` may close the bracket that its anchors stand around, as ``a)|(?:b`` does.

    One that does not means the same anchored once and twice.
    """
    return _LEAVES.search(pattern) is not None
