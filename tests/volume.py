"""How many random cases a test tries: as many as it says, or the share BUCKSTOP_CASES of them."""

from __future__ import annotations

import os
from math import ceil

SHARE = float(os.environ.get("BUCKSTOP_CASES", "1"))
"""What runs once for each mutant must be quick."""


def cases(usual: int) -> int:
    """The share of `usual` that is tried."""
    return ceil(usual * SHARE)
