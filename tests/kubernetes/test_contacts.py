"""Receivers of an AlertmanagerConfig: every field becomes one that Alertmanager knows."""

from __future__ import annotations

import pytest

from buckstop.document import emit, parse_one, to_plain
from buckstop.document.codes import KEY_UNKNOWN, TYPE_WRONG
from buckstop.document.emit import Emittable
from buckstop.kubernetes import Stream, read_manifests
from buckstop.kubernetes.contact_fields import CONTACTS, Spelling, Spellings, snake_case

ALERTMANAGER = """\
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: main, namespace: m}
spec: {alertmanagerConfigSelector: {}}
---
apiVersion: v1
kind: Secret
metadata: {name: alertmanager-main, namespace: m}
stringData:
  alertmanager.yaml: |
    route: {receiver: rest}
    receivers: [{name: rest}]
---
"""
REFERENCE: dict[str, Emittable] = {"name": "secret", "key": "key"}


def example(spelling: Spelling) -> Emittable:
    """A value of the right kind for a field."""
    if spelling.nested is not None:
        section = section_of(spelling.nested)
        return [section] if spelling.many else section
    match spelling.way:
        case "secret":
            return REFERENCE
        case "either" | "tls_file":
            return {"secret": REFERENCE}
        case "pairs":
            return [{"key": "a", "value": "b"}]
        case "header_secrets":
            return {"X-A": [REFERENCE]}
        case "threading":
            return {"threadByDate": "Daily"}
        case _:
            return "x"


def section_of(spellings: Spellings) -> dict[str, Emittable]:
    return {name: example(spelling) for name, spelling in spellings.items()}


def config(receiver: dict[str, Emittable], version: str = "v1alpha1") -> str:
    return ALERTMANAGER + emit(
        {
            "apiVersion": f"monitoring.coreos.com/{version}",
            "kind": "AlertmanagerConfig",
            "metadata": {"name": "c", "namespace": "m"},
            "spec": {"route": {"receiver": "r"}, "receivers": [{"name": "r", **receiver}]},
        }
    )


@pytest.mark.parametrize("key", CONTACTS)
def test_every_field_becomes_one_that_alertmanager_knows(key: str) -> None:
    """A misspelt field would be refused by the server, and the whole configuration with it."""
    text = config({key: [section_of(CONTACTS[key][1])]})
    manifests = read_manifests([Stream(text.encode(), "objects.yaml")])
    codes = {found.code for found in manifests.findings}
    assert TYPE_WRONG in codes, "Alertmanager's own reader judged it: 'x' is no boolean"
    assert [found.message for found in manifests.findings if found.code is KEY_UNKNOWN] == []


def test_unknown_field_is_named_with_the_nearest_known_one() -> None:
    """The API server drops it without a word; here it is said."""
    text = config({"slackConfigs": [{"chanel": "#a"}]})
    manifests = read_manifests([Stream(text.encode(), "objects.yaml")])
    (found,) = [one for one in manifests.findings if one.code is KEY_UNKNOWN]
    assert found.hint is not None
    assert "channel" in found.hint


def test_values_of_secrets_are_never_taken_over() -> None:
    """That a key is there is all that is asked; what is not held cannot be printed."""
    text = config({"webhookConfigs": [{"urlSecret": {"name": "hook", "key": "url"}}]}) + (
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: hook, namespace: m}\n"
        "stringData: {url: 'https://pager.example/hunter2'}\n"
    )
    (routed,) = read_manifests([Stream(text.encode(), "objects.yaml")]).routed
    written = emit(to_plain(routed.node))
    assert "https://secret.invalid/hook/url" in written
    assert "hunter2" not in written


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("apiURL", "api_url"),
        ("callbackId", "callback_id"),
        ("enableHttp2", "enable_http2"),
        ("topicARN", "topic_arn"),
        ("to", "to"),
    ],
)
def test_names_turn_to_snake_case(name: str, expected: str) -> None:
    """As the operator's own tags have it."""
    assert snake_case(name) == expected


def test_written_configuration_is_yaml_again() -> None:
    """What is put together can be shown and given to amtool."""
    text = config({key: [section_of(fields)] for key, (_, fields) in CONTACTS.items()})
    routed = read_manifests([Stream(text.encode(), "objects.yaml")]).routed
    node, findings = parse_one(emit(to_plain(routed[0].node)), "alertmanager.yml")
    assert findings == ()
    assert node is not None
