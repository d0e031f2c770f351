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

from buckstop.language.go_limits import MAX_HEIGHT, go_refusal
from buckstop.language.unicode_classes import as_re2

MAX_PATTERN_LENGTH: Final = 100_000
"""Characters of one pattern."""

MAX_PROGRAM_BYTES: Final = 64 << 20
"""Memory that RE2 may use for one pattern."""

_TOO_LARGE: Final = "pattern too large"
"""How RE2 begins to say that its memory does not last."""
_LITERALS = re.compile(r"[A-Za-z0-9_ \-/:@]*(?:\|[A-Za-z0-9_ \-/:@]*)*", re.ASCII)
_LEAVES_BRACKETS = re.compile(r"\).*\(", re.DOTALL)
_PERHAPS_REFUSED = re.compile(r"\\C|\(\?P?<|[0-9]{9}")
_MAX_LEVELS_OF_GROUP: Final = 4
"""That a group adds to the tree of a pattern: itself, a choice, a sequence, a repetition."""


class PatternError(ValueError):
    """A pattern that the servers refuse; the message says why."""


def listed_values(pattern: str) -> frozenset[str] | None:
    """The values that `pattern` matches where it lists them, as ``a|b`` does; None where not."""
    return frozenset(pattern.split("|")) if _LITERALS.fullmatch(pattern) else None


@functools.lru_cache(maxsize=10_000)
def compile_pattern(pattern: str, *, dot_newline: bool = False) -> Callable[[str], bool]:
    """A test of whether a whole value matches `pattern`, one that any supported server takes.

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
        raise PatternError(
            f"longer than the {MAX_PATTERN_LENGTH} characters that are read here; the servers may "
            "take it"
        )
    group = "(?s:" if dot_newline else "(?:"
    return _program(f"^{group}{pattern})$", pattern)


def check_alone(pattern: str) -> None:
    """See to it that `pattern` is one by itself too, as Prometheus asks of those of matchers.

    Between brackets ``a)|(?:b`` is one; Alertmanager and relabelling look no further.

    Raises:
        PatternError: it is none.
    """
    if _LEAVES_BRACKETS.search(pattern) is not None:
        _program(pattern, pattern)


def _program(text: str, pattern: str) -> Any:
    """RE2's program for `text`, which is `pattern` or has it in brackets."""
    may_be_deep = text.count("(") * _MAX_LEVELS_OF_GROUP >= MAX_HEIGHT
    if may_be_deep or _PERHAPS_REFUSED.search(text) is not None:
        refusal = go_refusal(text)
        if refusal is not None:
            raise PatternError(refusal)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_PROGRAM_BYTES
    try:
        return re2.compile(as_re2(text), options)
    except re2.error as error:
        raise PatternError(_reason(error, as_re2(pattern))) from None
    except UnicodeEncodeError:
        raise PatternError("not valid UTF-8") from None


def _as_servers_read(value: str) -> str:
    """Half of a surrogate pair is no character; the servers' JSON readers put U+FFFD for it."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _reason(error: re2.error, pattern: str) -> str:
    """What RE2 says, without the anchors that the user did not write."""
    detail = error.args[0] if error.args else "not a regular expression"
    text = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
    if text.startswith(_TOO_LARGE):
        spent = MAX_PROGRAM_BYTES >> 20
        return (
            f"it takes more than the {spent} MiB that are spent on it here; the servers may take it"
        )
    return text.removesuffix(f": ^(?:{pattern})$")
