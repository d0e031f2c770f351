"""A template, executed on data of which not everything need be known: can it fail?

Every way that the data may lead is followed. Where it is open which, all are, and what holds
after them is what holds after each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, assert_never

from buckstop.gotemplate import ranges
from buckstop.gotemplate.default_templates import DefaultTemplate
from buckstop.gotemplate.engines import Engine
from buckstop.gotemplate.evaluation import Evaluator, Variables
from buckstop.gotemplate.failures import FailsError, Failure, TooLongError
from buckstop.gotemplate.nodes import (
    Action,
    Body,
    Branch,
    Call,
    Jump,
    Place,
    Statement,
    TextNode,
)
from buckstop.gotemplate.template_set import TemplateSet
from buckstop.gotemplate.values import NIL, OPEN, Value, truth
from buckstop.gotemplate.ways import Ways, either

MAX_CALL_DEPTH: Final = 20
"""Templates that call each other are followed so deep."""
MAX_ROUNDS: Final = 4
"""Rounds of a ``range`` until what its variables may hold is taken to be anything."""


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one execution.

    Attributes:
        failure: it fails for certain; None: it may end well.
        doubts: where it may fail, or where that is not known.
    """

    failure: Failure | None
    doubts: tuple[Failure, ...]


def execute(main: Body, templates: TemplateSet, engine: Engine, data: Value) -> Run:
    """Execute `main` on `data`; it may call `templates`."""
    executor = _Executor(templates, engine)
    try:
        failure = executor.run(main, data)
    except TooLongError:
        place = Place(0, 0, 0, "")
        doubt = Failure("it takes more steps than are followed", place, main.text)
        return Run(None, (*executor.doubts, doubt))
    return Run(failure, executor.doubts if failure is None else ())


class _Executor:
    def __init__(self, templates: TemplateSet, engine: Engine) -> None:
        self._templates = templates
        self._evaluator = Evaluator(engine)
        self._engine = engine
        self._root = NIL
        self._calls = 0
        self._failures: list[Failure] = []

    @property
    def doubts(self) -> tuple[Failure, ...]:
        """What may fail, and what fails on ways that need not be taken."""
        return tuple(dict.fromkeys((*self._evaluator.doubts, *self._failures)))

    def run(self, main: Body, data: Value) -> Failure | None:
        evaluator = self._evaluator
        self._root = data
        evaluator.text, evaluator.dot = main.text, data
        fields = self._engine.variables.items()
        given = tuple((name, data.field(held) or OPEN) for name, held in fields)
        evaluator.variables = (("$", data), *given)
        ways = self._list(main.statements)
        return ways.failure if ways.through is None else None

    def _list(self, statements: tuple[Statement, ...]) -> Ways:
        """From the evaluator's environment on."""
        ended = Ways()
        for statement in statements:
            self._evaluator.step()
            self._evaluator.at(statement.place)
            try:
                ways = self._statement(statement)
            except FailsError as error:
                self._failures.append(error.failure)
                ways = Ways(failure=error.failure)
            if ways.through is None:
                return replace(ended, through=None).joined(ways)
            if ways.broken is not None or ways.continued is not None:
                ended = ended.joined(replace(ways, through=None))
            self._evaluator.variables = ways.through
        return replace(ended, through=self._evaluator.variables, failure=None)

    def _statement(self, statement: Statement) -> Ways:
        match statement:
            case TextNode():
                return Ways(self._evaluator.variables)
            case Action():
                self._evaluator.pipeline(statement.pipeline)
                return Ways(self._evaluator.variables)
            case Call():
                return self._call(statement)
            case Jump():
                variables = self._evaluator.variables
                if statement.keyword == "break":
                    return Ways(broken=variables)
                return Ways(continued=variables)
            case Branch():
                mark = len(self._evaluator.variables)
                ways = (
                    self._range(statement) if statement.keyword == "range" else self._if(statement)
                )
                return ways.cut(mark)
            case _:
                assert_never(statement)

    def _within(self, statements: tuple[Statement, ...], dot: Value, variables: Variables) -> Ways:
        evaluator = self._evaluator
        outer = evaluator.dot
        evaluator.dot, evaluator.variables = dot, variables
        ways = self._list(statements)
        evaluator.dot = outer
        return ways

    def _if(self, branch: Branch) -> Ways:
        evaluator = self._evaluator
        value = evaluator.pipeline(branch.pipeline)
        variables = evaluator.variables
        inner = value if branch.keyword == "with" else evaluator.dot
        is_taken = truth(value)
        ways: list[Ways] = []
        if is_taken is not False:
            ways.append(self._within(branch.body, inner, variables))
        if is_taken is not True:
            ways.append(self._within(branch.otherwise or (), evaluator.dot, variables))
        return ways[0] if len(ways) == 1 else ways[0].joined(ways[1])

    def _range(self, branch: Branch) -> Ways:
        evaluator = self._evaluator
        if branch.pipeline.variables and branch.pipeline.assigns:
            evaluator.doubt("a `range` that sets variables is not followed", branch.place)
        value = evaluator.pipeline(branch.pipeline)
        before = evaluator.variables
        otherwise = branch.otherwise or ()
        # What the variables of the range hold in its `else` differs between versions of Go.
        names = () if branch.pipeline.assigns else branch.pipeline.variables
        beside = (*before[: len(before) - len(names)], *((name, OPEN) for name in names))
        if value.is_nil and value.type is None:
            return self._within(otherwise, evaluator.dot, beside)
        entries = ranges.entries(value)
        if entries is not None:
            if not entries:
                return self._within(otherwise, evaluator.dot, beside)
            return self._each(branch, entries, before)
        may_be_empty = ranges.may_be_empty(value, branch.pipeline, evaluator)
        ways = self._rounds(branch, value, before)
        if may_be_empty:
            ways = ways.joined(self._within(otherwise, evaluator.dot, beside))
        return ways

    def _each(
        self, branch: Branch, entries: list[tuple[Value, Value]], variables: Variables
    ) -> Ways:
        """One round after the other."""
        left = Ways()
        current: Variables | None = variables
        for index, one in entries:
            assert current is not None
            ways = self._round(branch, index, one, current)
            left = left.joined(Ways(through=ways.broken))
            current = either(ways.through, ways.continued)
            if current is None:
                return left.joined(Ways(failure=ways.failure))
        return left.joined(Ways(through=current))

    def _rounds(self, branch: Branch, value: Value, variables: Variables) -> Ways:
        """A first round, and any number of further ones."""
        index, one = ranges.any_entry(value)
        first = self._round(branch, index, one, variables)
        after = either(first.through, first.continued)
        left = Ways(through=first.broken)
        if after is None:
            return left.joined(Ways(failure=first.failure))
        for number in range(MAX_ROUNDS):
            ways = self._round(branch, index, one, after)
            left = left.joined(Ways(through=ways.broken))
            grown = either(after, either(ways.through, ways.continued))
            assert grown is not None
            if grown == after:
                break
            if number == MAX_ROUNDS - 2:
                changed = zip(grown, after, strict=True)
                grown = tuple(new if new == old else (new[0], OPEN) for new, old in changed)
            after = grown
        return left.joined(Ways(through=after))

    def _round(self, branch: Branch, index: Value, one: Value, variables: Variables) -> Ways:
        mark = len(variables)
        names = branch.pipeline.variables
        if names and not branch.pipeline.assigns:
            kept = variables[: mark - len(names)]
            values = (one,) if len(names) == 1 else (index, one)
            variables = (*kept, *zip(names, values, strict=True))
        return self._within(branch.body, one, variables).cut(mark)

    def _call(self, call: Call) -> Ways:
        evaluator = self._evaluator
        body = self._templates.definitions.get(call.name)
        open_reason = self._templates.why_open(call.name)
        if body is None and not open_reason:
            raise evaluator.failing(f'template "{call.name}" not defined', call.place)
        dot = NIL if call.pipeline is None else evaluator.pipeline(call.pipeline)
        if body is None or call.name in self._templates.uncertain:
            reason = open_reason if body is None else "only some versions define it"
            evaluator.doubt(f'template "{call.name}": {reason}', call.place)
        if body is None:
            return Ways(evaluator.variables)
        if isinstance(body, DefaultTemplate):
            if not self._suits(body, dot):
                evaluator.doubt(f'template "{call.name}" is made for other data', call.place)
            return Ways(evaluator.variables)
        outer = (evaluator.dot, evaluator.variables, evaluator.text)
        if self._calls == MAX_CALL_DEPTH:
            evaluator.doubt(
                f"templates call each other more than {MAX_CALL_DEPTH} deep", call.place
            )
            return Ways(evaluator.variables)
        self._calls += 1
        evaluator.dot, evaluator.text = dot, body.text
        evaluator.variables = (("$", dot),)
        ways = self._list(body.statements)
        self._calls -= 1
        evaluator.dot, evaluator.variables, evaluator.text = outer
        if ways.through is None:
            return Ways(failure=ways.failure)
        return Ways(evaluator.variables)

    def _suits(self, template: DefaultTemplate, dot: Value) -> bool:
        """Whether Alertmanager's own `template` is known to execute on `dot`."""
        if template.of_alerts:
            return dot.type is not None and dot.type.name in _ALERT_LISTS
        return dot.type is not None and dot.type == self._root.type


_ALERT_LISTS: Final = frozenset({"template.Alerts", "[]template.Alert"})
