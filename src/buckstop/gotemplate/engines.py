"""What a server executes its templates with: functions, data, and the names that it defines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from buckstop.gotemplate.builtins import BUILTINS
from buckstop.gotemplate.functions import Function
from buckstop.gotemplate.types import Type
from buckstop.gotemplate.values import Value

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """Data that the server may hand to a template; `name` says in words what it is."""

    name: str
    data: Value


@dataclass(frozen=True, slots=True)
class Engine:
    """One server's, of one version or of any.

    Attributes:
        functions: beside Go's own; a function that only some of the versions have is in
            `uncertain_functions` too.
        data: everything that the dot may be.
        witnesses: examples of it, most ordinary first.
        variables: that stand in front of every text: name to the field of the data that each
            holds.
        uncertain_fields: (type, field) that only some of the versions have.
        go: the version of Go that the server was built with, where it is known.
    """

    name: str
    functions: Mapping[str, Function]
    uncertain_functions: frozenset[str]
    data: Value
    witnesses: tuple[Witness, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    uncertain_fields: Mapping[tuple[str, str], Type] = field(default_factory=dict)
    go: Version | None = None

    def knows(self, name: str) -> bool | None:
        """Whether the function `name` exists; None where only some versions have it."""
        if name in self.uncertain_functions:
            return None
        return name in self.functions or name in BUILTINS

    def function(self, name: str) -> Function:
        """The function called `name`, which exists in some version."""
        return self.functions[name] if name in self.functions else BUILTINS[name]


def parsed_version(written: str) -> Version:
    """``0.28.1`` as numbers."""
    return tuple(int(part) for part in written.split("."))


def has(absent: str | None, present: str | None, version: Version | None) -> bool | None:
    """Whether `version` has what `absent` was seen without and `present` with.

    None where neither says so: between the two, or where no version is aimed at.
    """
    if absent is None:
        return True
    if version is None:
        return None
    length = len(version)
    if version <= parsed_version(absent)[:length]:
        return False
    if present is not None and version >= parsed_version(present)[:length]:
        return True
    return None
