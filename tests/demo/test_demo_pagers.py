"""The stand-ins accept what PagerDuty and Slack accept, and refuse the rest for all to see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from buckstop.demo.pagers import Pager
from buckstop.demo.pages import Answer, accept_pagerduty, accept_slack

KEY = "k" * 32
WEBHOOK = "/services/T1/B1/secret"


def trigger(**changes: Any) -> dict[str, Any]:
    payload = {"summary": "slow", "source": "prometheus", "severity": "critical"}
    return {
        "routing_key": KEY,
        "event_action": "trigger",
        "dedup_key": "d1",
        "payload": payload,
    } | changes


def enqueue(event: object, path: str = "/v2/enqueue") -> Answer:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return accept_pagerduty(path, body, {KEY: "infra_sre"})


def post(message: object, path: str = WEBHOOK) -> Answer:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return accept_slack(path, body, webhook_path=WEBHOOK, channels=frozenset({"#ops"}))


def test_pagerduty_takes_a_trigger_and_answers_202_with_the_key() -> None:
    """As the real one does; the page is recorded for the service of the routing key."""
    answer = enqueue(trigger())
    assert answer.status == 202
    assert json.loads(answer.body) == {
        "status": "success",
        "message": "Event processed",
        "dedup_key": "d1",
    }
    assert answer.page is not None
    assert (answer.page.recipient, answer.page.action, answer.page.title) == (
        "infra_sre",
        "trigger",
        "slow",
    )


def test_the_routing_key_is_not_kept_with_the_page() -> None:
    """It is a secret, and pages are shown."""
    page = enqueue(trigger()).page
    assert page is not None
    assert KEY not in page.text


def test_pagerduty_takes_a_resolve_without_a_payload() -> None:
    """Only a trigger has to say what is wrong."""
    answer = enqueue({"routing_key": KEY, "event_action": "resolve", "dedup_key": "d1"})
    assert answer.status == 202


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        (b"not json", "not a JSON object"),
        (b"\xff\xfe", "not a JSON object"),
        ([], "not a JSON object"),
        (trigger(routing_key="{{ .Secret.PAGERDUTY_INFRA_KEY }}"), "should be 32 characters"),
        (trigger(routing_key=None), "'routing_key' is missing"),
        (trigger(routing_key="z" * 32), "belongs to no service"),
        (trigger(event_action="fire"), "'event_action' is invalid"),
        (trigger(event_action=None), "'event_action' is invalid"),
        (trigger(dedup_key="d" * 256), "'dedup_key' is not"),
        (trigger(event_action="resolve", dedup_key=None), "required to resolve"),
        (trigger(payload=None), "'payload' is missing"),
        (trigger(payload="slow"), "'payload' is not an object"),
        (trigger(payload={"source": "p", "severity": "critical"}), "'payload.summary' is missing"),
        (trigger(payload={"summary": "s", "severity": "critical"}), "'payload.source' is missing"),
        (
            trigger(payload={"summary": "s" * 1025, "source": "p", "severity": "critical"}),
            "longer than 1024",
        ),
        (
            trigger(payload={"summary": "s", "source": "p", "severity": "major"}),
            "'payload.severity' is invalid",
        ),
    ],
)
def test_pagerduty_refuses_what_the_events_api_refuses(event: object, complaint: str) -> None:
    """A page that the real service would drop must not count as delivered here."""
    answer = enqueue(event)
    assert answer.status == 400
    assert json.loads(answer.body)["status"] == "invalid event"
    assert answer.page is None
    assert answer.refusal is not None
    assert complaint in answer.refusal


def test_all_that_is_wrong_with_an_event_is_said_at_once() -> None:
    """One round trip mends it all."""
    answer = enqueue({"event_action": "trigger", "payload": {}})
    assert len(json.loads(answer.body)["errors"]) == 4


def test_pagerduty_has_one_endpoint() -> None:
    """A wrong URL is not a page."""
    assert enqueue(trigger(), path="/v1/enqueue").status == 404


def test_an_event_beyond_the_size_limit_is_refused() -> None:
    """The Events API takes 512 KB."""
    assert enqueue(trigger(client="x" * 600_000)).status == 413


def test_slack_takes_what_alertmanager_sends_and_answers_ok() -> None:
    """Alertmanager sends attachments without a text."""
    answer = post({"channel": "#ops", "attachments": [{"title": "[FIRING:1] Slow", "text": "x"}]})
    assert (answer.status, answer.body) == (200, "ok")
    assert answer.page is not None
    assert (answer.page.recipient, answer.page.title) == ("#ops", "[FIRING:1] Slow")


@pytest.mark.parametrize(
    ("message", "status", "word"),
    [
        (b"not json", 400, "invalid_payload"),
        ([], 400, "invalid_payload"),
        ({"channel": "#ops", "text": 7}, 400, "invalid_payload"),
        ({"channel": "#ops", "text": "x", "attachments": "y"}, 400, "invalid_payload"),
        ({"channel": "#ops"}, 400, "no_text"),
        ({"channel": "#ops", "text": " ", "attachments": [{"title": ""}]}, 400, "no_text"),
        ({"channel": "#nowhere", "text": "x"}, 404, "channel_not_found"),
        ({"text": "x"}, 404, "channel_not_found"),
    ],
)
def test_slack_refuses_with_its_own_words(message: object, status: int, word: str) -> None:
    """As the real one does."""
    answer = post(message)
    assert (answer.status, answer.body, answer.page, answer.refusal) == (status, word, None, word)


def test_an_unknown_webhook_is_404() -> None:
    """The address is the secret."""
    assert post({"channel": "#ops", "text": "x"}, path="/services/T1/B1/guess").status == 404


@pytest.fixture
def pagerduty() -> Iterator[Pager]:
    with Pager("PagerDuty", partial(accept_pagerduty, services={KEY: "infra_sre"})) as pager:
        yield pager


def test_over_http_a_page_is_recorded_with_its_time_and_a_refusal_is_seen(pagerduty: Pager) -> None:
    """Who got what and when, for the terminal and for anybody with a browser."""
    address = f"{pagerduty.url}/v2/enqueue"
    with httpx.Client(trust_env=False) as client:
        assert client.post(address, json=trigger()).status_code == 202
        assert client.post(address, json=trigger(event_action="fire")).status_code == 400
        assert client.post(address, json=trigger(client="x" * 600_000)).status_code == 413
        listing = client.get(pagerduty.url).text
    (received,) = pagerduty.received
    assert received.page.recipient == "infra_sre"
    assert received.at_seconds > 0
    assert [refused.status for refused in pagerduty.refused] == [400, 413]
    assert "infra_sre  trigger  slow" in listing
    assert "REFUSED 400" in listing
