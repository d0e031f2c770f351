"""What the stand-ins for PagerDuty and Slack accept, and as what they record it.

Pure: a request in, an answer and a `Page` or a refusal out. The rules are those that the two
services document for their Events API v2 and for incoming webhooks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Service = Literal["pagerduty", "slack"]
Action = Literal["trigger", "acknowledge", "resolve", "message"]

ROUTING_KEY_CHARACTERS: Final = 32
LONGEST_SUMMARY_CHARACTERS: Final = 1024
LONGEST_DEDUP_KEY_CHARACTERS: Final = 255
LARGEST_EVENT_BYTES: Final = 512 * 1024
SEVERITIES: Final = ("critical", "warning", "error", "info")
_ACTIONS: Final = ("trigger", "acknowledge", "resolve")


@dataclass(frozen=True, slots=True)
class Page:
    """One message that a team got.

    Attributes:
        service: which stand-in took it.
        recipient: PagerDuty: the service that the routing key belongs to; Slack: the channel.
        action: for Slack ``message``; what a message says stands in its text.
        title: one line.
        text: the whole of it, as JSON.
        dedup_key: PagerDuty's; None for Slack.
    """

    service: Service
    recipient: str
    action: Action
    title: str
    text: str
    dedup_key: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the stand-in answers, and what it recorded: a page, or why it refused."""

    status: int
    content_type: str
    body: str
    page: Page | None
    refusal: str | None


def accept_pagerduty(path: str, body: bytes, services: Mapping[str, str]) -> Answer:
    """Judge a POST by the Events API v2. `services` maps routing key to the service's name."""
    if path != "/v2/enqueue":
        return _pagerduty_refusal(404, "not found", [f"no such endpoint: {path}"])
    if len(body) > LARGEST_EVENT_BYTES:
        return _pagerduty_refusal(413, "too large", ["the event is larger than 512 KB"])
    event = _json_object(body)
    if event is None:
        return _pagerduty_refusal(400, "invalid event", ["the body is not a JSON object"])
    errors = _pagerduty_errors(event)
    if errors:
        return _pagerduty_refusal(400, "invalid event", errors)
    if event["routing_key"] not in services:
        return _pagerduty_refusal(400, "invalid event", ["'routing_key' belongs to no service"])
    payload = event.get("payload") or {}
    page = Page(
        service="pagerduty",
        recipient=services[event["routing_key"]],
        action=event["event_action"],
        title=str(payload.get("summary", event["event_action"])),
        text=_without_secret(event, "routing_key"),
        dedup_key=event.get("dedup_key"),
    )
    accepted = {
        "status": "success",
        "message": "Event processed",
        "dedup_key": event.get("dedup_key", ""),
    }
    return Answer(202, "application/json", json.dumps(accepted), page, None)


def _pagerduty_errors(event: Mapping[str, Any]) -> list[str]:
    """Everything in which `event` departs from the Events API v2."""
    errors = []
    routing_key = event.get("routing_key")
    if not isinstance(routing_key, str):
        errors.append("'routing_key' is missing or blank")
    elif len(routing_key) != ROUTING_KEY_CHARACTERS:
        errors.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    action = event.get("event_action")
    if action not in _ACTIONS:
        errors.append(f"'event_action' is invalid (should be one of {', '.join(_ACTIONS)})")
    dedup_key = event.get("dedup_key")
    if dedup_key is None:
        if action in ("acknowledge", "resolve"):
            errors.append(f"'dedup_key' is required to {action}")
    elif not isinstance(dedup_key, str) or not 0 < len(dedup_key) <= LONGEST_DEDUP_KEY_CHARACTERS:
        errors.append("'dedup_key' is not a string of 1 to 255 characters")
    payload = event.get("payload")
    # Only a trigger needs a payload; Alertmanager sends one with every event all the same.
    if payload is None:
        if action == "trigger":
            errors.append("'payload' is missing or blank")
    elif not isinstance(payload, dict):
        errors.append("'payload' is not an object")
    elif action == "trigger":
        errors += _payload_errors(payload)
    return errors


def _payload_errors(payload: Mapping[str, Any]) -> list[str]:
    errors = [
        f"'payload.{field}' is missing or blank"
        for field in ("summary", "source")
        if not isinstance(payload.get(field), str) or not payload[field].strip()
    ]
    summary = payload.get("summary")
    if isinstance(summary, str) and len(summary) > LONGEST_SUMMARY_CHARACTERS:
        errors.append("'payload.summary' is longer than 1024 characters")
    if payload.get("severity") not in SEVERITIES:
        errors.append(f"'payload.severity' is invalid (should be one of {', '.join(SEVERITIES)})")
    return errors


def _pagerduty_refusal(status: int, word: str, errors: list[str]) -> Answer:
    body = {"status": word, "message": "Event object is invalid", "errors": errors}
    return Answer(status, "application/json", json.dumps(body), None, "; ".join(errors))


def accept_slack(path: str, body: bytes, *, webhook_path: str, channels: frozenset[str]) -> Answer:
    """Judge a POST by Slack's incoming webhooks: the URL is the secret, the answer is a word."""
    if path != webhook_path:
        return _slack_refusal(404, "no_service")
    message = _json_object(body)
    if message is None:
        return _slack_refusal(400, "invalid_payload")
    channel = message.get("channel")
    text = message.get("text")
    attachments = message.get("attachments")
    if attachments is not None and not (
        isinstance(attachments, list) and all(isinstance(one, dict) for one in attachments)
    ):
        return _slack_refusal(400, "invalid_payload")
    if text is not None and not isinstance(text, str):
        return _slack_refusal(400, "invalid_payload")
    said = [text or ""] + [
        str(one.get(field, ""))
        for one in attachments or []
        for field in ("title", "text", "fallback", "pretext")
    ]
    if not any(part.strip() for part in said):
        return _slack_refusal(400, "no_text")
    if not isinstance(channel, str) or channel not in channels:
        return _slack_refusal(404, "channel_not_found")
    page = Page(
        service="slack",
        recipient=channel,
        action="message",
        title=next(part.strip() for part in said if part.strip()).splitlines()[0],
        text=json.dumps(message, ensure_ascii=False),
        dedup_key=None,
    )
    return Answer(200, "text/html", "ok", page, None)


def _slack_refusal(status: int, word: str) -> Answer:
    return Answer(status, "text/html", word, None, word)


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _without_secret(event: Mapping[str, Any], field: str) -> str:
    return json.dumps({key: v for key, v in event.items() if key != field}, ensure_ascii=False)
