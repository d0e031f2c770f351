"""Asks the real servers what is to be seen of the breaks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import httpx
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from buckstop.demo.pagers import Received
from buckstop.demo.sight import ActiveAlert, Incident, Sight, read_alert, read_incident
from buckstop.demo.stage import Stage
from buckstop.demo.story import Intake, Seen

VISIBLE_STEP_SECONDS: Final = 0.1
"""How finely Prometheus is asked when a number was first there."""
INTAKE_HISTOGRAM: Final = "buckstop_ledger_intake_seconds"


class Observer:
    """Looks at Prometheus, the ledger and the pagers' stand-ins; changes nothing."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def look(self) -> Sight:
        """Everything as it is now. A server that does not answer is seen as silent."""
        return Sight(self._alerts(), self._incidents(), self._received())

    def refusals(self) -> tuple[str, ...]:
        """What the stand-ins refused, in words."""
        refused = [one for pager in self._stage.pagers for one in pager.refused]
        return tuple(f"{one.service} refused ({one.status}): {one.reason}" for one in refused)

    def visible_at(self, seen: Seen) -> float | None:
        """When the broken number was first in Prometheus; None before it crossed."""
        if seen.made is None or seen.crossed is None or seen.crossed <= seen.made:
            return None
        prometheus = self._stage.prometheus
        try:
            answer = prometheus.http.get(
                f"{prometheus.url}/api/v1/query_range",
                params={
                    "query": seen.what.visible,
                    "start": f"{seen.made:.3f}",
                    "end": f"{seen.crossed:.3f}",
                    "step": str(VISIBLE_STEP_SECONDS),
                },
            )
        except httpx.TransportError:
            return None  # asked again at the next look
        answer.raise_for_status()
        moments = [
            float(moment) for one in answer.json()["data"]["result"] for moment, _ in one["values"]
        ]
        # The evaluation may fall between two steps; it then is the first moment known.
        return min(moments, default=seen.crossed)

    def intake(self) -> Intake | None:
        """From the ledger's own histogram over all its intakes."""
        ledger = self._stage.ledger
        try:
            text = ledger.http.get(f"{ledger.url}/metrics").text
        except httpx.TransportError:
            return None
        return read_intake(text_string_to_metric_families(text))

    def _alerts(self) -> tuple[ActiveAlert, ...]:
        try:
            return tuple(read_alert(alert) for alert in self._stage.prometheus.alerts())
        except httpx.TransportError:
            return ()

    def _incidents(self) -> tuple[Incident, ...]:
        ledger = self._stage.ledger
        try:
            answer = ledger.http.get(f"{ledger.url}/api/v1/incidents", params={"state": "all"})
        except httpx.TransportError:
            return ()
        answer.raise_for_status()
        body: Any = answer.json()
        return tuple(read_incident(entry) for entry in body["incidents"])

    def _received(self) -> tuple[Received, ...]:
        received = [one for pager in self._stage.pagers for one in pager.received]
        return tuple(sorted(received, key=lambda one: one.at_seconds))


def read_intake(families: Iterable[Metric]) -> Intake | None:
    """The ledger's intake time from its metrics; None before the first request."""
    buckets: dict[float, float] = {}
    requests = spent_seconds = 0.0
    for family in families:
        if family.name != INTAKE_HISTOGRAM:
            continue
        for sample in family.samples:
            match sample.name.removeprefix(INTAKE_HISTOGRAM):
                case "_bucket":
                    bound = float(sample.labels["le"])
                    buckets[bound] = buckets.get(bound, 0.0) + sample.value
                case "_count":
                    requests += sample.value
                case "_sum":
                    spent_seconds += sample.value
    if not requests:
        return None
    median = min(bound for bound, count in buckets.items() if count >= requests / 2)
    return Intake(int(requests), spent_seconds / requests, median)
