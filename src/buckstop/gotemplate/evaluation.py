"""Pipelines, evaluated on values of which not everything need be known.

Source: Go's ``text/template`` (``exec.go``): which value an argument may be, when a field is
found, in which order things fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, assert_never

from buckstop.gotemplate.builtins import SHORT_CIRCUITS
from buckstop.gotemplate.engines import Engine
from buckstop.gotemplate.failures import FailsError, Failure, TooLongError
from buckstop.gotemplate.fields import called, found_in
from buckstop.gotemplate.fitting import constant_as, fitted, nil_as, number_as
from buckstop.gotemplate.functions import Fails, MayFail, Outcome, miscount
from buckstop.gotemplate.nodes import (
    BoolConstant,
    Chain,
    Command,
    Dot,
    Field,
    Identifier,
    Nil,
    NumberConstant,
    Operand,
    Pipeline,
    Place,
    StringConstant,
    Variable,
)
from buckstop.gotemplate.types import BOOL, STRING, VALUE, Method, Type
from buckstop.gotemplate.values import NIL, Value, joined, known, of, truth

MAX_STEPS: Final = 20_000
"""Commands that are evaluated for one verdict; beyond it nothing is decided."""

Variables = tuple[tuple[str, Value], ...]
Arguments = Sequence[Operand]


class Evaluator:
    """Evaluates pipelines in one environment, which the executor moves along.

    Attributes:
        dot, variables: the environment.
        text: the text that the nodes come from.
        doubts: failures that may happen.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dot = NIL
        self.variables: Variables = ()
        self.text = ""
        self.doubts: list[Failure] = []
        self._steps = 0
        self._reported = 0

    def step(self) -> None:
        """Count one step of the execution."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise TooLongError

    def pipeline(self, pipeline: Pipeline) -> Value:
        """The value of `pipeline`; its declarations are made."""
        self.at(pipeline.place)
        value: Value | None = None
        for command in pipeline.commands:
            self.step()
            value = self._command(command, value)
        assert value is not None, "the parser refuses a pipeline without commands"
        for name in pipeline.variables:
            if pipeline.assigns:
                self._assign(name, value, pipeline.place)
            else:
                self.variables = (*self.variables, (name, value))
        return value

    def at(self, place: Place) -> None:
        """Go on at `place`, which Go would name if what follows failed."""
        self._reported = place.reported

    def failing(self, reason: str, place: Place, field: str = "") -> FailsError:
        """The failure at `place`, to be raised."""
        return FailsError(self._failure(reason, place, field))

    def _failure(self, reason: str, place: Place, field: str) -> Failure:
        reported = replace(place, reported=self._reported)
        return Failure(reason, reported, self.text, field)

    def doubt(self, reason: str, place: Place, field: str = "") -> None:
        """Note that it may fail here."""
        failure = self._failure(reason, place, field)
        if failure not in self.doubts:
            self.doubts.append(failure)

    def _assign(self, name: str, value: Value, place: Place) -> None:
        """Set the innermost variable called `name`."""
        for index in range(len(self.variables) - 1, -1, -1):
            if self.variables[index][0] == name:
                before, after = self.variables[:index], self.variables[index + 1 :]
                self.variables = (*before, (name, value), *after)
                return
        raise self.failing(f"undefined variable: {name}", place)

    def _settled(self, outcome: Outcome, place: Place, field: str = "") -> Value:
        match outcome:
            case Fails():
                raise self.failing(outcome.reason, place, field)
            case MayFail():
                self.doubt(outcome.reason, place, field)
                return outcome.value
            case Value():
                return outcome
            case _:
                assert_never(outcome)

    def _command(self, command: Command, final: Value | None) -> Value:
        first, *arguments = command.arguments
        if not isinstance(first, Pipeline):
            self.at(first.place)
        match first:
            case Field():
                return self._fields(self.dot, first.names, first.place, arguments, final)
            case Chain():
                return self._chain(first, arguments, final)
            case Identifier():
                return self._function(first, command.place, arguments, final)
            case Variable():
                return self._variable(first, arguments, final)
            case _:
                self._no_arguments(first.place, arguments, final)
                if isinstance(first, Nil):
                    raise self.failing("nil is not a command", first.place)
                return self._argument(first, None)

    def _no_arguments(self, place: Place, arguments: Arguments, final: Value | None) -> None:
        if arguments or final is not None:
            raise self.failing(f"can't give argument to non-function {place.source}", place)

    def _variable(self, node: Variable, arguments: Arguments, final: Value | None) -> Value:
        value = next((value for name, value in reversed(self.variables) if name == node.name), None)
        if value is None:
            raise self.failing(f"undefined variable: {node.name}", node.place)
        if not node.names:
            self._no_arguments(node.place, arguments, final)
            return value
        return self._fields(value, node.names, node.place, arguments, final)

    def _chain(self, node: Chain, arguments: Arguments, final: Value | None) -> Value:
        if isinstance(node.operand, Nil):
            raise self.failing("indirection through explicit nil", node.place)
        value = self._argument(node.operand, None)
        return self._fields(value, node.names, node.place, arguments, final)

    def _fields(
        self,
        value: Value,
        names: tuple[str, ...],
        place: Place,
        arguments: Arguments,
        final: Value | None,
    ) -> Value:
        for name in names[:-1]:
            value = self._field(value, name, place, (), None)
        return self._field(value, names[-1], place, arguments, final)

    def _field(
        self, value: Value, name: str, place: Place, arguments: Arguments, final: Value | None
    ) -> Value:
        has_arguments = bool(arguments) or final is not None
        found = found_in(value, name, self.engine, has_arguments=has_arguments)
        if not isinstance(found, Method):
            return self._settled(found, place, name)
        if found.parameters is not None:
            given = len(arguments) + (final is not None)
            wrong = miscount(name, len(found.parameters), given)
            if wrong is not None:
                raise self.failing(wrong, place)
            for argument, wanted in zip(arguments, found.parameters, strict=False):
                self._argument(argument, wanted)
            if final is not None:
                self._settled(fitted(final, found.parameters[-1]), place)
        return self._settled(called(value, found), place)

    def _function(
        self, node: Identifier, place: Place, arguments: Arguments, final: Value | None
    ) -> Value:
        function = self.engine.function(node.name)
        wrong = function.miscount(len(arguments) + (final is not None))
        if wrong is not None:
            raise self.failing(wrong, place)
        if node.name in SHORT_CIRCUITS:
            return self._short_circuit(node.name, arguments, final)
        values = [
            self._argument(argument, function.parameter(index))
            for index, argument in enumerate(arguments)
        ]
        if final is not None:
            wanted = function.parameter(len(arguments))
            values.append(self._settled(fitted(final, wanted), node.place))
        outcome = function.behaviour(tuple(values))
        if not isinstance(outcome, Value):
            self.at(place)
        return self._settled(outcome, place)

    def _short_circuit(self, name: str, arguments: Arguments, final: Value | None) -> Value:
        """``and`` and ``or``: what stands behind the value that decides is not evaluated."""
        possible: list[Value] = []
        count = len(arguments) + (final is not None)
        for index in range(count):
            before = self.variables
            try:
                value = final
                if index < len(arguments):
                    value = self._argument(arguments[index], VALUE)
            except FailsError as error:
                if not possible:
                    raise
                # It is evaluated only where none before it decides.
                self.doubt(error.failure.reason, error.failure.place, error.failure.field)
                self.variables = before
                break
            assert value is not None
            if possible:
                self.variables = merged(before, self.variables)
            decides = truth(value)
            if decides is not None and decides == (name == "and") and index + 1 < count:
                continue
            possible.append(value)
            if decides is not None and decides == (name == "or"):
                break
        result = possible[0]
        for value in possible[1:]:
            result = joined(result, value)
        return result

    def _argument(self, node: Operand, wanted: Type | None) -> Value:
        """The value of `node` as an argument of type `wanted`; None: whatever it is."""
        place = node.place
        self.at(place)
        match node:
            case Dot():
                outcome = fitted(self.dot, wanted)
            case Nil():
                name = "" if wanted is None else wanted.name
                outcome = nil_as(wanted, f"cannot assign nil to {name}")
            case Field():
                outcome = fitted(self._fields(self.dot, node.names, place, (), None), wanted)
            case Variable():
                outcome = fitted(self._variable(node, (), None), wanted)
            case Pipeline():
                outcome = fitted(self.pipeline(node), wanted)
            case Identifier():
                outcome = fitted(self._function(node, place, (), None), wanted)
            case Chain():
                outcome = fitted(self._chain(node, (), None), wanted)
            case BoolConstant():
                outcome = constant_as(known(BOOL, constant=node.value), place.source, wanted)
            case StringConstant():
                text = of(STRING) if node.value is None else known(STRING, node.value)
                outcome = constant_as(text, place.source, wanted)
            case NumberConstant():
                outcome = number_as(node.number, place.source, wanted)
            case _:
                assert_never(node)
        return self._settled(outcome, place)


def merged(left: Variables, right: Variables) -> Variables:
    """The variables where it is open which of two ways was taken; those that both have."""
    return tuple(
        (name, joined(value, other)) for (name, value), (_, other) in zip(left, right, strict=False)
    )
