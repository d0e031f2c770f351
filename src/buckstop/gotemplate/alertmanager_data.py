"""What a notification template finds in Alertmanager: the data, typed, by version.

Source: Alertmanager's ``template`` package; which version has which field was asked of 0.25.0,
0.28.1 and 0.33.1.
"""

from __future__ import annotations

from typing import Final

from buckstop.gotemplate.alertmanager_functions import ALERTMANAGER_FUNCTIONS
from buckstop.gotemplate.engines import Engine, Version, Witness, has
from buckstop.gotemplate.types import (
    STRING,
    STRINGS,
    TIME,
    Method,
    Type,
    map_of,
    slice_of,
)
from buckstop.gotemplate.values import Value, known, listed, mapped, of

PAIR: Final = Type("template.Pair", "struct", "Pair", fields={"Name": STRING, "Value": STRING})
PAIRS: Final = slice_of(
    PAIR, "template.Pairs", (Method("Names", (), STRINGS), Method("Values", (), STRINGS))
)


def _kv() -> Type:
    result = map_of(STRING, "template.KV")
    methods = (
        Method("SortedPairs", (), PAIRS),
        Method("Names", (), STRINGS),
        Method("Values", (), STRINGS),
        Method("Remove", (STRINGS,), result),
    )
    object.__setattr__(result, "methods", methods)
    return result


KV: Final = _kv()
ALERT: Final = Type(
    "template.Alert",
    "struct",
    "Alert",
    fields={
        "Status": STRING,
        "Labels": KV,
        "Annotations": KV,
        "StartsAt": TIME,
        "EndsAt": TIME,
        "GeneratorURL": STRING,
        "Fingerprint": STRING,
    },
    is_comparable=False,
)
_SOME_ALERTS: Final = slice_of(ALERT)
ALERTS: Final = slice_of(
    ALERT,
    "template.Alerts",
    (Method("Firing", (), _SOME_ALERTS), Method("Resolved", (), _SOME_ALERTS)),
)

DATA_FIELDS: Final[tuple[tuple[str, Type, str | None, str | None], ...]] = (
    ("Receiver", STRING, None, None),
    ("Status", STRING, None, None),
    ("Alerts", ALERTS, None, None),
    ("NotificationReason", STRING, "0.28.1", "0.33.1"),
    ("GroupLabels", KV, None, None),
    ("CommonLabels", KV, None, None),
    ("CommonAnnotations", KV, None, None),
    ("ExternalURL", STRING, None, None),
)
"""Name, type, the newest version seen without it and the oldest seen with it."""


def alertmanager_engine(version: Version | None = None, go: Version | None = None) -> Engine:
    """What Alertmanager `version` executes notification templates with; None: any from 0.25 on.

    Args:
        go: the version of Go that it was built with, where that is known.
    """
    exists = {one.name: has(one.absent, one.present, version) for one in ALERTMANAGER_FUNCTIONS}
    fields: dict[str, Type | None] = {}
    uncertain: dict[tuple[str, str], Type] = {}
    for name, type_, absent, present in DATA_FIELDS:
        is_there = has(absent, present, version)
        if is_there is None:
            uncertain["template.Data", name] = type_
        if is_there:
            fields[name] = type_
    data = Type("template.Data", "struct", "Data", fields=fields, is_comparable=False)
    return Engine(
        name="Alertmanager",
        functions={
            one.name: one for one in ALERTMANAGER_FUNCTIONS if exists[one.name] is not False
        },
        uncertain_functions=frozenset(name for name, there in exists.items() if there is None),
        # A notification is about at least one alert.
        data=Value(data, fields=(("Alerts", Value(ALERTS, shortest=1)),)),
        witnesses=(
            Witness("one firing alert", _notification(data, "firing", ("firing",))),
            Witness("one resolved alert", _notification(data, "resolved", ("resolved",))),
            Witness("a firing and a resolved alert", _notification(data, "firing", _BOTH)),
        ),
        uncertain_fields=uncertain,
        go=go,
    )


RESOLVED_WITNESSES: Final = frozenset({"one resolved alert", "a firing and a resolved alert"})
"""Those that a receiver with ``send_resolved: false`` is never handed."""
_BOTH: Final = ("firing", "resolved")


def _notification(data: Type, status: str, statuses: tuple[str, ...]) -> Value:
    labels = mapped(KV, [("alertname", known(STRING, "Witness"))])
    nothing = mapped(KV, ())
    alerts = [
        Value(
            ALERT,
            fields=(
                ("Status", known(STRING, one)),
                ("Labels", labels),
                ("Annotations", nothing),
                ("StartsAt", of(TIME)),
                ("EndsAt", of(TIME)),
                ("GeneratorURL", known(STRING, "")),
                ("Fingerprint", of(STRING)),
            ),
        )
        for one in statuses
    ]
    return Value(
        data,
        fields=(
            ("Receiver", of(STRING)),
            ("Status", known(STRING, status)),
            ("Alerts", listed(ALERTS, alerts)),
            ("GroupLabels", nothing),
            ("CommonLabels", labels),
            ("CommonAnnotations", nothing),
            ("ExternalURL", of(STRING)),
        ),
    )
