"""Regular expressions as Prometheus and Alertmanager read them: RE2 syntax, anchored.

A pattern must match the whole value, as ``^(?:pattern)$`` does without ``(?s)``: ``.`` does not
match a newline and ``$`` does not tolerate a trailing one. Python's own ``re`` differs in both, in
case folding and in what ``\\d`` means, so it is never used for a user's pattern.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any, Final

import re2

MAX_PATTERN_LENGTH: Final = 100_000
"""Characters of one pattern."""

MAX_PROGRAM_BYTES: Final = 64 << 20
"""Memory that RE2 may use for one pattern."""

_LITERALS = re.compile(r"[A-Za-z0-9_ \-/:@]*(?:\|[A-Za-z0-9_ \-/:@]*)*", re.ASCII)
_ESCAPES = re.compile(r"\\Q.*?(?:\\E|\Z)|\\.", re.DOTALL)


class PatternError(ValueError):
    """A pattern that the servers refuse; the message says why."""


def listed_values(pattern: str) -> frozenset[str] | None:
    """The values that `pattern` matches where it lists them, as ``a|b`` does; None where not."""
    return frozenset(pattern.split("|")) if _LITERALS.fullmatch(pattern) else None


@functools.lru_cache(maxsize=10_000)
def compile_pattern(pattern: str, *, dot_newline: bool = False) -> Callable[[str], bool]:
    """A test of whether a whole value matches `pattern`.

    Args:
        dot_newline: whether ``.`` matches a newline: in Prometheus from 3.0, never in Alertmanager.

    Raises:
        PatternError: if the servers' own engine refuses it.
    """
    listed = listed_values(pattern)
    if listed is not None:
        # Most patterns are a choice of names: a set decides them without an engine.
        return listed.__contains__
    program = engine_program(pattern, dot_newline=dot_newline)

    def matches(value: str) -> bool:
        # In bytes, of which RE2 need not say where in the text they stand: that takes it longest.
        try:
            encoded = value.encode()
        except UnicodeEncodeError:
            encoded = _as_servers_read(value).encode()
        return program.search(encoded) is not None

    return matches


@functools.lru_cache(maxsize=10_000)
def engine_program(pattern: str, *, dot_newline: bool = False) -> Any:
    """RE2's program that finds a whole value where it matches `pattern`, with its groups.

    Raises:
        PatternError: if the servers' own engine refuses it.
    """
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise PatternError(f"longer than {MAX_PATTERN_LENGTH} characters")
    _refuse_what_only_re2_takes(pattern)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_PROGRAM_BYTES
    group = "(?s:" if dot_newline else "(?:"
    try:
        return re2.compile(f"^{group}{pattern})$", options)
    except re2.error as error:
        raise PatternError(_reason(error, pattern)) from None
    except UnicodeEncodeError:
        raise PatternError("not valid UTF-8") from None


def _refuse_what_only_re2_takes(pattern: str) -> None:
    """The C++ engine takes ``\\C``, any one byte, which the servers' Go engine does not."""
    if any(escape.group() == r"\C" for escape in _ESCAPES.finditer(pattern)):
        raise PatternError(r"invalid escape sequence: \C")


def _as_servers_read(value: str) -> str:
    """Half of a surrogate pair is no character; the servers' JSON readers put U+FFFD for it."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _reason(error: re2.error, pattern: str) -> str:
    """What RE2 says, without the anchors that the user did not write."""
    detail = error.args[0] if error.args else "not a regular expression"
    text = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
    return text.removesuffix(f": ^(?:{pattern})$")
