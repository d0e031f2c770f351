"""One way of writing an expression, so that two spellings of the same compare equal.

Prometheus shows an expression as it writes it itself: brackets and spaces its own way, durations
in their longest units, the matchers of a selector in the order of their text.
"""

from __future__ import annotations

import re
from typing import Final

from buckstop.promql import Expression, parse

_STRING: Final = r'"(?:[^"\\]|\\.)*"'
_TEXT_OR_SELECTOR: Final = re.compile(rf"{_STRING}|\{{(?:[^\"{{}}]|{_STRING})*\}}")
_MATCHER: Final = re.compile(rf"[^\s,{{}}\"][^,{{}}\"]*{_STRING}")


def canonical(expr: str) -> str:
    """`expr` as this parser writes it, the matchers of each selector sorted.

    What cannot be parsed, and what the parser has only stand-ins for, is `expr` itself.
    """
    parsed = parse(expr)
    if not isinstance(parsed, Expression) or not parsed.is_exact:
        return expr
    return _TEXT_OR_SELECTOR.sub(_sorted, str(parsed.tree))


def _sorted(found: re.Match[str]) -> str:
    text = found[0]
    if text.startswith('"'):
        return text
    return "{" + ",".join(sorted(_MATCHER.findall(text))) + "}"
