"""What Prometheus and Alertmanager post, read into observations.

One bad alert does not cost the others: the good ones are recorded, the bad ones answered with
400, what is wrong and where. That is what Alertmanager itself does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from buckstop.ledger.domain.case import Observation
from buckstop.ledger.text import neutral

ALERTS = 10_000
"""The most alerts in one request."""
BRACKETS = 200_000
"""The most opening brackets in one request: of tiny objects a body could make gigabytes."""
ENTRIES = 50_000
"""Beyond so many a request's objects are not even taken apart if one must have too many: nothing
else runs while an object of a million entries is."""
LABELS = 256
"""The most labels, and the most annotations, of one alert."""
NAME_CHARACTERS = 512
LABEL_VALUE_CHARACTERS = 8_192
ANNOTATION_CHARACTERS = 16_384
"""Longer annotations are cut; longer labels are refused, for identity rests on them."""

LEASE_SECONDS = 300
"""How long a feed's word holds where it names no ``endsAt``: Alertmanager's ``resolve_timeout``
unless configured. Prometheus always names one."""

_LABEL_NAME = re.compile(r"[^\s\x00-\x1f]+")
_NO_TIME = datetime(1, 1, 2, tzinfo=UTC)
"""Alertmanager writes the year 1 for "no time"."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a payload, and where (``[3].labels.severity``; empty: all of it)."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


@dataclass(frozen=True, slots=True)
class Payload:
    """A request's alerts that can be recorded, and its mistakes."""

    observations: tuple[Observation, ...]
    mistakes: tuple[Mistake, ...]


def read_feed(body: bytes, source: str, now: datetime) -> Payload:
    """The alerts of a Prometheus, as it posts them to ``/api/v2/alerts``.

    An alert whose end has passed is resolved; any other fires, and its end is the lease, which is
    `LEASE_SECONDS` where there is no end.
    """
    value = _json(body)
    if isinstance(value, Mistake):
        return Payload((), (value,))
    if not isinstance(value, list):
        return _nothing("a list of alerts was expected")
    return _alerts(value, "", lambda alert: _feed_alert(alert, source, now))


def read_webhook(body: bytes, source: str, now: datetime) -> Payload:
    """The alerts of an Alertmanager notification, webhook version 4."""
    value = _json(body)
    if isinstance(value, Mistake):
        return Payload((), (value,))
    if not isinstance(value, dict):
        return _nothing("an object was expected")
    if isinstance(value, _Ambiguous):
        return Payload((), (Mistake(neutral(value.repeated, 80), _TWICE),))
    if value.get("version") != "4":
        version = neutral(repr(value.get("version")), 40)
        return _nothing(f"webhook version '4' was expected, not {version}")
    alerts = value.get("alerts")
    if not isinstance(alerts, list):
        return _nothing("alerts: a list was expected")
    payload = _alerts(alerts, "alerts", lambda alert: _webhook_alert(alert, source, now))
    truncated = value.get("truncatedAlerts")
    if isinstance(truncated, int) and truncated > 0:
        mistake = Mistake(
            "truncatedAlerts",
            f"{truncated} alerts were left out: remove max_alerts from this receiver",
        )
        return Payload(payload.observations, (*payload.mistakes, mistake))
    return payload


class _BadAlertError(Exception):
    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where
        self.message = message


class _Ambiguous(dict[str, Any]):
    """A JSON object that gives a key twice: readers differ about which value it has."""

    repeated: str


_TWICE = "the key is given twice"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    ambiguous = _Ambiguous(value)
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            ambiguous.repeated = key
            break
        seen.add(key)
    return ambiguous


def _json(body: bytes) -> Any:
    objects, entries = body.count(b"{"), body.count(b'":')
    if objects + body.count(b"[") > BRACKETS:
        return Mistake("", f"more than {BRACKETS} opening brackets in one request")
    if entries > ENTRIES and entries > objects * LABELS:
        return Mistake("", f"an object with more than {LABELS} entries")
    try:
        return json.loads(body, object_pairs_hook=_object)
    except RecursionError:
        return Mistake("", "not JSON: nested too deeply")
    except UnicodeDecodeError as error:
        return Mistake("", f"not JSON: not UTF-8 at byte {error.start}")
    except ValueError as error:
        return Mistake("", f"not JSON: {error}")


def _nothing(message: str) -> Payload:
    return Payload((), (Mistake("", message),))


def _alerts(items: list[Any], where: str, read: Any) -> Payload:
    if len(items) > ALERTS:
        return _nothing(f"{len(items)} alerts in one request; {ALERTS} are the most")
    observations: list[Observation] = []
    mistakes: list[Mistake] = []
    for index, item in enumerate(items):
        place = f"{where}[{index}]"
        try:
            if not isinstance(item, dict):
                raise _BadAlertError("", "an object was expected")
            if isinstance(item, _Ambiguous):
                raise _BadAlertError(f".{neutral(item.repeated, 80)}", _TWICE)
            observations.append(read(item))
        except _BadAlertError as bad:
            mistakes.append(Mistake(f"{place}{bad.where}", bad.message))
    return Payload(tuple(observations), tuple(mistakes))


def _feed_alert(alert: dict[str, Any], source: str, now: datetime) -> Observation:
    ends_at = _time(alert, "endsAt") or now + timedelta(seconds=LEASE_SECONDS)
    return Observation(
        kind="feed",
        source=source,
        labels=_labels(alert),
        annotations=_annotations(alert),
        generator_url=_text(alert, "generatorURL"),
        starts_at=_time(alert, "startsAt") or now,
        ends_at=ends_at,
        resolved=ends_at <= now,
    )


def _webhook_alert(alert: dict[str, Any], source: str, now: datetime) -> Observation:
    # A tuple: whatever was posted may be unhashable.
    status = alert.get("status")
    if status not in ("firing", "resolved"):
        raise _BadAlertError(".status", "'firing' or 'resolved' was expected")
    resolved = status == "resolved"
    return Observation(
        kind="webhook",
        source=source,
        labels=_labels(alert),
        annotations=_annotations(alert),
        generator_url=_text(alert, "generatorURL"),
        starts_at=_time(alert, "startsAt") or now,
        # A firing notification says nothing about when its word runs out.
        ends_at=_time(alert, "endsAt") if resolved else None,
        resolved=resolved,
    )


def _labels(alert: dict[str, Any]) -> Mapping[str, str]:
    labels = {}
    for name, value in _pairs(alert, "labels").items():
        where = f".labels.{neutral(name, 80)}"
        if len(name) > NAME_CHARACTERS or not _LABEL_NAME.fullmatch(name):
            raise _BadAlertError(where, "no label name")
        if len(value) > LABEL_VALUE_CHARACTERS:
            raise _BadAlertError(
                where, f"{len(value)} characters; {LABEL_VALUE_CHARACTERS} are the most"
            )
        if not _is_unicode(name + value):
            raise _BadAlertError(where, "no valid Unicode")
        if value != "":
            labels[name] = value
    if not labels:
        raise _BadAlertError(".labels", "at least one label was expected")
    return labels


def _annotations(alert: dict[str, Any]) -> Mapping[str, str]:
    return {
        _valid(name[:NAME_CHARACTERS]): _cut(value, ANNOTATION_CHARACTERS)
        for name, value in _pairs(alert, "annotations").items()
    }


def _pairs(alert: dict[str, Any], field: str) -> dict[str, str]:
    value = alert.get(field)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _BadAlertError(f".{field}", "an object was expected")
    if isinstance(value, _Ambiguous):
        raise _BadAlertError(f".{field}.{neutral(value.repeated, 80)}", _TWICE)
    if len(value) > LABELS:
        raise _BadAlertError(f".{field}", f"{len(value)} entries; {LABELS} are the most")
    for name, text in value.items():
        if not isinstance(text, str):
            raise _BadAlertError(f".{field}.{neutral(name, 80)}", "a string was expected")
    return cast("dict[str, str]", value)


def _text(alert: dict[str, Any], field: str) -> str:
    value = alert.get(field)
    return _cut(value, 2_048) if isinstance(value, str) else ""


def _time(alert: dict[str, Any], field: str) -> datetime | None:
    value = alert.get(field)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise _BadAlertError(f".{field}", "a time was expected, as 2030-01-31T12:00:00Z")
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError("no time zone")
        at = at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _BadAlertError(
            f".{field}", f"{neutral(value, 60)!r} is no time as 2030-01-31T12:00:00Z"
        ) from error
    return None if at < _NO_TIME else at


def _cut(text: str, limit: int) -> str:
    return _valid(text if len(text) <= limit else text[: limit - 1] + "…")


def _valid(text: str) -> str:
    """`text` with lone surrogates replaced, which UTF-8 cannot carry."""
    return text.encode("utf-8", "replace").decode()


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
