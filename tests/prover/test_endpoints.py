"""Endpoints that load and that nothing can be sent to."""

from __future__ import annotations

import pytest

from buckstop import alertmanager
from buckstop.diagnostics import has_errors
from buckstop.prover.endpoints import endpoint_doubts, endpoint_faults

MAIL = "global: {smtp_smarthost: 'mail:25', smtp_from: 'x@example.org'}\n"


def judged(receiver: str, head: str = "") -> tuple[list[str], list[str]]:
    """The faults and the doubts of a receiver's only integration."""
    text = f"{head}route: {{receiver: r}}\nreceivers: [{{name: r, {receiver}}}]\n"
    config, found = alertmanager.read(text, "alertmanager.yml", version="0.28")
    assert not has_errors(found), found
    assert config is not None
    ((integration,),) = (one.integrations for one in config.receivers)
    return list(endpoint_faults(integration, config.global_)), list(endpoint_doubts(integration))


@pytest.mark.parametrize(
    ("receiver", "head", "said"),
    [
        ("webhook_configs: [{url: <secret>}]", "", "`url` is the text '<secret>'"),
        ("slack_configs: [{api_url: <secret>, channel: x}]", "", "`api_url` is the text"),
        ("pagerduty_configs: [{routing_key: <secret>}]", "", "`routing_key` is the text"),
        (
            "slack_configs: [{channel: x}]",
            "global: {slack_api_url: <secret>}\n",
            "`global: slack_api_url` is the text",
        ),
        ("webhook_configs: [{url: 'http://a.example:99999/'}]", "", "no port is called 99999"),
        ("webhook_configs: [{url: 'http://a.example:0'}]", "", "no port is called 0"),
        ("email_configs: [{to: not an address}]", MAIL, "no e-mail address: 'not an address'"),
        ("email_configs: [{to: 'a@b.c, d'}]", MAIL, "no e-mail address: 'd'"),
    ],
)
def test_an_endpoint_that_cannot_be_reached_is_named(receiver: str, head: str, said: str) -> None:
    """Alertmanager loads the file and fails at every notification."""
    (fault,), _ = judged(receiver, head)
    assert said in fault


@pytest.mark.parametrize(
    ("receiver", "head"),
    [
        ("webhook_configs: [{url: 'http://a.example:65535/'}]", ""),
        ("webhook_configs: [{url: 'http://[::1]:9093'}]", ""),
        (
            "slack_configs: [{channel: x, api_url: 'https://a'}]",
            "global: {slack_api_url: <secret>}\n",
        ),
        ("email_configs: [{to: 'Ops <ops@example.org>, b@c.d'}]", MAIL),
    ],
)
def test_an_endpoint_that_may_be_reached_is_not(receiver: str, head: str) -> None:
    """Whether it answers is nobody's claim."""
    assert judged(receiver, head) == ([], [])


def test_an_address_made_from_the_alert_is_a_doubt() -> None:
    """A label that is missing makes an empty address, which no mail goes to."""
    faults, (doubt,) = judged("email_configs: [{to: '{{ .CommonLabels.owner }}'}]", MAIL)
    assert not faults
    assert "not decided" in doubt
