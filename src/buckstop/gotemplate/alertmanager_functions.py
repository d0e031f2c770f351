"""The functions that Alertmanager's notification templates have, by version.

Source: Alertmanager's ``template`` package; which version has which was asked of 0.25.0, 0.28.1
and 0.33.1.
"""

from __future__ import annotations

from typing import Final

from buckstop.gotemplate.functions import Fails, Function, MayFail, Outcome, total
from buckstop.gotemplate.text_functions import (
    in_zone,
    lowercase,
    of_number,
    uppercase,
    url_unescaped,
    with_pattern,
)
from buckstop.gotemplate.types import (
    ANY,
    ANY_MAP,
    ANYTHINGS,
    BOOL,
    DURATION,
    HTML,
    STRING,
    STRINGS,
    TIME,
    URL,
)
from buckstop.gotemplate.values import Value, listed, of

_JSON_NAMES: Final = frozenset(
    {"string", "bool", "int", "template.KV", "template.Alerts", "[]template.Alert"}
    | {"template.Alert", "template.Data", "template.Pair", "template.Pairs", "[]string"}
    | {"time.Time", "time.Duration", "template.HTML", "template.URL"}
)


def _dict(arguments: tuple[Value, ...]) -> Outcome:
    if len(arguments) % 2:
        return Fails("error calling dict: dict requires an even number of arguments")
    result = of(ANY_MAP)
    for key in arguments[::2]:
        if key.is_nil or (key.type is not None and key.type != STRING):
            return Fails("error calling dict: dict keys must be strings")
        if key.type is None:
            return MayFail("whether a key is a string is not known", result)
    return result


def _list(arguments: tuple[Value, ...]) -> Outcome:
    return listed(ANYTHINGS, arguments)


def _append(arguments: tuple[Value, ...]) -> Outcome:
    items, *more = arguments
    if items.items is None:
        return Value(ANYTHINGS, shortest=items.shortest + len(more))
    return listed(ANYTHINGS, (*items.items, *more))


def _slice_of_strings(arguments: tuple[Value, ...]) -> Outcome:
    return listed(STRINGS, arguments)


def _json(arguments: tuple[Value, ...]) -> Outcome:
    (given,) = arguments
    if given.is_nil or (given.type is not None and given.type.name in _JSON_NAMES):
        return of(STRING)
    if given.type is not None and given.type.kind == "complex":
        return Fails("error calling toJson: json: unsupported type: complex128")
    return MayFail("whether this has a JSON form is not followed", of(STRING))


ALERTMANAGER_FUNCTIONS: Final = (
    Function("toUpper", (STRING,), None, uppercase),
    Function("toLower", (STRING,), None, lowercase),
    Function("title", (STRING,), None, total(of(STRING))),
    Function("trimSpace", (STRING,), None, total(of(STRING)), absent="0.25.0", present="0.28.1"),
    Function("join", (STRING, STRINGS), None, total(of(STRING))),
    Function("match", (STRING, STRING), None, with_pattern("match", BOOL)),
    Function("safeHtml", (STRING,), None, total(of(HTML))),
    Function("safeUrl", (STRING,), None, total(of(URL)), absent="0.28.1", present="0.33.1"),
    Function("urlUnescape", (STRING,), None, url_unescaped, absent="0.28.1", present="0.33.1"),
    Function("reReplaceAll", (STRING, STRING, STRING), None, with_pattern("reReplaceAll", STRING)),
    Function("stringSlice", (), STRING, _slice_of_strings),
    Function("date", (STRING, TIME), None, total(of(STRING)), absent="0.25.0", present="0.28.1"),
    Function("tz", (STRING, TIME), None, in_zone, absent="0.25.0", present="0.28.1"),
    Function("since", (TIME,), None, total(of(DURATION)), absent="0.25.0", present="0.28.1"),
    Function(
        "humanizeDuration",
        (ANY,),
        None,
        of_number("humanizeDuration", STRING),
        absent="0.25.0",
        present="0.28.1",
    ),
    Function("toJson", (ANY,), None, _json, absent="0.28.1", present="0.33.1"),
    Function("list", (), ANY, _list, absent="0.28.1", present="0.33.1"),
    Function("dict", (), ANY, _dict, absent="0.28.1", present="0.33.1"),
    Function("append", (ANYTHINGS,), ANY, _append, absent="0.28.1", present="0.33.1"),
    Function("now", (), None, total(of(TIME)), absent="0.28.1", present="0.33.1"),
)
"""Without `absent`, every version from 0.25 on has it."""
