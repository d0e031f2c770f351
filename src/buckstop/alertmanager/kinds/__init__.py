"""The fields of ``alertmanager.yml`` as tables, one file a kind of integration."""

from buckstop.alertmanager.kinds.events import EVENT_RECORDER
from buckstop.alertmanager.kinds.every import KINDS, kind
from buckstop.alertmanager.kinds.file import (
    FILE,
    INHIBIT_RULE,
    RECEIVER,
    ROUTE,
    TIME_INTERVAL,
    TIME_OF_DAY,
    TIME_RANGE,
)
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.alertmanager.kinds.settings import GLOBAL
from buckstop.alertmanager.kinds.tracing import TRACING

__all__ = [
    "EVENT_RECORDER",
    "FILE",
    "GLOBAL",
    "INHIBIT_RULE",
    "KINDS",
    "RECEIVER",
    "ROUTE",
    "TIME_INTERVAL",
    "TIME_OF_DAY",
    "TIME_RANGE",
    "TRACING",
    "Kind",
    "kind",
]
