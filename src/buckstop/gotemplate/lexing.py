"""Go template text, cut into items exactly where Go's ``text/template`` cuts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

ItemKind = Literal[
    "error", "bool", "char", "character", "complex", "assign", "declare", "eof", "field",
    "identifier", "left", "left paren", "number", "pipe", "raw string", "right", "right paren",
    "space", "string", "text", "variable", "keyword",
]  # fmt: skip

KEYWORDS: Final = frozenset(
    {"block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template"}
    | {"with", "."}
)
_SPACE: Final = " \t\r\n"
_TERMINATORS: Final = ".,|:)("


@dataclass(frozen=True, slots=True)
class Item:
    """One item.

    Attributes:
        kind: ``char`` is a single mark such as a comma, ``character`` a quoted rune.
        text: as written; of an ``error``, what is wrong.
        start: where it begins, in code points from the beginning of the template.
    """

    kind: ItemKind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""
        return self.start + (0 if self.kind == "error" else len(self.text))

    def __str__(self) -> str:
        """As Go shows it in a complaint."""
        if self.kind == "eof":
            return "EOF"
        if self.kind == "error":
            return self.text
        if self.kind == "keyword":
            return f"<{self.text}>"
        return f"{quoted(self.text[:10])}..." if len(self.text) > 10 else quoted(self.text)


def quoted(text: str) -> str:
    """`text` within double quotes, with Go's escapes."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(escapes.get(character, character) for character in text) + '"'


def items(text: str) -> tuple[Item, ...]:
    """The items of `text`; the last is the end of the text or an error."""
    lexer = _Lexer(text)
    lexer.run()
    return tuple(lexer.found)


def _is_word(character: str) -> bool:
    return character == "_" or character.isalpha() or character.isdecimal()


class _FaultError(Exception):
    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.start = start


class _Lexer:
    """One pass over the text; `found` grows."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._depth = 0
        self.found: list[Item] = []

    def run(self) -> None:
        try:
            while self._text_before_action():
                if self._left():
                    self._inside()
        except _FaultError as fault:
            self.found.append(Item("error", str(fault), fault.start))
        else:
            self.found.append(Item("eof", "", len(self._text)))

    def _text_before_action(self) -> bool:
        """Emit the text up to the next action; whether there is one."""
        start = self._position
        action = self._text.find("{{", start)
        text = self._text[start:] if action == -1 else self._text[start:action]
        if action != -1 and self._trims_left(action + 2):
            text = text.rstrip(_SPACE)
        if text:
            self.found.append(Item("text", text, start))
        self._position = len(self._text) if action == -1 else action
        return action != -1

    def _trims_left(self, position: int) -> bool:
        return self._text.startswith("-", position) and (
            self._text[position + 1 : position + 2] in tuple(_SPACE)
        )

    def _right(self, position: int) -> int | None:
        """Where the text goes on if the action ends at `position`, white space trimmed."""
        if (
            self._text[position : position + 1] in tuple(_SPACE)
            and self._text[position + 1 : position + 4] == "-}}"
        ):
            end = position + 4
            while end < len(self._text) and self._text[end] in _SPACE:
                end += 1
            return end
        return position + 2 if self._text.startswith("}}", position) else None

    def _left(self) -> bool:
        """Past the opening; a comment is passed over, and then there is nothing inside."""
        start = self._position
        after = start + (4 if self._trims_left(start + 2) else 2)
        if not self._text.startswith("/*", after):
            self.found.append(Item("left", "{{", start))
            self._position = after
            self._depth = 0
            return True
        end = self._text.find("*/", after + 2)
        if end == -1:
            raise _FaultError("unclosed comment", start)
        right = self._right(end + 2)
        if right is None:
            raise _FaultError("comment ends before closing delimiter", start)
        self._position = right
        return False

    def _inside(self) -> None:
        while True:
            start = self._position
            right = self._right(start)
            if right is not None:
                if self._depth:
                    raise _FaultError("unclosed left paren", start)
                closing = start if self._text.startswith("}}", start) else start + 2
                self.found.append(Item("right", "}}", closing))
                self._position = right
                return
            if start >= len(self._text):
                raise _FaultError("unclosed action", start)
            self._item(start, self._text[start])

    def _item(self, start: int, character: str) -> None:
        following = self._text[start + 1 : start + 2]
        if character in _SPACE:
            self._space(start)
        elif character == "=":
            self._emit("assign", start, start + 1)
        elif character == ":":
            if following != "=":
                raise _FaultError("expected :=", start)
            self._emit("declare", start, start + 2)
        elif character == "|":
            self._emit("pipe", start, start + 1)
        elif character in "\"'":
            self._quoted(start, character)
        elif character == "`":
            end = self._text.find("`", start + 1)
            if end == -1:
                raise _FaultError("unterminated raw quoted string", start)
            self._emit("raw string", start, end + 1)
        elif character == "$":
            self._named("variable", start)
        elif character == "." and not ("0" <= following <= "9" and following):
            self._named("field", start)
        elif character in "+-." or "0" <= character <= "9":
            self._number(start)
        elif _is_word(character):
            self._named("identifier", start)
        elif character in "()":
            self._parenthesis(start, character)
        elif " " <= character <= "~":
            self._emit("char", start, start + 1)
        else:
            raise _FaultError(f"unrecognized character in action: {_code(character)}", start)

    def _emit(self, kind: ItemKind, start: int, end: int) -> None:
        self.found.append(Item(kind, self._text[start:end], start))
        self._position = end

    def _space(self, start: int) -> None:
        end = start
        while end < len(self._text) and self._text[end] in _SPACE:
            end += 1
        if self._text.startswith("-}}", end):
            # The last white space belongs to the closing of the action.
            end -= 1
        if end > start:
            self._emit("space", start, end)

    def _parenthesis(self, start: int, character: str) -> None:
        if character == "(":
            self._depth += 1
            self._emit("left paren", start, start + 1)
            return
        self._depth -= 1
        if self._depth < 0:
            raise _FaultError("unexpected right paren", start)
        self._emit("right paren", start, start + 1)

    def _quoted(self, start: int, quote: str) -> None:
        what = "quoted string" if quote == '"' else "character constant"
        position = start + 1
        while True:
            character = self._text[position : position + 1]
            if character == "\\":
                position += 1
                character = self._text[position : position + 1]
                if character not in {"", "\n"}:
                    position += 1
                    continue
            if character in {"", "\n"}:
                raise _FaultError(f"unterminated {what}", start)
            position += 1
            if character == quote:
                break
        self._emit("string" if quote == '"' else "character", start, position)

    def _named(self, kind: ItemKind, start: int) -> None:
        end = start if kind == "identifier" else start + 1
        while end < len(self._text) and _is_word(self._text[end]):
            end += 1
        after = self._text[end : end + 1]
        if after and after not in _TERMINATORS + _SPACE + "}":
            raise _FaultError(f"bad character {_code(after)}", start)
        word = self._text[start:end]
        if word in KEYWORDS:
            kind = "keyword"
        elif word in {"true", "false"}:
            kind = "bool"
        self._emit(kind, start, end)

    def _number(self, start: int) -> None:
        end, is_number = self._scan_number(start)
        kind: ItemKind = "number"
        if is_number and self._text[end : end + 1] in {"+", "-"}:
            end, is_number = self._scan_number(end)
            is_number = is_number and self._text[end - 1] == "i"
            kind = "complex"
        if not is_number:
            raise _FaultError(f"bad number syntax: {quoted(self._text[start:end])}", start)
        self._emit(kind, start, end)

    def _scan_number(self, position: int) -> tuple[int, bool]:
        def accept(valid: str) -> bool:
            nonlocal position
            if self._text[position : position + 1] in tuple(valid):
                position += 1
                return True
            return False

        def accept_run(valid: str) -> None:
            while accept(valid):
                pass

        accept("+-")
        digits, exponent = "0123456789_", "eE"
        if accept("0"):
            if accept("xX"):
                digits, exponent = "0123456789abcdefABCDEF_", "pP"
            elif accept("oO"):
                digits, exponent = "01234567_", ""
            elif accept("bB"):
                digits, exponent = "01_", ""
        accept_run(digits)
        if accept("."):
            accept_run(digits)
        if exponent and accept(exponent):
            accept("+-")
            accept_run("0123456789_")
        accept("i")
        if position < len(self._text) and _is_word(self._text[position]):
            return position + 1, False
        return position, True


def _code(character: str) -> str:
    shown = f" '{character}'" if character.isprintable() else ""
    return f"U+{ord(character):04X}{shown}"
