"""Asking servers which alerts fire, and under which labels they send them.

What Prometheus lists is bare: its external labels and its relabelling come to it when it is sent.
Both are applied here as that server says it has them; where they cannot be, the alert is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from buckstop.diagnostics import Level
from buckstop.document.versions import Version, major_minor
from buckstop.ledger.domain.labels import LEDGER_LABEL_PREFIX, IdentityRule
from buckstop.ledger.reconcile.round import Round, Server, Shown
from buckstop.loaded import NotSaidError, get_json, without_credentials
from buckstop.prometheus import PrometheusConfig, read_config, relabel, sent_labels

ALERTS: Final = 100_000
"""The most alerts of one server that are looked at."""
TEXT_CHARACTERS: Final = 16_384
"""Longer annotations are cut, as those that are posted are."""


@dataclass(frozen=True, slots=True)
class _Sending:
    """What a Prometheus does to the labels of its alerts."""

    text: str
    config: PrometheusConfig
    version: Version | None


class PrometheusAsker:
    """Asks one Prometheus; its configuration is read again only when it has changed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.server = Server("asked_prometheus", address_of(url))
        self._sending: _Sending | None = None

    def ask(self, client: httpx.Client, identity: IdentityRule, now: datetime) -> Round:
        """What it says now. Raises NotSaidError."""
        sending = self._asked_sending(client)
        data = get_json(client, self._url, "/api/v1/alerts")
        shown: list[Shown] = []
        unknown = 0
        for alert in _items(data, "data", "alerts", self._url):
            if alert.get("state") != "firing":
                continue
            sent = _sent(sending, _labels(alert))
            if sent is None:
                unknown += 1
            elif sent:
                shown.append(_shown(alert, sent, identity, _time(alert, "activeAt", now)))
        return Round(self.server, shown, unknown)

    def _asked_sending(self, client: httpx.Client) -> _Sending:
        try:
            text = get_json(client, self._url, "/api/v1/status/config")["data"]["yaml"]
        except (KeyError, TypeError) as error:
            raise NotSaidError(
                f"{self.server.name} does not answer as a Prometheus does"
            ) from error
        if self._sending is None or self._sending.text != text:
            version = _version(client, self._url)
            config, found = read_config(text, f"{without_credentials(self._url)}/prometheus.yml")
            wrong = next((one for one in found if one.level is Level.ERROR), None)
            if config is None or (wrong is not None and config.relabelled is not None):
                said = "no configuration" if wrong is None else wrong.message
                raise NotSaidError(
                    f"{self.server.name}: what it does to labels cannot be applied ({said}), so "
                    "which alerts it sends is unknown"
                )
            self._sending = _Sending(text, config, version)
        return self._sending


class AlertmanagerAsker:
    """Asks one Alertmanager."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.server = Server("asked_alertmanager", address_of(url))

    def ask(self, client: httpx.Client, identity: IdentityRule, now: datetime) -> Round:
        """What it says now. Raises NotSaidError."""
        data = {"data": get_json(client, self._url, "/api/v2/alerts")}
        shown: list[Shown] = []
        for alert in _items(data, "data", None, self._url):
            labels = _labels(alert)
            # The copies by which a handover re-routes an alert are the ledger's own.
            if labels and not any(name.startswith(LEDGER_LABEL_PREFIX) for name in labels):
                shown.append(_shown(alert, labels, identity, _time(alert, "startsAt", now)))
        return Round(self.server, shown)


def address_of(url: str) -> str:
    """Host and port, and path if any: what people tell servers apart by."""
    return without_credentials(url).partition("://")[2]


def _sent(sending: _Sending, labels: Mapping[str, str]) -> dict[str, str] | None:
    """The labels that are sent; empty where the alert is dropped; None where that differs."""
    config, version = sending.config, sending.version
    sent = sent_labels(config.external_labels, config.alert_relabel_configs, labels, version)
    if sent is None:
        return {}
    outcomes = [
        relabel(group.alert_relabel_configs, sent, version) or {}
        for group in config.alertmanagers
        if group.is_reached
    ] or [sent]
    return outcomes[0] if all(one == outcomes[0] for one in outcomes) else None


def _shown(
    alert: Mapping[str, Any], labels: Mapping[str, str], identity: IdentityRule, starts_at: datetime
) -> Shown:
    annotations = {name: text[:TEXT_CHARACTERS] for name, text in _texts(alert, "annotations")}
    return Shown(
        identity=identity.identify(labels),
        labels=labels,
        annotations=annotations,
        generator_url=str(alert.get("generatorURL") or "")[:2_048],
        starts_at=starts_at,
    )


def _items(value: Any, field: str, below: str | None, url: str) -> Iterator[Mapping[str, Any]]:
    try:
        items = value[field] if below is None else value[field][below]
    except (KeyError, TypeError) as error:
        raise NotSaidError(f"{without_credentials(url)} does not say which alerts fire") from error
    if not isinstance(items, list) or len(items) > ALERTS:
        raise NotSaidError(
            f"{without_credentials(url)}: no list of at most {ALERTS:,} alerts, so which fire is "
            "unknown"
        )
    return (item for item in items if isinstance(item, dict))


def _labels(alert: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for name, value in _texts(alert, "labels") if value != ""}


def _texts(alert: Mapping[str, Any], field: str) -> Iterator[tuple[str, str]]:
    pairs = alert.get(field)
    for name, value in pairs.items() if isinstance(pairs, dict) else ():
        if isinstance(value, str):
            yield name, value


def _time(alert: Mapping[str, Any], field: str, now: datetime) -> datetime:
    try:
        return datetime.fromisoformat(str(alert.get(field))).astimezone(UTC)
    except (ValueError, OverflowError):
        return now


def _version(client: httpx.Client, url: str) -> Version | None:
    """Of the server; None where it names none, which stands for the newest."""
    try:
        said = get_json(client, url, "/api/v1/status/buildinfo")["data"]["version"]
        return major_minor(str(said).partition("+")[0].partition("~")[0])
    except (NotSaidError, KeyError, TypeError, ValueError):
        return None
