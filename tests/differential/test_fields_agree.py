"""Every field of every section is taken, and refused, as each real amtool does.

The cases are made from the tables that the reader itself goes by, so no field can be forgotten; and
the names that stand in the program show whether the tables have forgotten one.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.differential import alertmanager_sections as sections
from tests.differential.alertmanager_sections import is_built
from tests.differential.amtool import judge

from buckstop import alertmanager, servers
from buckstop.alertmanager.kinds import FILE
from buckstop.diagnostics import Level
from buckstop.document import Field, Table
from buckstop.document.versions import Version

ODD_VALUES: tuple[Any, ...] = (
    None,
    "",
    "null",
    "~",
    "x",
    "-x",
    "{{ .X }}",
    "{{ .X",
    "http://x/{{ .X }}",
    "%x",
    ":x",
    "x\u0007",
    "1a:b",
    "http://[x",
    "<secret>",
    "ftp://x/",
    "http://",
    True,
    "true",
    0,
    -5,
    1.5,
    "5",
    "0",
    "0s",
    "-5s",
    "1d",
    "1.5h",
    "5 minutes",
    "a:b",
    [],
    ["x"],
    [None],
    [["x"]],
    {},
    {"x": "y"},
    {"x": None},
    {"x": ["y"]},
    {"x": {"y": "z"}},
    [{}],
)
"""Values of every kind, each tried on every field."""


def version_of(installation: servers.Installation) -> Version:
    """``0.28.1`` as (0, 28)."""
    major, minor = installation.alertmanager_version.split(".")[:2]
    return (int(major), int(minor))


def our_verdict(text: str, version: Version) -> str | None:
    """The first refusal, or None."""
    dotted = ".".join(str(part) for part in version)
    _, diagnostics = alertmanager.read(text, "alertmanager.yml", version=dotted)
    return next((one.message for one in diagnostics if one.level is Level.ERROR), None)


def disagreements(
    installation: servers.Installation, cases: dict[str, str], folder: Path
) -> list[str]:
    """The cases that we and amtool judge differently, with both verdicts."""
    version = version_of(installation)
    refused = judge(installation, cases, folder)
    found = []
    for name, text in cases.items():
        ours = our_verdict(text, version)
        if (ours is None) != (name not in refused):
            found.append(f"{name}\n  ours: {ours}\n  amtool: {refused.get(name)}\n  {text}")
    return found


def fields() -> Iterator[tuple[sections.Place, Field]]:
    return ((place, field) for place in sections.places() for field in place.table.fields)


TAKEN_BY_MISTAKE = re.compile(r'(client_type|webhook_configs: url): "(null|~)"')
"""Null in quotes is not looked at by Go's reader; we say that it is no client type and no URL."""


def with_field(place: sections.Place, field: Field, value: Any) -> str:
    section = sections.minimal(place.table, field)
    section[field.name] = value
    return json.dumps(place.wrap(section))


@pytest.mark.servers
def test_every_field_is_known_since_the_version_that_its_table_says(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """A valid value loads from that version on, by our judgement and by the server's."""
    version = version_of(each_installation)
    cases = {
        f"{place.path}: {field.name}": (place, field)
        for place, field in fields()
        if is_built(version, f"{place.path} {field.name}")
    }
    texts = {
        name: with_field(place, field, sections.sample(field))
        for name, (place, field) in cases.items()
    }
    assert disagreements(each_installation, texts, tmp_path) == []
    refused = [
        name
        for name, (place, field) in cases.items()
        if field.known_to(version)
        and place.known_to(version)
        and our_verdict(texts[name], version) is not None
    ]
    assert refused == []


SHARE = pytest.mark.parametrize(
    "share",
    [
        pytest.param(6, id="a sixth"),
        pytest.param(
            1,
            id="all",
            marks=(pytest.mark.nightly, pytest.mark.timeout(600)),
        ),
    ],
)
"""Of tens of thousands of cases every sixth, or each of them."""


@SHARE
@pytest.mark.servers
def test_every_field_refuses_the_values_that_amtool_refuses(
    each_installation: servers.Installation, tmp_path: Path, share: int
) -> None:
    """Wrong types, wrong forms, empty and missing values, on each field that the server knows."""
    version = version_of(each_installation)
    known = [
        (place, field)
        for place, field in fields()
        if is_built(version, f"{place.path} {field.name}")
        and place.known_to(version)
        and field.known_to(version)
    ]
    cases = {
        f"{place.path}: {field.name}: {json.dumps(value)}": with_field(place, field, value)
        for number, (place, field) in enumerate(known)
        for value in ODD_VALUES[number % share :: share]
    }
    cases = {name: text for name, text in cases.items() if not TAKEN_BY_MISTAKE.search(name)}
    assert disagreements(each_installation, cases, tmp_path) == []


@SHARE
@pytest.mark.servers
def test_what_a_section_needs_and_excludes_is_what_amtool_says(
    each_installation: servers.Installation, tmp_path: Path, share: int
) -> None:
    """Unknown keys, missing fields, pairs that exclude each other, and what ``global`` supplies."""
    version = version_of(each_installation)
    cases: dict[str, str] = {}
    for place in sections.places():
        if not is_built(version, place.path) or not place.known_to(version):
            continue
        cases |= {
            f"{place.path}: {name}": json.dumps(whole)
            for name, whole in _combinations(place, version, share)
            if is_built(version, name)
        }
    assert disagreements(each_installation, cases, tmp_path) == []


def _combinations(place: sections.Place, version: Version, share: int) -> Iterator[tuple[str, Any]]:
    table = place.table
    least = sections.minimal(table, None)
    known = sections.known_fields(table, version)
    yield "least", place.wrap(least)
    yield "unknown", place.wrap({**least, "nothing_of_that_name": 1})
    for name in least:
        yield f"without {name}", place.wrap({key: least[key] for key in least if key != name})
    for name, value in least.items():
        yield f"empty {name}", place.wrap({**least, name: type(value)()})
    names = [name for name in known if not isinstance(known[name].shape, Table)]
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            together = any({first, second} <= set(group) for group in table.exclusive)
            if table is FILE or (not together and (len(first) + len(second)) % share):
                continue
            section = sections.minimal(table, known[first])
            section[first] = sections.sample(known[first])
            section[second] = sections.sample(known[second])
            yield f"{first} and {second}", place.wrap(section)
    for inherited in table.inherits:
        without = {key: least[key] for key in least if key not in inherited.fields}
        for name in inherited.global_fields:
            settings = sections.global_section(name, version)
            if settings is not None:
                whole = place.wrap(without)
                yield f"{name} from global", {**whole, "global": settings}
                yield f"{name} empty in global", {**whole, "global": {name: ""}}


@pytest.mark.servers
def test_tables_have_every_field_that_is_in_the_program(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """Each name that the program can read is put into each section: what it takes, we know.

    The names stand in the program's file; amtool lists those that a section does not have.
    """
    version = version_of(each_installation)
    program = each_installation.amtool.read_bytes()
    candidates = {name.decode() for name in re.findall(rb'yaml:"([a-z0-9_]+)', program)}
    candidates |= {field.name for _, field in fields()}
    wrong = []
    for place in sections.places():
        if not place.known_to(version) or not is_built(version, place.path):
            continue
        path = tmp_path / "alertmanager.yml"
        path.write_text(json.dumps(place.wrap(dict.fromkeys(sorted(candidates)))), "utf-8")
        done = subprocess.run(
            [str(each_installation.amtool), "check-config", str(path)],
            cwd=each_installation.working_folder,
            capture_output=True,
            text=True,
            check=False,
        )
        unknown = set(re.findall(r"field (\S+) not found in type", done.stdout + done.stderr))
        assert unknown, place.path
        theirs = candidates - unknown
        ours = set(sections.known_fields(place.table, version))
        if {name for name in theirs ^ ours if is_built(version, name)}:
            wrong.append(f"{place.path}: only theirs {theirs - ours}, only ours {ours - theirs}")
    assert wrong == []


@pytest.mark.servers
def test_authorization_of_slack_and_incident_io_is_judged_as_amtool_judges_it(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """A token, an HTTP authorization and what ``global`` has, each with and without the others."""
    version = version_of(each_installation)
    https: tuple[sections.Section, ...] = (
        {},
        {"http_config": {}},
        {"http_config": {"authorization": {"credentials": "x"}}},
        {"http_config": {"authorization": None}},
        {"http_config": {"bearer_token": "x"}},
        {"http_config": {"bearer_token": ""}},
        {"http_config": {"basic_auth": {"username": "x"}}},
    )
    slack: tuple[sections.Section, ...] = (
        {},
        {"api_url": "http://x/"},
        {"app_token": "x"},
        {"app_token_file": "x", "app_url": "http://x/"},
        {"update_message": True},
        {"update_message": True, "app_token": "x"},
        {"update_message": True, "api_url": "https://slack.com/api/chat.postMessage"},
        {"update_message": False},
    )
    settings: tuple[sections.Section, ...] = (
        {},
        {"slack_api_url": "http://x/"},
        {"slack_app_token": "x"},
        {"slack_app_token_file": "x", "slack_app_url": "http://x/"},
        {"slack_app_token": "x", "slack_api_url": "https://slack.com/api/chat.postMessage"},
        {"slack_app_token": "x", "slack_api_url": "http://x/", "slack_app_url": "http://x/"},
        {"slack_app_token": "x", "slack_api_url": "http://x/", "slack_app_url": "http://y/"},
        {"slack_app_token": "x", "slack_api_url_file": "x"},
    )
    wholes = [
        _contact("slack", {**contact, **http}, {**settings_, **global_http})
        for contact in slack
        for http in https
        for settings_ in settings
        for global_http in https[:3]
    ]
    if version >= (0, 29):
        wholes += [
            _contact("incidentio", {"url": "http://x/", **token, **http}, {})
            for token in ({}, {"alert_source_token": "x"}, {"alert_source_token_file": "x"})
            for http in https
        ]
    wholes += [_contact("webex", {"room_id": "x", **http}, {}) for http in https]
    cases = {text: text for text in map(json.dumps, wholes)}
    assert disagreements(each_installation, cases, tmp_path) == []


def _contact(kind: str, contact: Any, settings: Any) -> sections.Section:
    receivers = [{"name": "r", f"{kind}_configs": [contact]}]
    return {"global": settings, "route": {"receiver": "r"}, "receivers": receivers}
