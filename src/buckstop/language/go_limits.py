"""What Go's engine refuses of a pattern that RE2 in C++ takes: the servers are written in Go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

MAX_HEIGHT: Final = 1_000
"""Levels of a pattern's tree: groups that capture, choices, sequences and repetitions."""
MAX_COUNT_DIGITS: Final = 8
"""A repetition count of more digits is refused by Go, where RE2 takes its braces for text."""

_TOKEN: Final = re.compile(
    r"""
      \\Q (?P<quoted>.*?) (?:\\E|\Z)
    | (?P<byte>\\C)
    | (?P<one>\\[pP]\{[^}]*\} | \\x\{[^}]*\} | \\. | \[\^?\]?(?:\[:[^\]]*:\]|\\.|[^\]\\])*\])
    | \(\?P?<(?P<name>[^>)]*)>
    | (?P<flags>\(\?[a-zA-Z-]*\))
    | (?P<bare>\(\?[^:()]*:)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<choice>\|)
    | (?P<repeat>[*+?]\??+ | \{(?P<least>0|[1-9][0-9]*)(?:,(?P<most>(?:0|[1-9][0-9]*)?))?\}\??+)
    | (?P<text>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NAME: Final = re.compile(r"[A-Za-z0-9_]+")


_SHAPELESS: Final = frozenset(".^$")
_Kind = Literal["letter", "choice", "sequence", "other"]


class _Part(NamedTuple):
    """A part of a pattern's tree that has been read: how high it is, and what stands at its top."""

    height: int
    kind: _Kind = "other"


def _joined(parts: list[_Part], kind: _Kind) -> _Part:
    """A choice or a sequence of `parts`; one within one of its own kind is no further level."""
    if not parts:
        return _Part(1)
    if all(part.kind == "letter" for part in parts) and kind == "sequence":
        return parts[0]
    if len(parts) == 1:
        return parts[0]
    return _Part(1 + max(one.height - (one.kind == kind) for one in parts), kind)


@dataclass(slots=True)
class _Group:
    """A group that is being read.

    Attributes:
        captures: whether it is a level of its own.
        choices: the alternatives that have ended.
        sequence: the one that has not.
    """

    captures: bool
    choices: list[_Part] = field(default_factory=list)
    sequence: list[_Part] = field(default_factory=list)

    def end_alternative(self) -> None:
        """An alternative ends."""
        self.choices.append(_joined(self.sequence, "sequence"))
        self.sequence = []

    def ended(self) -> _Part:
        """The whole of it."""
        self.end_alternative()
        inner = _joined(self.choices, "choice")
        return _Part(inner.height + 1) if self.captures else inner


def go_refusal(pattern: str) -> str | None:
    """Why Go refuses `pattern`, which RE2 takes; None where it does not."""
    groups = [_Group(captures=False)]
    for token in _TOKEN.finditer(pattern):
        sequence = groups[-1].sequence
        match token.lastgroup:
            case "byte":
                return r"invalid escape sequence: \C"
            case "name":
                if _NAME.fullmatch(token["name"]) is None:
                    return f"invalid named capture: {token[0]}"
                groups.append(_Group(captures=True))
            case "open" | "bare":
                groups.append(_Group(captures=token.lastgroup == "open"))
            case "choice":
                groups[-1].end_alternative()
            case "close" if len(groups) > 1:
                part = groups.pop().ended()
                groups[-1].sequence.append(part)
            case "repeat" if sequence:
                if any(len(token[key] or "") > MAX_COUNT_DIGITS for key in ("least", "most")):
                    return f"invalid repeat count: {token[0]}"
                sequence[-1] = _Part(sequence[-1].height + 1)
            case "text" | "quoted":
                sequence.append(_Part(1, "other" if token[0] in _SHAPELESS else "letter"))
            case "one":
                sequence.append(_Part(1))
            case _:
                # Flags are no part; what is out of its place RE2 refuses itself.
                pass
    is_too_high = groups[0].ended().height > MAX_HEIGHT
    return "expression nests too deeply" if is_too_high else None
