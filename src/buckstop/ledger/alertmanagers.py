"""What a running Alertmanager says: its configuration, and what it withholds.

Read now and then; an Alertmanager that does not answer makes nothing known and nothing resolved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from buckstop.ledger.domain.events import Withholding
from buckstop.ledger.domain.labels import IdentityRule
from buckstop.ledger.outbox.copies import is_marked
from buckstop.ledger.outbox.silences import named_in
from buckstop.ledger.text import neutral

TIMEOUT_SECONDS = 5.0
RESPONSE_BYTES = 64 * 1024 * 1024


class AlertmanagerUnreadableError(Exception):
    """It does not answer, or not as an Alertmanager does; the message says how."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What one Alertmanager said.

    Attributes:
        config: the text of the configuration that it has loaded, secrets blanked by itself.
        alerts, silences: as its API v2 gives them.
        started: since when it runs, in its own words; another text after a restart.
    """

    url: str
    config: str
    alerts: Sequence[Mapping[str, Any]]
    silences: Sequence[Mapping[str, Any]]
    started: str = ""


async def ask(client: httpx.AsyncClient, url: str) -> Saying:
    """What the Alertmanager at `url` says now. Raises AlertmanagerUnreadableError."""
    base = url.rstrip("/") + "/api/v2/"
    status = await _get(client, base + "status")
    alerts = await _get(client, base + "alerts")
    silences = await _get(client, base + "silences")
    try:
        config = status["config"]["original"]
    except (KeyError, TypeError) as error:
        raise AlertmanagerUnreadableError(f"{url}: no Alertmanager's status") from error
    if not isinstance(config, str):
        raise AlertmanagerUnreadableError(f"{url}: no Alertmanager's status")
    started = str(status.get("uptime", ""))
    return Saying(url, config, _objects(alerts), _objects(silences), started)


def withholdings(saying: Saying, identity: IdentityRule) -> dict[str, tuple[Withholding, ...]]:
    """Why `saying`'s Alertmanager withholds each alert it knows; member id to its reasons."""
    silences = {str(silence.get("id")): silence for silence in saying.silences}
    names = {
        str(alert.get("fingerprint")): str(_labels(alert).get("alertname", "an alert"))
        for alert in saying.alerts
    }
    reports: dict[str, tuple[Withholding, ...]] = {}
    for alert in saying.alerts:
        status = alert.get("status")
        status = status if isinstance(status, dict) else {}
        by = [silences.get(str(key), {}) for key in _list(status, "silencedBy")]
        # The ledger's own silence withholds nothing from the team that is accountable.
        reasons = [_silenced(one) for one in by if named_in(str(one.get("comment", ""))) is None]
        reasons += [
            Withholding("inhibited", neutral(names.get(str(key), "an alert"), 200))
            for key in _list(status, "inhibitedBy")
        ]
        reasons += [
            Withholding("muted", neutral(str(key), 200)) for key in _list(status, "mutedBy")
        ]
        labels = _labels(alert)
        if is_marked(labels):
            # A copy, which may go back to the team of its original; the outbox follows it.
            continue
        member = identity.identify(labels).member
        # Replicas of one alert: withheld only if each of them is.
        if member not in reports or reports[member]:
            reports[member] = tuple(reasons)
    return reports


def merged(
    reports: Sequence[Mapping[str, tuple[Withholding, ...]]],
) -> dict[str, tuple[Withholding, ...]]:
    """Over several Alertmanagers: withheld only where each that knows the alert withholds it."""
    result: dict[str, tuple[Withholding, ...]] = {}
    for report in reports:
        for member, reasons in report.items():
            if member not in result or result[member]:
                result[member] = reasons
    return result


async def _get(client: httpx.AsyncClient, url: str) -> Any:
    try:
        response = await client.get(url, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
        if len(response.content) > RESPONSE_BYTES:
            raise AlertmanagerUnreadableError(f"{url}: an answer of over {RESPONSE_BYTES} bytes")
        return response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
        raise AlertmanagerUnreadableError(f"{url}: {error or type(error).__name__}") from error


def _silenced(silence: Mapping[str, Any]) -> Withholding:
    return Withholding(
        reason="silenced",
        by=neutral(str(silence.get("createdBy") or "an unknown person"), 200),
        until=_time(silence.get("endsAt")),
        comment=neutral(str(silence.get("comment") or ""), 500),
    )


def _time(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _labels(alert: Mapping[str, Any]) -> dict[str, str]:
    labels = alert.get("labels")
    if not isinstance(labels, dict):
        return {}
    return {str(name): str(value) for name, value in labels.items()}


def _list(status: Mapping[str, Any], field: str) -> list[Any]:
    value = status.get(field)
    return value if isinstance(value, list) else []


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
