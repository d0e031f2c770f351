"""Functions of a template: what they take, what they give, and when they fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from buckstop.gotemplate.types import Type
from buckstop.gotemplate.values import Value


@dataclass(frozen=True, slots=True)
class Fails:
    """The call fails; `reason` in Go's words."""

    reason: str


@dataclass(frozen=True, slots=True)
class MayFail:
    """The call fails for some arguments, or that is not known; else it gives `value`."""

    reason: str
    value: Value


Outcome = Value | Fails | MayFail
Behaviour = Callable[[tuple[Value, ...]], Outcome]


@dataclass(frozen=True, slots=True)
class Function:
    """A function.

    Attributes:
        parameters: those that must be given.
        rest: what may follow, any number of times; None: nothing.
        behaviour: what a call does, once the arguments have the types of the parameters.
        absent: the newest version that was seen without it; None where none was.
        present: the oldest version that was seen with it.
    """

    name: str
    parameters: tuple[Type, ...]
    rest: Type | None
    behaviour: Behaviour
    absent: str | None = None
    present: str | None = None

    def miscount(self, given: int) -> str | None:
        """What Go says if it is called with `given` arguments; None if it takes them."""
        return miscount(self.name, len(self.parameters), given, has_rest=self.rest is not None)

    def parameter(self, index: int) -> Type:
        """The type of the argument at `index`, from 0."""
        if index < len(self.parameters):
            return self.parameters[index]
        assert self.rest is not None
        return self.rest


def miscount(name: str, wanted: int, given: int, *, has_rest: bool = False) -> str | None:
    """What Go says of a call with `given` arguments where `wanted` are; None if that is right."""
    if has_rest and given < wanted:
        return f"wrong number of args for {name}: want at least {wanted} got {given}"
    if not has_rest and given != wanted:
        return f"wrong number of args for {name}: want {wanted} got {given}"
    return None


def total(result: Value) -> Behaviour:
    """A function that never fails and gives `result`."""
    return lambda _: result
