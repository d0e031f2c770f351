"""The grammar of an expression, read to find the token at which it stops being one.

promql-parser decides what is PromQL. It says neither where nor always why; this reads what it
refused once more. What is found wrong here is raised as `Misplaced`; what the grammar lets
through is a tree of places, for `locating` to find the wrong type in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from buckstop.promql.lexemes import Lexeme, lexemes
from buckstop.promql.misplaced import Misplaced, TooDeep, malformed, unexpected
from buckstop.promql.outcomes import PromqlError

MAX_DEPTH: Final = 80
"""Brackets and operators inside each other that are followed."""

MAX_SECONDS: Final = 2**63 / 1e9
"""The longest duration; Prometheus counts nanoseconds in 64 bits."""

AGGREGATIONS: Final = frozenset(
    {"sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk"}
    | {"count_values", "quantile", "limitk", "limit_ratio"}
)
_LEVELS: Final = {
    "or": 1,
    **dict.fromkeys(["and", "unless"], 2),
    **dict.fromkeys(["==", "!=", "<", ">", "<=", ">="], 3),
    **dict.fromkeys(["+", "-"], 4),
    **dict.fromkeys(["*", "/", "%", "atan2"], 5),
    "^": 6,
}
"""How tightly the binary operators bind."""

_POWER: Final = 6
_GROUPINGS: Final = frozenset({"by", "without"})
_MATCHINGS: Final = frozenset({"on", "ignoring"})
_SIDES: Final = frozenset({"group_left", "group_right"})
_NO_METRICS: Final = frozenset({"bool", *_MATCHINGS, *_SIDES})
_LENGTHS: Final = frozenset({"number", "duration", "malformed"})
_BOUNDLESS: Final = frozenset({"inf", "nan"})
_MATCHERS: Final = frozenset({"=", "!=", "=~", "!~"})

NodeKind = Literal["selector", "number", "string", "call", "binary", "unary", "bracketed", "range"]


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the expression, from `start` to before `end`, with the parts in it.

    Attributes:
        mark: the token that names it: the function, the operator, the bracket of a range.
        parts: the operands or arguments.
        modifiers: by word, the tokens of what modifies it (``group_left``, ``offset``); of a range,
            those in its brackets.
    """

    kind: NodeKind
    start: int
    end: int
    mark: Lexeme
    parts: tuple[Place, ...] = ()
    modifiers: dict[str, Lexeme] = field(default_factory=dict)


def read(expr: str) -> Place:
    """The parts of `expr`.

    Raises:
        Misplaced: at the first token that cannot stand where it stands.
        TooDeep: the expression nests deeper than `MAX_DEPTH`.
    """
    return _Reader(list(lexemes(expr))).whole()


class _Reader:
    def __init__(self, found: list[Lexeme]) -> None:
        self._found = found
        self._next = 0
        self._depth = 0
        self._opened: list[Lexeme] = []

    def whole(self) -> Place:
        place = self._expression(0)
        if self._peek.kind != "end":
            self._refuse("an operator")
        return place

    @property
    def _peek(self) -> Lexeme:
        return self._found[self._next]

    @property
    def _last(self) -> Lexeme | None:
        return self._found[self._next - 1] if self._next else None

    def _take(self) -> Lexeme:
        taken = self._found[self._next]
        if taken.kind in {"malformed", "unterminated"}:
            raise malformed(taken)
        self._next += taken.kind != "end"
        return taken

    def _refuse(self, expected: str) -> None:
        after = self._found[self._next + 1] if self._peek.kind != "end" else None
        raise unexpected(expected, self._last, self._peek, after, self._opened)

    def _expect(self, text: str, expected: str) -> Lexeme:
        if self._peek.text != text:
            self._refuse(expected)
        return self._take()

    def _open(self, text: str, expected: str) -> None:
        self._opened.append(self._expect(text, expected))

    def _close(self, text: str, expected: str) -> Lexeme:
        closing = self._expect(text, expected)
        self._opened.pop()
        return closing

    def _expression(self, level: int) -> Place:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooDeep
        left = self._operand()
        while True:
            operator = self._peek
            binds = _LEVELS.get(operator.word or operator.text, 0)
            if binds == 0 or binds < level:
                break
            self._take()
            modifiers = self._binary_modifiers()
            right = self._expression(binds if binds == _POWER else binds + 1)
            left = Place("binary", left.start, right.end, operator, (left, right), modifiers)
        self._depth -= 1
        return left

    def _binary_modifiers(self) -> dict[str, Lexeme]:
        modifiers = {}
        if self._peek.word == "bool":
            modifiers["bool"] = self._take()
        if self._peek.word in _MATCHINGS:
            matching = self._take()
            modifiers[matching.word] = matching
            self._labels()
            if self._peek.word in _SIDES:
                side = self._take()
                modifiers[side.word] = side
                if self._peek.text == "(":
                    self._labels()
        return modifiers

    def _operand(self) -> Place:
        signs = []
        while self._peek.text in {"+", "-"}:
            signs.append(self._take())
        place = self._expression(_POWER) if signs else self._modified(self._primary())
        for sign in reversed(signs):
            place = Place("unary", sign.start, place.end, sign, (place,))
        return place

    def _modified(self, place: Place) -> Place:
        while True:
            mark = self._peek
            modifiers = {**place.modifiers}
            if mark.text == "[":
                found = self._range()
                place = Place("range", place.start, found["]"].end, mark, (place,), found)
            elif mark.word == "offset":
                self._take()
                if self._peek.text in {"+", "-"}:
                    self._take()
                modifiers.setdefault("offset again" if "offset" in modifiers else "offset", mark)
                end = self._length("a duration such as 5m").end
                place = Place(place.kind, place.start, end, place.mark, place.parts, modifiers)
            elif mark.text == "@":
                self._take()
                modifiers.setdefault("@ again" if "@" in modifiers else "@", mark)
                end = self._moment()
                place = Place(place.kind, place.start, end, place.mark, place.parts, modifiers)
            else:
                return place

    def _range(self) -> dict[str, Lexeme]:
        self._open("[", "a range")
        found = {"range": self._length("a duration such as 5m")}
        if self._peek.text == ":":
            found[":"] = self._take()
            if self._peek.text != "]":
                found["step"] = self._length("a duration such as 1m")
        found["]"] = self._close("]", "']'")
        return found

    def _length(self, expected: str) -> Lexeme:
        if self._peek.kind not in _LENGTHS:
            self._refuse(expected)
        length = self._take()
        if length.seconds > MAX_SECONDS:
            said = PromqlError("the duration is out of range", length.start, len(length.text))
            raise Misplaced(said)
        return length

    def _moment(self) -> int:
        if self._peek.word in {"start", "end"}:
            self._take()
            self._open("(", "'('")
            return self._close(")", "')'").end
        if self._peek.text in {"+", "-"}:
            self._take()
        if self._peek.kind not in _LENGTHS and self._peek.word not in _BOUNDLESS:
            self._refuse("a timestamp, start() or end()")
        return self._take().end

    def _primary(self) -> Place:
        first = self._peek
        if first.kind in _LENGTHS or first.word in _BOUNDLESS:
            return Place("number", first.start, self._take().end, first)
        if first.kind in {"string", "unterminated"}:
            return Place("string", first.start, self._take().end, first)
        if first.text == "(":
            self._open("(", "'('")
            inner = self._expression(0)
            return Place(
                "bracketed",
                first.start,
                self._close(")", "an operator or ')'").end,
                first,
                (inner,),
            )
        if first.text == "{":
            return Place("selector", first.start, self._matchers(), first)
        if first.kind != "word" or first.word in _NO_METRICS:
            self._refuse("a value")
        self._take()
        if first.word in AGGREGATIONS and (self._peek.text == "(" or self._is_grouped):
            return self._aggregation(first)
        if self._peek.text == "(" and ":" not in first.text:
            arguments, end = self._arguments()
            return Place("call", first.start, end, first, arguments)
        end = self._matchers() if self._peek.text == "{" else first.end
        return Place("selector", first.start, end, first)

    @property
    def _is_grouped(self) -> bool:
        return self._peek.word in _GROUPINGS

    def _aggregation(self, name: Lexeme) -> Place:
        is_grouped = self._is_grouped
        if is_grouped:
            self._take()
            self._labels()
        arguments, end = self._arguments()
        if self._is_grouped and not is_grouped:
            self._take()
            end = self._labels()
        return Place("call", name.start, end, name, arguments)

    def _arguments(self) -> tuple[tuple[Place, ...], int]:
        self._open("(", "'('")
        arguments: list[Place] = []
        while self._peek.text != ")" or arguments:
            arguments.append(self._expression(0))
            if self._peek.text != ",":
                break
            comma = self._take()
            if self._peek.text == ")":
                raise Misplaced(PromqlError("a comma behind the last argument", comma.start, 1))
        return tuple(arguments), self._close(")", "an operator, ',' or ')'").end

    def _labels(self) -> int:
        self._open("(", "'('")
        while self._peek.text != ")":
            if self._peek.kind not in {"word", "string", "unterminated"}:
                self._refuse("a label's name")
            self._take()
            if self._peek.text != ",":
                break
            self._take()
        return self._close(")", "',' or ')'").end

    def _matchers(self) -> int:
        self._open("{", "'{'")
        while self._peek.text != "}":
            named = self._peek
            if named.kind not in {"word", "string", "unterminated"}:
                self._refuse("a label's name or '}'")
            self._take()
            if named.kind == "word" or self._peek.text in _MATCHERS:
                if self._peek.text not in _MATCHERS:
                    self._refuse("'=', '!=', '=~' or '!~'")
                self._take()
                if self._peek.kind not in {"string", "unterminated"}:
                    self._refuse("a quoted text")
                self._take()
            if self._peek.text != ",":
                break
            self._take()
        return self._close("}", "',' or '}'").end
