"""Endpoints that the receivers of two teams have in common."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.alertmanager.model import Integration, Receiver
from buckstop.diagnostics import Diagnostic, Related
from buckstop.document import Scalar
from buckstop.prover.checks.route_words import teams_of
from buckstop.prover.checks.subject import RouteSubject
from buckstop.prover.codes import ENDPOINT_SHARED
from buckstop.prover.endpoints import REDACTED

_NAMING = {
    "webhook": (("url", "url_file"),),
    "slack": (("channel",), ("api_url", "api_url_file", "app_token", "app_token_file", "")),
    "pagerduty": (("routing_key", "routing_key_file", "service_key", "service_key_file"),),
    "email": (("to",),),
    "discord": (("webhook_url", "webhook_url_file"),),
    "msteams": (("webhook_url", "webhook_url_file"),),
    "msteamsv2": (("webhook_url", "webhook_url_file"),),
    "telegram": (("chat_id", "chat_id_file"),),
    "pushover": (("user_key", "user_key_file"),),
    "victorops": (("routing_key",),),
    "webex": (("room_id",),),
    "mattermost": (("webhook_url", "webhook_url_file"), ("channel", "")),
    "rocketchat": (("channel",),),
    "incidentio": (("url", "url_file"),),
}
"""Integration to its fields that say who hears it, each with those that may stand in its place.

An empty name means that the field may be missing; the `global` section gives it then.
"""


def check(subject: RouteSubject) -> Iterator[Diagnostic]:
    """One finding an endpoint, at the second receiver; what it is is not repeated: it is secret."""
    if subject.config is None:
        return
    first: dict[tuple[str, ...], tuple[Receiver, Integration, str]] = {}
    for receiver in subject.config.receivers:
        teams = teams_of(subject.ownership, receiver.name)
        if len(teams) != 1:
            continue
        for integration in receiver.integrations:
            identity = _identity(integration, hides_secrets=subject.config.is_shown)
            if identity is None:
                continue
            other, place, team = first.setdefault(identity, (receiver, integration, teams[0]))
            if team == teams[0]:
                continue
            yield Diagnostic(
                ENDPOINT_SHARED,
                f"{receiver.name} of {teams[0]} tells the same {integration.kind} endpoint as "
                f"{other.name} of {team}",
                integration.span,
                hint=f"give {teams[0]} an endpoint of its own; if one of the two is only informed, "
                "say so with --teams FILE",
                related=(Related(place.span, f"the endpoint of {team}"),),
            )


def _identity(integration: Integration, *, hides_secrets: bool) -> tuple[str, ...] | None:
    """What tells its endpoint from others; None where that is not known, or made from the alert."""
    found = [integration.kind]
    for names in _NAMING.get(integration.kind, ()):
        texts = [(name, _text(integration, name)) for name in names if name]
        given = [f"{name}={text}" for name, text in texts if text]
        if any("{{" in text for text in given) or (not given and "" not in names):
            return None
        if hides_secrets and any(text == REDACTED for _, text in texts):
            return None
        found += given
    return tuple(found) if len(found) > 1 else None


def _text(integration: Integration, name: str) -> str:
    node = integration.node.get(name)
    return node.text if isinstance(node, Scalar) and not node.is_null else ""
