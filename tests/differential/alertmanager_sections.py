"""Every section of ``alertmanager.yml`` that the tables declare, in a file that loads without it.

A section is put where it belongs, together with what it needs there, so that one field of it can be
tried at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from buckstop.alertmanager.kinds import FILE, GLOBAL, ROUTE
from buckstop.document import Field, Table
from buckstop.document.versions import Version

Section = dict[str, Any]

WHOLE: Section = {"route": {"receiver": "r"}, "receivers": [{"name": "r"}]}
NOT_BUILT: dict[Version, re.Pattern[str]] = {
    (0, 28): re.compile("jira"),
    (0, 33): re.compile("kafka"),
}
"""What Debian leaves out of its packages, though the releases have it."""

SAMPLES: Mapping[str, Any] = {
    "text": "x",
    "secret": "x",
    "path": "x",
    "url": "http://x/",
    "any_url": "http://x/",
    "secret_url": "http://x/",
    "templated_secret_url": "http://x/",
    "boolean": True,
    "integer": 5,
    "natural": 5,
    "number": 0.5,
    "duration": "5m",
    "go_duration": "1m30s",
    "nanoseconds": "1m30s",
    "host_port": "x:25",
    "texts": ["x"],
    "text_map": {"x": "y"},
    "text_lists": {"x": ["y"]},
    "anything": {"x": "y"},
    "anything_map": {"x": ["y"]},
    "read_elsewhere": [],
}
"""A value of each shape that every server takes."""

SAMPLES_BY_NAME: Mapping[str, Any] = {
    "http_config": {"authorization": {"credentials": "x"}},
    "name": "r",
    "type": "team",
    "thread_by_date": "daily",
    "start_time": "09:00",
    "end_time": "10:00",
    "weekdays": ["monday"],
    "days_of_month": ["1:5"],
    "months": ["may"],
    "years": ["2026"],
    "location": "UTC",
    "matchers": ["a=b"],
    "source_matchers": ["a=b"],
    "target_matchers": ["a=b"],
    "receiver": "r",
    "mute_time_intervals": [],
    "active_time_intervals": [],
}
"""Where the name decides what may stand there."""

NEEDS: Mapping[str, Section] = {
    "oauth2": {"client_secret": "x"},
    "a Webex contact": {"http_config": {"authorization": {"credentials": "x"}}},
    "an SNS contact": {"topic_arn": "x"},
    "an incident.io contact": {"alert_source_token": "x"},
}
"""What a section needs and its table leaves to a check."""

BESIDE: Mapping[str, Section | None] = {
    "client_secret": None,
    "client_secret_file": None,
    "client_secret_ref": None,
    "topic_arn": None,
    "phone_number": None,
    "target_arn": None,
    "alert_source_token_file": None,
    "cert": {"key": "x"},
    "cert_file": {"key_file": "x"},
    "cert_ref": {"key_ref": "x"},
    "key": {"cert": "x"},
    "key_file": {"cert_file": "x"},
    "key_ref": {"cert_ref": "x"},
    "no_proxy": {"proxy_url": "http://x/"},
    "proxy_connect_header": {"proxy_url": "http://x/"},
    "access_key": {"secret_key": "x"},
    "secret_key": {"access_key": "x"},
    "external_id": {"role_arn": "x"},
    "enabled": {"thread_by_date": "daily"},
    "update_message": {"api_url": "https://slack.com/api/chat.postMessage"},
}
"""What a field needs beside it; None where it takes the place of what its section needs."""


@dataclass(frozen=True)
class Place:
    """One section where it stands.

    Attributes:
        path: how it is reached, for names of cases.
        holder: the field under which it stands; None for the file itself.
        since: the first version that knows it, with all that holds it.
        wrap: makes the whole file from the section.
    """

    path: str
    table: Table
    holder: Field | None
    since: Version
    wrap: Callable[[Any], Section]

    def known_to(self, version: Version) -> bool:
        """Whether `version` has such a section here."""
        return self.since <= version


def places() -> Iterator[Place]:
    """Every table of the file once, where the oldest version has it."""
    seen: set[int] = set()
    waiting = [Place("file", FILE, None, (0,), lambda section: section)]
    while waiting:
        place = min(waiting, key=lambda waits: waits.since)
        waiting.remove(place)
        if id(place.table) in seen:
            continue
        seen.add(id(place.table))
        yield place
        waiting += [
            _inner(place, field, field.shape)
            for field in place.table.fields
            if isinstance(field.shape, Table)
        ]


def _inner(place: Place, field: Field, table: Table) -> Place:
    def wrap(section: Any) -> Section:
        whole = minimal(place.table, field)
        whole[field.name] = _held(field, section)
        if table is ROUTE:
            # The root cannot have all that a route can have.
            whole[field.name] = {"receiver": "r", "routes": [section]}
        return place.wrap(whole)

    since = max(place.since, field.since)
    return Place(f"{place.path}.{field.name}", table, field, since, wrap)


def _held(field: Field, section: Any) -> Any:
    if field.many:
        return [section]
    return {"X-Name": section} if field.keyed else section


def sample(field: Field) -> Any:
    """A value of `field` that the servers which know it take."""
    if field.name in WHOLE:
        return WHOLE[field.name]
    if isinstance(field.shape, Table) and field.name not in SAMPLES_BY_NAME:
        return _held(field, minimal(field.shape, None))
    if field.choices:
        return field.choices[-1]
    if field.name in SAMPLES_BY_NAME:
        return SAMPLES_BY_NAME[field.name]
    assert not isinstance(field.shape, Table)
    return SAMPLES[field.shape]


def minimal(table: Table, given: Field | None) -> Section:
    """The least that `table` needs, so that `given` can be added to it."""
    if table is FILE:
        return dict(WHOLE)
    section: Section = {}
    name = None if given is None else given.name
    for group in (*table.required, *(inherited.fields for inherited in table.inherits)):
        if name not in group:
            field = table.field(group[0])
            assert field is not None
            section[field.name] = sample(field)
    beside = BESIDE.get(name or "", NEEDS.get(table.what, {}))
    if name == "http_config" and table.what == "an incident.io contact":
        beside = None
    if beside is not None:
        known = {field.name for field in table.fields}
        section.update({other: value for other, value in beside.items() if other in known})
    for group in table.exclusive:
        if name in group:
            for other in group:
                section.pop(other, None)
    return section


def known_fields(table: Table, version: Version) -> dict[str, Field]:
    """Name to the shape in which `version` knows the field."""
    return {field.name: field for field in table.fields if field.known_to(version)}


def global_section(name: str, version: Version) -> Section | None:
    """``global`` with only this field, or None where `version` does not know it."""
    field = known_fields(GLOBAL, version).get(name)
    return None if field is None else {name: sample(field)}


def is_built(version: Version, name: str) -> bool:
    """Whether Debian's `version` has what is called `name`."""
    pattern = NOT_BUILT.get(version)
    return pattern is None or pattern.search(name) is None
