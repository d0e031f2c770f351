"""What keeps an ``alertmanager.yml`` from loading, said by us, by amtool and by the server.

The server is one that runs: it is told to reload each file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.differential.amtool import judge
from tests.differential.test_fields_agree import version_of

from buckstop import alertmanager, servers
from buckstop.diagnostics import Level
from buckstop.document.versions import Version

RANGES = (
    "route: {{receiver: r}}\nreceivers: [{{name: r}}]\n"
    "time_intervals: [{{name: n, time_intervals: [{}]}}]\n"
)
ROOT_WITH_INTERVAL = (
    "route: {{receiver: r, {}: [n]}}\nreceivers: [{{name: r}}]\ntime_intervals: [{{name: n}}]\n"
)
PLAIN = "route: {receiver: r}\nreceivers: [{name: r}]\n"
TREE = "route: {{receiver: r, routes: [{}]}}\nreceivers: [{{name: r}}]\n"
CONTACT = "route: {{receiver: r}}\nreceivers: [{{name: r, {}}}]\n"

LOAD_ERRORS: Mapping[str, tuple[str, str]] = {
    "unknown key": ("key-unknown", f"{PLAIN}inhibition: []\n"),
    "unknown key of a route": ("key-unknown", TREE.format("{reciever: r}")),
    "unknown key of a receiver": ("key-unknown", CONTACT.format("pager_configs: []")),
    "unknown key of a contact": (
        "key-unknown",
        CONTACT.format("webhook_configs: [{url: http://x/, urls: []}]"),
    ),
    "duplicate key": ("yaml-duplicate-key", f"{PLAIN}route: {{receiver: r}}\n"),
    "no route": ("route-missing", "receivers: [{name: r}]\n"),
    "no receiver at the root": ("route-missing", "route: {}\nreceivers: [{name: r}]\n"),
    "continue at the root": (
        "route-root-conditional",
        "route: {receiver: r, continue: true}\nreceivers: [{name: r}]\n",
    ),
    "matchers at the root": (
        "route-root-conditional",
        "route: {receiver: r, matchers: [a=b]}\nreceivers: [{name: r}]\n",
    ),
    "match at the root": (
        "route-root-conditional",
        "route: {receiver: r, match: {a: b}}\nreceivers: [{name: r}]\n",
    ),
    "mute at the root": (
        "route-root-conditional",
        ROOT_WITH_INTERVAL.format("mute_time_intervals"),
    ),
    "active times at the root": (
        "route-root-conditional",
        ROOT_WITH_INTERVAL.format("active_time_intervals"),
    ),
    "undefined receiver": ("receiver-undefined", TREE.format("{receiver: s}")),
    "duplicate receiver": (
        "receiver-duplicate",
        "route: {receiver: r}\nreceivers: [{name: r}, {name: r}]\n",
    ),
    "undefined interval": ("time-interval-undefined", TREE.format("{mute_time_intervals: [n]}")),
    "duplicate interval": (
        "time-interval-duplicate",
        f"{PLAIN}time_intervals: [{{name: n}}]\nmute_time_intervals: [{{name: n}}]\n",
    ),
    "all labels beside others": ("group-by-invalid", TREE.format("{group_by: ['...', a]}")),
    "duplicate group_by": ("group-by-invalid", TREE.format("{group_by: [a, a]}")),
    "group_interval zero": ("interval-zero", TREE.format("{group_interval: 0s}")),
    "repeat_interval zero": ("interval-zero", TREE.format("{repeat_interval: 0m}")),
    "fractional duration": ("duration-invalid", TREE.format("{group_wait: 1.5m}")),
    "bare duration": ("duration-invalid", TREE.format("{group_wait: 30}")),
    "negative duration": ("duration-invalid", TREE.format("{group_wait: -5s}")),
    "bad regex in matchers": ("matcher-invalid", TREE.format("{matchers: ['a=~\"(\"']}")),
    "bad regex in match_re": ("matcher-invalid", TREE.format("{match_re: {a: '('}}")),
    "bad regex of an inhibition": (
        "matcher-invalid",
        f"{PLAIN}inhibit_rules: [{{source_match_re: {{a: '('}}}}]\n",
    ),
    "bad time zone": (
        "time-interval-invalid",
        RANGES.format("{location: Mars/Base}"),
    ),
    "time over midnight": (
        "time-interval-invalid",
        RANGES.format("{times: [{start_time: '22:00', end_time: '06:00'}]}"),
    ),
    "days over the week's end": (
        "time-interval-invalid",
        RANGES.format("{weekdays: ['friday:monday']}"),
    ),
    "no Slack URL": ("slack-url-missing", CONTACT.format("slack_configs: [{channel: c}]")),
    "no PagerDuty key": ("contact-field-missing", CONTACT.format("pagerduty_configs: [{}]")),
    "secret inline and in a file": (
        "contact-fields-conflict",
        CONTACT.format("slack_configs: [{api_url: http://x/, api_url_file: f}]"),
    ),
    "bad URL": ("url-invalid", CONTACT.format("slack_configs: [{api_url: example.org}]")),
    "classic name under match": ("label-name-invalid", TREE.format("{match: {a.b: c}}")),
}
"""What is wrong: our code for it, and a file that no version loads."""

ACCEPTED: Mapping[str, str] = {
    "unused receiver": "route: {receiver: r}\nreceivers: [{name: r}, {name: s}]\n",
    "empty receiver": PLAIN,
    "repeat below group_interval": TREE.format("{repeat_interval: 1s, group_interval: 1h}"),
    "both PagerDuty keys": CONTACT.format("pagerduty_configs: [{routing_key: a, service_key: b}]"),
    "secret file that does not exist": CONTACT.format("slack_configs: [{api_url_file: /no/f}]"),
    "PagerDuty key file that does not exist": CONTACT.format(
        "pagerduty_configs: [{routing_key_file: /no/f}]"
    ),
    "template that cannot execute": CONTACT.format(
        "slack_configs: [{api_url: http://x/, text: '{{ .Secret.X }}'}]"
    ),
    "matcher without a text": TREE.format("{matchers: ['']}"),
    "group_wait zero": TREE.format("{group_wait: 0s}"),
    "month 13": RANGES.format("{months: [13]}"),
    "last days of a month": (RANGES.format("{days_of_month: ['-3:-1']}")),
    "unused interval": f"{PLAIN}time_intervals: [{{name: n}}]\n",
    "inhibition without conditions": f"{PLAIN}inhibit_rules: [{{}}]\n",
    "continue false at the root": (
        "route: {receiver: r, continue: false}\nreceivers: [{name: r}]\n"
    ),
    "templates that match no file": f"{PLAIN}templates: ['/no/*.tmpl']\n",
}
"""Files that every version loads."""


@dataclass(frozen=True)
class Brought:
    """A file that loads from a version on."""

    since: Version
    text: str


BROUGHT: Mapping[str, Brought] = {
    "quoted name": Brought((0, 27), TREE.format("{matchers: ['\"a b\"=c']}")),
    "dotted name": Brought((0, 27), TREE.format("{matchers: ['a.b=c']}")),
    "name in UTF-8": Brought((0, 27), TREE.format("{matchers: ['größe=c']}")),
    "matchers with a comma at the end": Brought((0, 27), TREE.format("{matchers: ['{a.b=c,}']}")),
    "group_by in UTF-8": Brought((0, 27), TREE.format("{group_by: [a.b, größe]}")),
    "equal in UTF-8": Brought((0, 28), f"{PLAIN}inhibit_rules: [{{equal: [a.b]}}]\n"),
    "nested details": Brought(
        (0, 30), CONTACT.format("pagerduty_configs: [{routing_key: k, details: {a: [b]}}]")
    ),
    "name of an inhibition": Brought((0, 30), f"{PLAIN}inhibit_rules: [{{name: n}}]\n"),
    "template as a webhook's URL": Brought(
        (0, 31), CONTACT.format("webhook_configs: [{url: 'http://{{ .X }}/'}]")
    ),
    "labels of a receiver": Brought((0, 33), CONTACT.format("labels: {team: sre}")),
}
"""What a later version's syntax allows."""


def our_codes(text: str, version: Version) -> set[str]:
    """The codes of our errors."""
    _, diagnostics = alertmanager.read(text, "a.yml", ".".join(map(str, version)))
    return {one.code.name for one in diagnostics if one.level is Level.ERROR}


@pytest.mark.servers
def test_each_load_error_and_each_oddity_is_what_the_server_says(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """A refused file is refused by us, by our one code for it; an odd one that loads passes."""
    version = version_of(each_installation)
    texts = {name: text for name, (_, text) in LOAD_ERRORS.items()}
    texts |= ACCEPTED
    texts |= {name: brought.text for name, brought in BROUGHT.items()}
    expected = set(LOAD_ERRORS) | {
        name for name, brought in BROUGHT.items() if version < brought.since
    }
    assert set(judge(each_installation, texts, tmp_path)) == expected
    assert {name for name, text in texts.items() if our_codes(text, version)} == expected
    for name, (code, text) in LOAD_ERRORS.items():
        assert our_codes(text, version) == {code}, name
    with servers.Alertmanager(each_installation, PLAIN) as running:
        refused = {name for name, text in texts.items() if _is_refused(running, text)}
    assert refused == expected


def _is_refused(running: servers.Alertmanager, text: str) -> bool:
    try:
        running.reload(text)
    except servers.ServerRefused:
        return True
    return False
