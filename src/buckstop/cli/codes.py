"""What can be wrong with label sets given to a command."""

from __future__ import annotations

from typing import Final

from buckstop.diagnostics import Code, Level

LABEL_SET_INVALID: Final = Code(
    "label-set-invalid",
    Level.ERROR,
    "A line holds no label set",
    "Where this alert goes is not looked up, so nobody knows whether its owner is told.",
)
ROUTE_UNEXPECTED: Final = Code(
    "route-unexpected",
    Level.ERROR,
    "An alert reaches other receivers than expected",
    "Those who were to be told are not, or others are told who do not expect it.",
)
