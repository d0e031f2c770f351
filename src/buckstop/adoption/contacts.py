"""How a receiver of ``alertmanager.yml`` tells people, as contacts of a charter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from buckstop.alertmanager.model import AlertmanagerConfig, Integration, Receiver
from buckstop.diagnostics import Span
from buckstop.document import Mapping, Node, Scalar
from buckstop.kubernetes.contacts import STAND_IN_HOST

Secret = dict[str, str]
Written = dict[str, dict[str, str | Secret]]

SLACK_URL = "slack_url"
"""The file that is named for Slack's webhook where the routes name none."""
NEWER_ALERTMANAGER = "Alertmanager reads a webhook's address from a file since 0.26"
PLACEHOLDER_SMARTHOST = "smtp.example:587"
PLACEHOLDER_FROM = "alerts@example"


@dataclass(frozen=True, slots=True)
class StartContact:
    """A contact as the charter writes it.

    Attributes:
        written: ``{"slack": {"channel": "#ops"}}``.
        comment: what the user has to do or know, or empty.
        is_off: whether it is written as a comment, for what not every Alertmanager can do.
    """

    written: Written
    comment: str = ""
    is_off: bool = False


@dataclass(slots=True)
class Shared:
    """What contacts fall back to, collected while they are read."""

    slack: Secret | None = None
    slack_comment: str = ""
    smtp: tuple[str, str] | None = None
    files: set[str] = field(default_factory=set)


def contacts(
    receiver: Receiver, config: AlertmanagerConfig, team: str, shared: Shared
) -> tuple[StartContact, ...]:
    """The contacts of `receiver` for the team `team`; at least one, if need be to be changed."""
    found = tuple(
        contact
        for integration in receiver.integrations
        for contact in _contact(integration, config, team, shared)
    )
    if any(not contact.is_off for contact in found):
        return found
    if found:
        why = f"{receiver.name} tells people only in the ways that are commented out"
    elif receiver.integrations:
        kinds = ", ".join(dict.fromkeys(one.kind for one in receiver.integrations))
        why = f"{receiver.name} uses {kinds}, which a charter does not know yet"
    else:
        why = f"{receiver.name} tells nobody today ({at(receiver.span)})"
    return (*found, placeholder(team, shared, f"CHANGE THIS: {why}"))


def placeholder(team: str, shared: Shared, comment: str) -> StartContact:
    """A contact that stands where none is known."""
    _needs_slack(shared, None)
    return StartContact({"slack": {"channel": f"#{team}"}}, comment)


def _contact(
    integration: Integration, config: AlertmanagerConfig, team: str, shared: Shared
) -> Iterator[StartContact]:
    node = integration.node
    match integration.kind:
        case "slack":
            yield _slack(node, config, team, shared)
        case "pagerduty":
            yield _pagerduty(node, team, shared)
        case "webhook":
            yield from _webhook(node, team, shared)
        case "email":
            yield from _email(node, config, shared)


def _slack(node: Mapping, config: AlertmanagerConfig, team: str, shared: Shared) -> StartContact:
    channel = _text(node, "channel") or f"#{team}"
    own_file, own = _text(node, "api_url_file"), node.get("api_url")
    if own_file:
        return StartContact({"slack": {"channel": channel, "api_url": {"file": own_file}}})
    if own is not None:
        name = _file(shared, f"slack_{team}")
        return StartContact(
            {"slack": {"channel": channel, "api_url": {"file": name}}},
            _put_into(name, "the URL", own.span),
        )
    _needs_slack(shared, config)
    return StartContact({"slack": {"channel": channel}})


def _pagerduty(node: Mapping, team: str, shared: Shared) -> StartContact:
    named = _text(node, "routing_key_file") or _text(node, "service_key_file")
    held = node.get("routing_key") or node.get("service_key")
    comment = ""
    if not named:
        named = _file(shared, f"pagerduty_{team}")
        comment = _key_comment(named, held)
    written: Written = {"pagerduty": {"routing_key": {"file": named}}}
    if url := _text(node, "url"):
        written["pagerduty"]["url"] = url
    if "service_key" in node or "service_key_file" in node:
        comment = f"{comment}; " if comment else ""
        comment += "it must be a key of an Events API v2 integration"
    return StartContact(written, comment)


def _key_comment(file: str, held: Node | None) -> str:
    if held is None:
        return f"put the key into {file}"
    if isinstance(held, Scalar) and "{{" in held.text:
        return f"put the key into {file}; {at(held.span)} has a template, which is no key"
    return _put_into(file, "the key", held.span)


def _webhook(node: Mapping, team: str, shared: Shared) -> Iterator[StartContact]:
    if named := _text(node, "url_file"):
        yield _hidden_webhook(named, NEWER_ALERTMANAGER)
        return
    url = node.get("url")
    if not isinstance(url, Scalar):
        return
    if _is_public(url.text):
        yield StartContact({"webhook": {"url": url.text}})
        return
    name = _file(shared, f"webhook_{team}")
    yield _hidden_webhook(name, f"{_put_into(name, 'the address', url.span)}; {NEWER_ALERTMANAGER}")


def _hidden_webhook(file: str, comment: str) -> StartContact:
    return StartContact({"webhook": {"url_secret": {"file": file}}}, comment, is_off=True)


def _email(node: Mapping, config: AlertmanagerConfig, shared: Shared) -> Iterator[StartContact]:
    to = _text(node, "to")
    if not to:
        return
    globals_ = config.global_
    smarthost = _text(node, "smarthost") or _text(globals_, "smtp_smarthost")
    sender = _text(node, "from") or _text(globals_, "smtp_from")
    shared.smtp = shared.smtp or (smarthost or PLACEHOLDER_SMARTHOST, sender or PLACEHOLDER_FROM)
    yield StartContact({"email": {"to": to}})


def _needs_slack(shared: Shared, config: AlertmanagerConfig | None) -> None:
    """See to it that there is a default webhook for Slack."""
    if shared.slack is not None and not (config and shared.slack_comment):
        return
    globals_ = config.global_ if config else None
    if named := _text(globals_, "slack_api_url_file"):
        shared.slack, shared.slack_comment = {"file": named}, ""
        return
    shared.slack = {"file": SLACK_URL}
    held = globals_.get("slack_api_url") if globals_ else None
    if held is not None:
        shared.slack_comment = _put_into(SLACK_URL, "the URL", held.span)
    else:
        shared.slack_comment = f"put the URL of Slack's incoming webhook into {SLACK_URL}"


def _put_into(file: str, what: str, span: Span) -> str:
    return f"put {what} that stands at {at(span)} into {file}"


def _file(shared: Shared, wanted: str) -> str:
    """`wanted`, or with a number behind it where that file is for another secret already."""
    name, number = wanted, 1
    while name in shared.files:
        number += 1
        name = f"{wanted}_{number}"
    shared.files.add(name)
    return name


def _is_public(url: str) -> bool:
    """Whether an address may be written down: it is known, without password, token or template."""
    if not re.fullmatch(r"https?://[!-z|~]+", url) or "{{" in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_known = bool(parts.hostname) and parts.hostname != STAND_IN_HOST
    return is_known and "@" not in parts.netloc and not parts.query


def _text(node: Mapping | None, key: str) -> str | None:
    value = node.get(key) if node else None
    if not isinstance(value, Scalar) or value.is_null or "{{" in value.text:
        return None
    return value.text.strip() or None


def at(span: Span) -> str:
    """The place of `span` for people: its file and line."""
    return f"{span.file}:{span.line}"
