"""``pagerduty_configs``."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.kinds.http import COMMON_FIELDS
from buckstop.alertmanager.kinds.integration_kind import Kind
from buckstop.document import Field, Table, texts

_IMAGE: Final = Table("a PagerDuty image", texts("src", "alt", "href"))
_LINK: Final = Table("a PagerDuty link", texts("href", "text"))

PAGERDUTY: Final = Kind(
    "pagerduty",
    Table(
        "a PagerDuty contact",
        (
            *COMMON_FIELDS,
            Field("service_key", "secret"),
            Field("service_key_file", "path", since=(0, 25)),
            Field("routing_key", "secret"),
            Field("routing_key_file", "path", since=(0, 25)),
            Field("url", "url"),
            *texts("client", "client_url", "description"),
            Field("details", "text_map", until=(0, 30)),
            Field("details", "anything_map", since=(0, 30)),
            Field("images", _IMAGE, many=True),
            Field("links", _LINK, many=True),
            *texts("source", "severity", "class", "component", "group"),
            Field("timeout", "nanoseconds", since=(0, 30)),
        ),
        required=(("routing_key", "routing_key_file", "service_key", "service_key_file"),),
        # A routing key beside a service key is accepted: the routing key then wins.
        exclusive=(("routing_key", "routing_key_file"), ("service_key", "service_key_file")),
    ),
)
