"""Whole configurations made from a seed: every kind of contact, every field that loads anywhere."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.differential import alertmanager_sections as sections
from tests.differential import random_routes
from tests.differential.alertmanager_sections import is_built

from buckstop import alertmanager
from buckstop.alertmanager.kinds import GLOBAL, KINDS, Kind
from buckstop.diagnostics import Level
from buckstop.document import Field, Table
from buckstop.document.versions import Version

TRIES = 30
"""How often a section is made anew until nothing in it excludes the rest."""

NEEDS_MORE_THAN_THE_FILE = re.compile(
    r"ca|ca_file|cert|cert_file|key|key_file|tls_config|smtp_tls_config|.*_ref"
    r"|client_certificate_.*|grant_type|signature_algorithm|sigv4"
    r"|(username|password|credentials|bearer_token|client_secret)_file"
    r"|(rocketchat_)?token(_id)?_file|app_token_file|proxy_from_environment"
)
"""Fields for which a server looks at files, keys or another machine while it loads."""


URLS_OF_HTTP = frozenset({"token_url"})
"""Texts that a server looks at when it makes its HTTP client."""


@dataclass(frozen=True)
class Written:
    """A scalar exactly as it stands in the file."""

    yaml: str


TEXTS = tuple(
    map(
        Written,
        (
            "x",
            "''",
            "0755",
            "'0755'",
            "yes",
            "'yes'",
            "null",
            "'null'",
            "~",
            "1e3",
            "12:30",
            "2026-01-01",
            "1_000",
            "0x1F",
            ".5",
            "5.0",
            "' a'",
            '"a\\n\\nb\\n"',
            '"\\ta"',
            '"a\\r\\n"',
            '"it\'s"',
            "'a: b # c'",
            "'#x'",
            "'- a'",
            "'{a}'",
            "'[a]'",
            "'&a'",
            "'*a'",
            "'!x'",
            "'%x'",
            "'@x'",
            "größe",
            '"\\u2028\\x07\\U0001f600"',
            "'{{ .CommonLabels.team }}'",
            "'{{ template \"x\" . }} \\n'",
            "!!str 5",
            "'" + "long " * 40 + "'",
        ),
    )
)
BOOLEANS = tuple(map(Written, ("true", "False", "yes", "OFF", "y", "no", "null")))
NUMBERS = tuple(map(Written, ("5", "0x1F", "1_000", "010", "0b11", "7.9")))
DURATIONS = tuple(map(Written, ("5m", "'1h30m'", "1d", "1y2w3d4h5m6s7ms", '"0s"')))
GO_DURATIONS = tuple(map(Written, ("5s", "'1h30m'", "1.5h", "0s")))
VALUES: Mapping[str, tuple[Written, ...]] = {
    "text": TEXTS,
    "secret": TEXTS,
    "path": (Written("x"), Written("'a b/c'"), Written("0755")),
    "url": (Written("http://x/"), Written('"https://u:p@x.example:1/a?b=c#d"')),
    "any_url": (Written("http://x/"), Written("socks5://x:1080")),
    "secret_url": (Written("http://x/"), Written("'https://x/s3cret'")),
    "templated_secret_url": (Written("http://x/"), Written("'http://{{ .X }}/'")),
    "boolean": BOOLEANS,
    "integer": (*NUMBERS, Written("-1001234567890")),
    "natural": NUMBERS,
    "duration": DURATIONS,
    "go_duration": GO_DURATIONS,
    "nanoseconds": (*GO_DURATIONS, Written("5000000000")),
    "host_port": (Written("x:25"), Written("'[::1]:25'"), Written("':25'")),
}


def config(rng: random.Random, version: Version) -> str:
    """An ``alertmanager.yml`` that Alertmanager `version` loads."""
    route = random_routes.config(rng).splitlines()[0].removeprefix("route: ")
    kinds = [kind for kind in KINDS if kind.since <= version and is_built(version, kind.name)]
    receivers = []
    for number in range(random_routes.RECEIVERS):
        receiver: dict[str, Any] = {"name": f"r{number}"}
        for kind in rng.sample(kinds, rng.randrange(4)):
            receiver[f"{kind.name}_configs"] = [
                _contact(rng, kind, version) for _ in range(rng.choice((1, 1, 2)))
            ]
        receivers.append(receiver)
    whole = {
        "global": _settings(rng, version),
        "route": Written(route),
        "receivers": receivers,
        "inhibit_rules": [_inhibition(rng, version) for _ in range(rng.randrange(3))],
        "templates": rng.choice(([], ["*.none"])),
        "time_intervals": [_interval(rng)],
    }
    return "\n".join(f"{key}: {_flow(value)}" for key, value in whole.items()) + "\n"


def _settings(rng: random.Random, version: Version) -> dict[str, Any]:
    for _ in range(TRIES):
        section = _section(rng, GLOBAL, version, {}, 0.25)
        if _loads({**sections.WHOLE, "global": section}, version):
            return section
    return {}


def _contact(rng: random.Random, kind: Kind, version: Version) -> dict[str, Any]:
    base: dict[str, Any] = {}
    for _ in range(TRIES):
        base = sections.minimal(kind.table, None)
        section = _section(rng, kind.table, version, base, 0.4)
        receivers = [{"name": "r", f"{kind.name}_configs": [section]}]
        if _loads({"route": {"receiver": "r"}, "receivers": receivers}, version):
            return section
    return base


def _section(
    rng: random.Random, table: Table, version: Version, base: dict[str, Any], share: float
) -> dict[str, Any]:
    section = dict(base)
    for name, field in sections.known_fields(table, version).items():
        if NEEDS_MORE_THAN_THE_FILE.fullmatch(name) or rng.random() > share:
            continue
        if not is_built(version, name):
            continue
        excluded = {other for group in table.exclusive if name in group for other in group}
        if not (excluded - {name}) & section.keys():
            section[name] = _value(rng, field, version)
    entries = list(section.items())
    rng.shuffle(entries)
    return dict(entries)


def _value(rng: random.Random, field: Field, version: Version) -> Any:
    shape = field.shape
    if isinstance(shape, Table):
        if field.or_text and rng.random() < 0.5:
            return rng.choice(TEXTS)
        inner = _section(rng, shape, version, sections.minimal(shape, None), 0.4)
        if field.name == "oauth2":
            inner["client_secret"] = "x"
        if field.many:
            return [inner]
        return {"X-Name": inner} if field.keyed else inner
    if field.choices:
        return rng.choice(field.choices)
    if field.empty_counts:
        return rng.choice(TEXTS[:7])
    if field.name in URLS_OF_HTTP:
        return rng.choice(VALUES["url"])
    match shape:
        case "texts":
            return [rng.choice(TEXTS) for _ in range(rng.randrange(3))]
        case "text_map":
            return {f"k{n}": rng.choice(TEXTS) for n in range(rng.randrange(3))}
        case "text_lists":
            return {f"k{n}": [rng.choice(TEXTS)] for n in range(rng.randrange(3))}
        case "anything" | "anything_map":
            return {f"k{n}": _anything(rng, 2) for n in range(rng.randrange(3))}
        case _:
            return rng.choice(VALUES[shape])


def _anything(rng: random.Random, depth: int) -> Any:
    match rng.randrange(5 if depth else 3):
        case 0:
            return rng.choice(BOOLEANS)
        case 1:
            return rng.choice((*NUMBERS, Written("0.5"), Written("-3")))
        case 2:
            return rng.choice(TEXTS)
        case 3:
            return [_anything(rng, depth - 1) for _ in range(rng.randrange(3))]
        case _:
            return {f"k{n}": _anything(rng, depth - 1) for n in range(rng.randrange(3))}


def _inhibition(rng: random.Random, version: Version) -> dict[str, Any]:
    matcher = f"team={random_routes.quoted(rng.choice(random_routes.VALUES))}"
    rule: dict[str, Any] = {
        "source_matchers": [matcher, rng.choice(('a!~"b|c"', "d=e,f!=g", ""))],
        "target_match": {"model": rng.choice(TEXTS[:2])},
        "target_match_re": {"env": random_routes.pattern(rng)},
        "equal": rng.choice(([], ["a", "b"])),
    }
    if version >= (0, 30):
        rule["name"] = rng.choice(TEXTS)
    return rule


def _interval(rng: random.Random) -> dict[str, Any]:
    times = rng.choice(
        (
            {"start_time": "09:00", "end_time": "24:00"},
            {"start_time": Written("06:30"), "end_time": Written("07:00")},
        )
    )
    ranges = {
        "times": [times],
        "weekdays": rng.choice((["monday:friday"], ["Sunday"])),
        "days_of_month": rng.choice((["-3:-1"], [Written("1")], ["1:5", "31"])),
        "months": rng.choice(([Written("5")], ["march:may"])),
        "years": [rng.choice((Written("2026"), "2024:2030"))],
        "location": rng.choice(("UTC", "Europe/Berlin", "Australia/Sydney")),
    }
    kept = rng.sample(sorted(ranges), rng.randrange(len(ranges) + 1))
    return {"name": rng.choice(TEXTS[:1]), "time_intervals": [{key: ranges[key] for key in kept}]}


def _loads(whole: dict[str, Any], version: Version) -> bool:
    dotted = ".".join(map(str, version))
    _, diagnostics = alertmanager.read(_flow(whole), "alertmanager.yml", dotted)
    return not any(one.level is Level.ERROR for one in diagnostics)


def _flow(value: Any) -> str:
    match value:
        case Written():
            return value.yaml
        case dict():
            return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(_flow(item) for item in value) + "]"
        case str():
            return random_routes.escaped(value)
        case _:
            return json.dumps(value)
