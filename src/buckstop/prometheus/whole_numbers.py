"""Whole numbers as Prometheus's YAML reader takes them."""

from __future__ import annotations

from buckstop.diagnostics import Diagnostic
from buckstop.document import Node, as_float, as_int
from buckstop.document.codes import VALUE_INVALID


def read_whole_number(node: Node, name: str, lowest: int, highest: int) -> int | Diagnostic:
    """A number from `lowest` to `highest`; of one with a fraction the whole part, as in the server.

    Args:
        name: of the field, for messages.
    """
    number = as_int(node)
    if isinstance(number, Diagnostic):
        fraction = as_float(node)
        if isinstance(fraction, Diagnostic) or not lowest <= fraction <= highest:
            return number
        return int(fraction)
    if not lowest <= number <= highest:
        power = highest.bit_length()
        least = "0" if lowest == 0 else f"-2^{power}"
        return Diagnostic(
            VALUE_INVALID,
            f"'{name}' is out of range: from {least} to 2^{power} - 1",
            node.span,
        )
    return number
