"""Whether a notification template executes on the data that Alertmanager hands it.

Alertmanager parses and executes a receiver's fields only when it notifies, and ``amtool
check-config`` does neither: ``{{ .Secret.KEY }}`` loads, and then fails at every flush. This walks
a template with the types of Alertmanager's ``template.Data`` and says one of three things: it
fails at every notification, it executes, or it depends on something not looked at here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from buckstop.language.patterns import PatternError, compile_pattern
from buckstop.prover.model import Verdict
from buckstop.prover.template_data import (
    ANY,
    COMPARISONS,
    DEFAULT_PREFIXES,
    DEFAULT_TEMPLATES,
    ELEMENTS,
    FIELDS,
    FUNCTIONS,
    KV_METHODS,
    PATTERN_FUNCTIONS,
    PRINT_FUNCTIONS,
    STRING_FUNCTIONS,
)
from buckstop.prover.template_text import (
    TEMPLATE_LENGTH_LIMIT,
    Action,
    TemplateSyntaxError,
    Token,
    actions,
    commands,
    parenthesis,
)


@dataclass(frozen=True, slots=True)
class Execution:
    """What is known about one template.

    Attributes:
        verdict: refuted when every notification fails on it; unknown when that depends on what
            is not looked at (branches not taken, the user's own template files).
        reason: why, in the words of Alertmanager's template engine; empty when proven.
        action: the ``{{ … }}`` that decides, or empty.
        field: the dotted name that does not exist, or empty.
    """

    verdict: Verdict
    reason: str = ""
    action: str = ""
    field: str = ""


class _FailsError(Exception):
    """Execution fails here."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


_COMPARABLE: Final = ({"string"}, {"number"})
"""Operands that every comparison takes; lists and maps fail, and booleans have no order."""


@dataclass(slots=True)
class _Frame:
    """An open ``if``, ``with``, ``range``, ``define`` or ``block``."""

    keyword: str
    certain: bool
    outer_dot: str
    outer_variables: dict[str, str]


def execution(text: str, *, own_templates: bool, defined: Collection[str] = ()) -> Execution:
    """Judge the template `text` of a receiver's field.

    Args:
        text: the field's value.
        own_templates: whether the configuration names template files, which may define more
            names than Alertmanager's own file does.
        defined: names known to be defined.
    """
    if "{{" not in text:
        return Execution(Verdict.PROVEN)
    if len(text) > TEMPLATE_LENGTH_LIMIT:
        return Execution(Verdict.UNKNOWN, f"longer than {TEMPLATE_LENGTH_LIMIT} characters")
    try:
        return _Walk(own_templates=own_templates, defined=frozenset(defined)).judge(actions(text))
    except TemplateSyntaxError as error:
        return Execution(Verdict.REFUTED, str(error))


class _Walk:
    """One pass over the actions, with the type of the dot and of the variables."""

    def __init__(self, *, own_templates: bool, defined: frozenset[str]) -> None:
        self._own_templates = own_templates
        self._defined = defined
        self._frames: list[_Frame] = []
        self._dot = "template.Data"
        self._variables: dict[str, str] = {"$": "template.Data"}
        self._doubt: Execution | None = None
        self._action: Action | None = None

    def judge(self, all_actions: tuple[Action, ...]) -> Execution:
        for action in all_actions:
            try:
                self._act(action)
            except _FailsError as failure:
                if self._certain:
                    return Execution(Verdict.REFUTED, failure.reason, action.source, failure.field)
                self._doubt_it(f"{failure.reason}, where that branch is taken", action)
        if self._frames:
            return Execution(Verdict.REFUTED, f"{{{{{self._frames[-1].keyword}}}}} without an end")
        return self._doubt or Execution(Verdict.PROVEN)

    @property
    def _certain(self) -> bool:
        return all(frame.certain for frame in self._frames)

    def _doubt_it(self, reason: str, action: Action | None) -> None:
        if self._doubt is None:
            self._doubt = Execution(Verdict.UNKNOWN, reason, action.source if action else "")

    def _act(self, action: Action) -> None:
        self._action = action
        tokens = list(action.tokens)
        if not tokens:
            raise TemplateSyntaxError("missing value for command")
        match tokens[0].text if tokens[0].kind == "word" else "":
            case "if" | "with" | "range" | "block" | "define" as keyword:
                self._open(keyword, tokens[1:], action)
            case "else":
                self._otherwise(tokens[1:], action)
            case "end":
                if not self._frames:
                    raise TemplateSyntaxError("unexpected {{end}}")
                frame = self._frames.pop()
                self._dot, self._variables = frame.outer_dot, frame.outer_variables
            case "template":
                self._template(tokens[1:], action)
            case "break" | "continue":
                # What follows in this pass over the list is not reached by every alert.
                for frame in self._frames:
                    frame.certain = False
            case _:
                self._pipeline(tokens, action)

    def _open(self, keyword: str, tokens: list[Token], action: Action) -> None:
        outer_variables = dict(self._variables)
        frame = _Frame(keyword, certain=False, outer_dot=self._dot, outer_variables=outer_variables)
        inner = ANY
        if keyword not in {"define", "block"}:
            value = self._pipeline(tokens, action, frame_keyword=keyword)
            if keyword == "range":
                inner = ELEMENTS.get(value, ANY)
                if value not in ELEMENTS:
                    self._doubt_it("whether `range` can go over it is not followed", action)
                # A group that is notified has at least one alert, firing or resolved.
                frame.certain = value == "template.Alerts"
            else:
                inner = self._dot if keyword == "if" else value
        self._frames.append(frame)
        self._dot = inner

    def _otherwise(self, tokens: list[Token], action: Action) -> None:
        if not self._frames:
            raise TemplateSyntaxError("unexpected {{else}}")
        frame = self._frames[-1]
        frame.certain = False
        self._dot = frame.outer_dot
        if tokens and tokens[0].text in {"if", "with"}:
            value = self._pipeline(tokens[1:], action)
            self._dot = value if tokens[0].text == "with" else self._dot

    def _template(self, tokens: list[Token], action: Action) -> None:
        if not tokens or tokens[0].kind != "text":
            raise TemplateSyntaxError("template without a name")
        name = tokens[0].text[1:-1]
        dot = self._pipeline(tokens[1:], action) if tokens[1:] else "nil"
        own = name.startswith(DEFAULT_PREFIXES) or name in DEFAULT_TEMPLATES
        if own or name in self._defined:
            if own and dot != "template.Data":
                self._doubt_it(f'template "{name}" is made for the whole notification', action)
            return
        if not self._own_templates:
            raise _FailsError(f'template "{name}" is not defined')
        self._doubt_it(f'template "{name}" stands in a template file that is not read', action)

    def _pipeline(
        self, tokens: list[Token], action: Action, *, frame_keyword: str | None = None
    ) -> str:
        names: list[str] = []
        assigns = False
        marks = [i for i, token in enumerate(tokens) if token.text in {":=", "="}]
        if marks and tokens[0].text.startswith("$"):
            names = [token.text for token in tokens[: marks[0]] if token.kind == "chain"]
            assigns = tokens[marks[0]].text == "="
            tokens = tokens[marks[0] + 1 :]
        value = self._value(tokens, action)
        if assigns:
            # Whether this assignment is reached may depend on a branch.
            for name in names:
                for variables in (self._variables, *(f.outer_variables for f in self._frames)):
                    if name in variables:
                        variables[name] = ANY
        elif names and frame_keyword == "range":
            self._variables[names[-1]] = ELEMENTS.get(value, ANY)
            index = "string" if value == "template.KV" else "number"
            self._variables.update(dict.fromkeys(names[:-1], index))
        else:
            self._variables.update(dict.fromkeys(names, value))
        return value

    def _value(self, tokens: list[Token], action: Action) -> str:
        """The type of a pipeline without assignment."""
        piped: str | None = None
        for command in commands(tokens):
            piped = self._command(command, piped, action)
        if piped is None:
            raise TemplateSyntaxError("missing value for command")
        return piped

    def _command(self, tokens: list[Token], piped: str | None, action: Action) -> str:
        if not tokens:
            raise TemplateSyntaxError("missing value for command")
        head = tokens[0]
        function = head.text if head.kind == "word" else ""
        if function in {"true", "false", "nil"}:
            function = ""
        if function and function not in FUNCTIONS:
            raise TemplateSyntaxError(f'function "{function}" not defined')
        rest = tokens[1:] if function else tokens
        short_circuit = function in {"and", "or"}
        types: list[str] = []
        while rest:
            try:
                kind, rest = self._operand(rest, action)
            except _FailsError as failure:
                # Whether a later operand is evaluated depends on the ones before it.
                if not (short_circuit and types):
                    raise
                self._doubt_it(f"{failure.reason}, where it is evaluated", action)
                return ANY
            types.append(kind)
        if piped is not None:
            types.append(piped)
        if not function:
            if len(types) > 1:
                self._doubt_it("a method call with arguments is not followed", action)
                return ANY
            return types[0]
        if function in PATTERN_FUNCTIONS and tokens[1:] and tokens[1].kind == "text":
            _check_pattern(tokens[1].text[1:-1])
            if all(kind == "string" for kind in types) and len(types) == 3:
                return "string"
        return self._called(function, types, action)

    def _called(self, function: str, types: list[str], action: Action) -> str:
        if function in STRING_FUNCTIONS and all(kind == "string" for kind in types):
            return "string"
        if function in PRINT_FUNCTIONS:
            return "string"
        if function in COMPARISONS and len(types) > 1 and set(types) in _COMPARABLE:
            return "bool"
        if function == "not" and len(types) == 1:
            return "bool"
        if function in {"and", "or"} and types:
            return types[0] if all(kind == types[0] for kind in types) else ANY
        if function == "len" and types in (["template.KV"], ["string"], *([t] for t in ELEMENTS)):
            return "number"
        if function == "join" and types == ["string", "strings"]:
            return "string"
        if function == "index" and types[1:] == ["string"] and types[0] == "template.KV":
            return "string"
        if function == "index" and types == ["template.Alerts", "number"]:
            if not any(token.text == "0" for token in action.tokens):
                self._doubt_it("a group may hold fewer alerts", action)
            return "template.Alert"
        self._doubt_it(f'the call of "{function}" is not followed', action)
        return ANY

    def _operand(self, tokens: list[Token], action: Action) -> tuple[str, list[Token]]:
        head, rest = tokens[0], tokens[1:]
        match head.kind:
            case "text":
                return "string", rest
            case "number":
                return ("number" if head.text.lstrip("+-").isdigit() else ANY), rest
            case "word":
                if head.text in FUNCTIONS:
                    return self._called(head.text, [], action), rest
                if head.text not in {"true", "false", "nil"}:
                    raise TemplateSyntaxError(f'function "{head.text}" not defined')
                return ("bool" if head.text != "nil" else ANY), rest
            case "chain":
                return self._chain(head.text), rest
            case "mark":
                if head.text != "(":
                    raise TemplateSyntaxError(f"unexpected {head.text!r}")
                inside, rest = parenthesis(rest)
                kind = self._value(inside, action)
                if rest and rest[0].kind == "chain" and not rest[0].spaced:
                    kind = self._fields(kind, rest[0].text)
                    rest = rest[1:]
                return kind, rest

    def _chain(self, text: str) -> str:
        if text == ".":
            return self._dot
        if text.startswith("$"):
            name, dot, fields = text.partition(".")
            if name not in self._variables:
                raise TemplateSyntaxError(f'undefined variable "{name}"')
            kind = self._variables[name]
            return self._fields(kind, dot + fields) if dot else kind
        return self._fields(self._dot, text)

    def _fields(self, kind: str, chain: str) -> str:
        for field in chain[1:].split("."):
            if kind == "template.KV":
                if field == "Remove":
                    return ANY
                kind = KV_METHODS.get(field, "string")
            elif kind in FIELDS:
                if field not in FIELDS[kind]:
                    raise _FailsError(f"can't evaluate field {field} in type {kind}", field)
                kind = FIELDS[kind][field]
            else:
                self._doubt_it(f"what `{chain}` gives is not followed", self._action)
                return ANY
        return kind


def _check_pattern(pattern: str) -> None:
    """Alertmanager compiles it when it notifies; one that RE2 refuses fails there."""
    if "\\" in pattern:
        # Escapes of the template's own string are not resolved here; what RE2 sees may differ.
        return
    try:
        compile_pattern(pattern)
    except PatternError as error:
        raise _FailsError(f"bad regular expression: {error}") from error
