"""Fields, keys and methods: what ``.name`` finds in a value."""

from __future__ import annotations

from buckstop.gotemplate.engines import Engine
from buckstop.gotemplate.functions import Fails, MayFail, Outcome
from buckstop.gotemplate.types import OPEN_METHODS, STRING, Method, Type
from buckstop.gotemplate.values import NIL, OPEN, Value, element, known, listed, of


def found_in(value: Value, name: str, engine: Engine, *, has_arguments: bool) -> Outcome | Method:
    """What ``.name`` is of `value`; a method is yet to be called.

    Args:
        has_arguments: whether arguments stand behind it, which only a method takes.
    """
    if value.is_nil and value.type is None:
        return NIL
    if value.type is None:
        return MayFail(f"what `.{name}` is asked of is not followed", OPEN)
    type_ = value.type
    is_pointer = type_.kind == "pointer"
    target = type_.element if is_pointer and type_.element is not None else type_
    method = target.method(name)
    if method is not None:
        return method
    if name in OPEN_METHODS.get(target.name, ()):
        return MayFail(f"the method {name} of {target.name} is not followed", OPEN)
    if value.is_nil:
        return Fails(f"nil pointer evaluating {type_.name}.{name}")
    if target.kind == "struct":
        return _struct_field(value, target, name, engine, has_arguments=has_arguments)
    if target.kind == "map" and not is_pointer:
        if has_arguments:
            return Fails(f"{name} is not a method but has arguments")
        return _key(value, target, name)
    return Fails(f"can't evaluate field {name} in type {type_.name}")


def _key(value: Value, type_: Type, name: str) -> Value:
    if value.keys is None:
        return element(value)
    held = value.at(name)
    if held is not None:
        return held
    return known(STRING, "") if type_.element == STRING else NIL


def _struct_field(
    value: Value, type_: Type, name: str, engine: Engine, *, has_arguments: bool
) -> Outcome:
    uncertain = engine.uncertain_fields.get((type_.name, name))
    wanted = uncertain or type_.fields.get(name)
    if wanted is None:
        return Fails(f"can't evaluate field {name} in type {type_.name}")
    if has_arguments:
        return Fails(f"{name} has arguments but cannot be invoked as function")
    kept = value.field(name)
    found = kept if kept is not None else OPEN if wanted.kind == "interface" else of(wanted)
    if uncertain is not None:
        return MayFail(f"the field {name} exists in some versions only", found)
    return found


def called(value: Value, method: Method) -> Outcome:
    """What `method` gives for `value`, its arguments being right."""
    if method.parameters is None:
        if method.can_fail:
            return MayFail(f"the method {method.name} is not followed", OPEN)
        return Fails(f"can't call method/function {method.name} with its several results")
    if value.is_nil:
        return MayFail(f"the method {method.name} of a nil pointer is not followed", OPEN)
    if method.result is None:
        return OPEN
    if method.name in {"Firing", "Resolved"} and value.items is not None:
        wanted = method.name.lower()
        return listed(method.result, [one for one in value.items if _status(one) == wanted])
    return of(method.result)


def _status(alert: Value) -> object:
    status = alert.field("Status")
    return None if status is None else status.constant
