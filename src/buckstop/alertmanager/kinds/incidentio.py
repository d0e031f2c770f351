"""``incidentio_configs`` (incident.io)."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.table import Field, Kind, Table

INCIDENTIO: Final = Kind(
    "incidentio",
    Table(
        "an incident.io contact",
        (
            *COMMON_FIELDS,
            Field("url", "url"),
            Field("url_file", "path"),
            Field("alert_source_token", "secret"),
            Field("alert_source_token_file", "path"),
            Field("max_alerts", "natural"),
            Field("timeout", "nanoseconds"),
        ),
        required=(("url", "url_file"),),
        exclusive=(
            ("url", "url_file"),
            ("alert_source_token", "alert_source_token_file"),
        ),
    ),
    since=(0, 29),
)
