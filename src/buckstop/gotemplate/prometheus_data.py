"""What a template in a rule's label or annotation finds in Prometheus: data and functions.

Source: Prometheus's ``template`` package; which version has which function was asked of 2.42.0,
2.53.3 and 3.5.3. The value of an alert is taken to be a number: an alert on a native histogram
has none, and is not judged.
"""

from __future__ import annotations

from typing import Final

from buckstop.gotemplate.engines import Engine, Version, Witness, has
from buckstop.gotemplate.functions import Fails, Function, MayFail, Outcome, total
from buckstop.gotemplate.text_functions import (
    lowercase,
    of_number,
    timed,
    uppercase,
    with_pattern,
)
from buckstop.gotemplate.types import (
    ANY,
    ANY_MAP,
    BOOL,
    DURATION,
    FLOAT,
    HTML,
    STRING,
    STRING_MAP,
    TIME,
    Type,
    pointer_to,
    slice_of,
)
from buckstop.gotemplate.values import Value, known, mapped, of

SAMPLE: Final = Type(
    "template.sample",
    "struct",
    "sample",
    fields={"Labels": STRING_MAP, "Value": FLOAT},
    is_comparable=False,
)
_SAMPLE: Final = pointer_to(SAMPLE)
RESULT: Final = slice_of(_SAMPLE, "template.queryResult")

DATA_FIELDS: Final = {
    "Labels": STRING_MAP,
    "ExternalLabels": STRING_MAP,
    "ExternalURL": STRING,
    "Value": FLOAT,
}
VARIABLES: Final = {
    "$labels": "Labels",
    "$externalLabels": "ExternalLabels",
    "$externalURL": "ExternalURL",
    "$value": "Value",
}
"""Declared in front of every text."""


def _query(_: tuple[Value, ...]) -> Outcome:
    return MayFail("whether the query can be answered is not known", of(RESULT))


def _first(arguments: tuple[Value, ...]) -> Outcome:
    if arguments[0].longest == 0:
        return Fails("error calling first: first() called on vector with no elements")
    return MayFail("`first` fails for a query without a result", of(_SAMPLE))


def _of_sample(result: Type) -> Function:
    def behaviour(arguments: tuple[Value, ...]) -> Outcome:
        if arguments[-1].is_nil:
            return Fails("invalid memory address or nil pointer dereference")
        return of(result)

    parameters = (_SAMPLE,) if result == FLOAT else (STRING, _SAMPLE)
    return Function("value" if result == FLOAT else "label", parameters, None, behaviour)


def _sorted(arguments: tuple[Value, ...]) -> Outcome:
    return arguments[1]


def _duration_read(_: tuple[Value, ...]) -> Outcome:
    return MayFail("`parseDuration` fails for a text that is no duration", of(FLOAT))


PROMETHEUS_FUNCTIONS: Final = (
    Function("query", (STRING,), None, _query),
    Function("first", (RESULT,), None, _first),
    _of_sample(STRING),
    _of_sample(FLOAT),
    Function("strvalue", (_SAMPLE,), None, _of_sample(FLOAT).behaviour),
    Function("args", (), ANY, total(of(ANY_MAP))),
    Function("reReplaceAll", (STRING, STRING, STRING), None, with_pattern("reReplaceAll", STRING)),
    Function("safeHtml", (STRING,), None, total(of(HTML))),
    Function("match", (STRING, STRING), None, with_pattern("match", BOOL)),
    Function("title", (STRING,), None, total(of(STRING))),
    Function("toUpper", (STRING,), None, uppercase),
    Function("toLower", (STRING,), None, lowercase),
    Function("graphLink", (STRING,), None, total(of(STRING))),
    Function("tableLink", (STRING,), None, total(of(STRING))),
    Function("sortByLabel", (STRING, RESULT), None, _sorted),
    Function("stripPort", (STRING,), None, total(of(STRING))),
    Function("stripDomain", (STRING,), None, total(of(STRING))),
    Function("humanize", (ANY,), None, of_number("humanize", STRING)),
    Function("humanize1024", (ANY,), None, of_number("humanize1024", STRING)),
    Function("humanizeDuration", (ANY,), None, of_number("humanizeDuration", STRING)),
    Function("humanizePercentage", (ANY,), None, of_number("humanizePercentage", STRING)),
    Function("humanizeTimestamp", (ANY,), None, timed("humanizeTimestamp", STRING)),
    Function("toTime", (ANY,), None, timed("toTime", pointer_to(TIME))),
    Function(
        "toDuration",
        (ANY,),
        None,
        timed("toDuration", pointer_to(DURATION)),
        absent="3.5.3",
        present="3.6",
    ),
    Function("now", (), None, total(of(FLOAT)), absent="3.5.3", present="3.6"),
    Function("pathPrefix", (), None, total(of(STRING))),
    Function("externalURL", (), None, total(of(STRING))),
    Function("parseDuration", (STRING,), None, _duration_read),
    Function("urlQueryEscape", (STRING,), None, total(of(STRING)), absent="3.5.3"),
)
"""Without `absent`, every version from 2.42 on has it."""


def prometheus_engine(version: Version | None = None, go: Version | None = None) -> Engine:
    """What Prometheus `version` executes the templates of rules with; None: any from 2.42 on.

    Args:
        go: the version of Go that it was built with, where that is known.
    """
    exists = {one.name: has(one.absent, one.present, version) for one in PROMETHEUS_FUNCTIONS}
    data = Type("struct", "struct", "struct", fields=dict(DATA_FIELDS), is_comparable=False)
    return Engine(
        name="Prometheus",
        functions={one.name: one for one in PROMETHEUS_FUNCTIONS if exists[one.name] is not False},
        uncertain_functions=frozenset(name for name, there in exists.items() if there is None),
        data=Value(data, fields=tuple((name, of(type_)) for name, type_ in DATA_FIELDS.items())),
        witnesses=(
            Witness("an alert without labels", _alert(data, 1.0)),
            Witness("an alert of the value 0", _alert(data, 0.0)),
        ),
        variables=VARIABLES,
        go=go,
    )


def _alert(data: Type, value: float) -> Value:
    nothing = mapped(STRING_MAP, ())
    return Value(
        data,
        fields=(
            ("Labels", nothing),
            ("ExternalLabels", nothing),
            ("ExternalURL", of(STRING)),
            ("Value", known(FLOAT, value)),
        ),
    )
