"""Expressions as programs of a nondeterministic automaton: Thompson's construction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, assert_never

from buckstop.language.characters import Characters
from buckstop.language.expression import At, Chain, Choice, Expression, OneOf, Position, Repeated
from buckstop.language.undecided import Undecided

MAX_STEPS: Final = 200_000
"""Of one program; counted repetitions multiply."""


@dataclass(frozen=True, slots=True)
class Read:
    """Read one of `characters`, go on at `then`."""

    characters: Characters
    then: int


@dataclass(frozen=True, slots=True)
class Fork:
    """Go on at each of `then`."""

    then: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Require:
    """Go on at `then` if the position is of this kind."""

    position: Position
    then: int


@dataclass(frozen=True, slots=True)
class Accept:
    """The text read so far belongs to the language, if it ends here."""


Step = Read | Fork | Require | Accept


@dataclass(frozen=True, slots=True)
class Program:
    """Steps; each names the next by its index.

    Attributes:
        start: the index of the first.
        has_positions: whether a `Require` is among them.
    """

    steps: tuple[Step, ...]
    start: int
    has_positions: bool

    def character_sets(self) -> frozenset[Characters]:
        """Every set that a step reads."""
        return frozenset(step.characters for step in self.steps if isinstance(step, Read))


def program_of(expression: Expression) -> Program:
    """The program that accepts what `expression` matches from the first character to the last.

    Raises:
        Undecided: beyond `MAX_STEPS`.
    """
    writer = _Writer()
    start = writer.write(expression, writer.add(Accept()))
    steps = tuple(writer.steps)
    return Program(steps, start, any(isinstance(step, Require) for step in steps))


class _Writer:
    """Writes from the end to the start: each part knows what follows it."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def add(self, step: Step) -> int:
        if len(self.steps) >= MAX_STEPS:
            raise Undecided(f"an expression with more than {MAX_STEPS:,} steps")
        self.steps.append(step)
        return len(self.steps) - 1

    def write(self, expression: Expression, then: int) -> int:
        """Write `expression`, followed by the step `then`; the index of its first step."""
        match expression:
            case OneOf(characters):
                return self.add(Read(characters, then))
            case At(position):
                return self.add(Require(position, then))
            case Chain(parts):
                for part in reversed(parts):
                    then = self.write(part, then)
                return then
            case Choice(options):
                return self.add(Fork(tuple(self.write(option, then) for option in options)))
            case Repeated(part, least, most):
                return self._repeated(part, least, most, then)
            case _:
                assert_never(expression)

    def _repeated(self, part: Expression, least: int, most: int | None, then: int) -> int:
        if most is None:
            loop = self.add(Fork(()))
            self.steps[loop] = Fork((self.write(part, loop), then))
            then = loop
        else:
            end = then
            for _ in range(most - least):
                then = self.add(Fork((self.write(part, then), end)))
        for _ in range(least):
            then = self.write(part, then)
        return then
