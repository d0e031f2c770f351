"""RE2's syntax, read into a tree.

RE2 has judged an expression before it is read here, so that only its structure is to be found.
What a class or an escape stands for is asked of RE2 (`oracle`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from buckstop.language.characters import ANY_BUT_NEWLINE, ANY_CHARACTER, Characters
from buckstop.language.expression import EMPTY, At, Chain, Choice, Expression, OneOf, Repeated
from buckstop.language.oracle import characters_of, folded
from buckstop.language.undecided import Undecided
from buckstop.language.unicode_classes import as_re2

MAX_NESTING: Final = 100
"""Groups within groups. RE2 allows 1,000; who nests deeper than this gets no decision."""

_REPEATS: Final = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_COUNTED = re.compile(r"\{(\d+)(,(\d*))?\}", re.ASCII)
_FLAGS = re.compile(r"\?([imsU]*)(?:-([imsU]+))?([:)])", re.ASCII)
_NAME = re.compile(r"\?P?<\w+>")
_ESCAPE = re.compile(
    r"\\(?:[pP](?:\{[^}]*\}|.)|x(?:\{[^}]*\}|..)|[0-7]{1,3}|.)", re.DOTALL | re.ASCII
)
_POSIX_CLASS = re.compile(r"\[:\^?\w+:\]", re.ASCII)
_POSITIONS: Final = {
    r"\A": At("text_start"),
    r"\z": At("text_end"),
    r"\b": At("word_boundary"),
    r"\B": At("no_word_boundary"),
}


@dataclass(frozen=True, slots=True)
class Flags:
    """What ``(?…)`` may change.

    Attributes:
        folds_case: ``i``.
        lines: ``m``: ``^`` and ``$`` also at line ends.
        dot_newline: ``s``.
    """

    folds_case: bool = False
    lines: bool = False
    dot_newline: bool = False

    def changed(self, on: str, off: str) -> Flags:
        """The flags after ``(?on-off)``."""
        flags = self
        for letters, value in ((on, True), (off, False)):
            if "i" in letters:
                flags = replace(flags, folds_case=value)
            if "m" in letters:
                flags = replace(flags, lines=value)
            if "s" in letters:
                flags = replace(flags, dot_newline=value)
        return flags


def read_expression(text: str, flags: Flags) -> Expression:
    """The tree of `text`, an expression that `compile_pattern` has accepted.

    Raises:
        Undecided: for a form that is not known here, or too much nesting.
    """
    reader = _Reader(as_re2(text), flags)
    tree = reader.choice(0)
    if reader.place != len(reader.text):
        raise Undecided(f"a parenthesis closes that none opened, at {reader.place}")
    return tree


class _Reader:
    """Recursive descent over one text."""

    def __init__(self, text: str, flags: Flags) -> None:
        self.text = text
        self.flags = flags
        self.place = 0

    def choice(self, depth: int) -> Expression:
        """Up to the closing parenthesis, which is left, or the end."""
        if depth > MAX_NESTING:
            raise Undecided(f"nested deeper than {MAX_NESTING}")
        options = [self._chain(depth)]
        while self._take("|"):
            options.append(self._chain(depth))
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _chain(self, depth: int) -> Expression:
        parts: list[Expression] = []
        while self.place < len(self.text) and self.text[self.place] not in "|)":
            if self.text.startswith(r"\Q", self.place):
                parts += self._quoted()
                repeatable = bool(parts)
            else:
                part = self._part(depth)
                repeatable = part is not None
                if part is not None:
                    parts.append(part)
            if repeatable:
                parts[-1] = self._repeated(parts[-1])
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def _part(self, depth: int) -> Expression | None:
        """One character, class, position or group; None for ``(?flags)``, which is nothing."""
        character = self.text[self.place]
        match character:
            case "(":
                return self._group(depth)
            case "[":
                return OneOf(self._class())
            case "\\":
                return self._escape()
            case ".":
                self.place += 1
                return OneOf(ANY_CHARACTER if self.flags.dot_newline else ANY_BUT_NEWLINE)
            case "^":
                self.place += 1
                return At("line_start" if self.flags.lines else "text_start")
            case "$":
                self.place += 1
                return At("line_end" if self.flags.lines else "text_end")
            case _:
                self.place += 1
                return OneOf(self._literal(character))

    def _group(self, depth: int) -> Expression | None:
        self.place += 1
        outer = self.flags
        if self.text.startswith("?", self.place):
            named = _NAME.match(self.text, self.place)
            flagged = _FLAGS.match(self.text, self.place)
            if named is not None:
                self.place = named.end()
            elif flagged is not None:
                self.place = flagged.end()
                changed = outer.changed(flagged[1], flagged[2] or "")
                if flagged[3] == ")":
                    self.flags = changed  # to the end of the group around it
                    return None
                self.flags = changed
            else:
                raise Undecided(f"an unknown group at {self.place}")
        tree = self.choice(depth + 1)
        if not self._take(")"):
            raise Undecided("a parenthesis is not closed")
        self.flags = outer
        return tree

    def _class(self) -> Characters:
        start = self.place
        self.place += 1
        self._take("^")
        first = True
        while first or self.text[self.place] != "]":
            first = False
            posix = _POSIX_CLASS.match(self.text, self.place)
            escape = _ESCAPE.match(self.text, self.place)
            if posix is not None:
                self.place = posix.end()
            elif escape is not None:
                self.place = escape.end()
            else:
                self.place += 1
            if self.place >= len(self.text):
                raise Undecided("a class is not closed")
        self.place += 1
        return characters_of(self.text[start : self.place], folds_case=self.flags.folds_case)

    def _escape(self) -> Expression:
        escape = _ESCAPE.match(self.text, self.place)
        if escape is None:
            raise Undecided("a backslash at the end")
        self.place = escape.end()
        position = _POSITIONS.get(escape.group())
        if position is not None:
            return position
        character = escape.group()[1]
        if len(escape.group()) == 2 and not character.isalnum():  # \. and the like
            return OneOf(Characters.single(character))
        return OneOf(characters_of(escape.group(), folds_case=self.flags.folds_case))

    def _quoted(self) -> list[Expression]:
        r"""``\Q…\E``, where ``\E`` may be missing at the end."""
        start = self.place + 2
        end = self.text.find(r"\E", start)
        quoted = self.text[start:] if end < 0 else self.text[start:end]
        self.place = len(self.text) if end < 0 else end + 2
        return [OneOf(self._literal(character)) for character in quoted]

    def _literal(self, character: str) -> Characters:
        if not self.flags.folds_case or (character.isascii() and not character.isalpha()):
            return Characters.single(character)
        return folded(character)

    def _repeated(self, part: Expression) -> Expression:
        while self.place < len(self.text):
            bounds = _REPEATS.get(self.text[self.place])
            counted = _COUNTED.match(self.text, self.place)
            if bounds is not None:
                self.place += 1
            elif counted is not None:
                self.place = counted.end()
                least = int(counted[1])
                most = least if counted[2] is None else int(counted[3]) if counted[3] else None
                bounds = (least, most)
            else:
                break
            self._take("?")
            part = EMPTY if bounds == (0, 0) else Repeated(part, *bounds)
        return part

    def _take(self, character: str) -> bool:
        taken = self.text.startswith(character, self.place)
        self.place += taken
        return taken
