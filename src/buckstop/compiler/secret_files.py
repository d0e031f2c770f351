"""The secrets that a build's files refer to, and where the servers look for them."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.charter.model import Charter, Email, PagerDuty, Secret, Slack, Webhook
from buckstop.compiler.targets import Targets, secret_path


def secrets(charter: Charter, targets: Targets) -> tuple[tuple[str, Secret], ...]:
    """Path on the server, and the reference, of each secret; one path once, in path order."""
    found = {secret_path(one, targets): one for one in _references(charter)}
    return tuple(sorted(found.items()))


def _references(charter: Charter) -> Iterator[Secret]:
    for team in charter.teams:
        for _, contacts in team.notify:
            for contact in contacts:
                match contact:
                    case PagerDuty():
                        yield contact.routing_key
                    case Slack():
                        yield contact.api_url
                    case Webhook(url_secret=Secret() as secret):
                        yield secret
                    case Webhook() | Email():
                        pass
    if charter.ledger is not None and charter.ledger.token is not None:
        yield charter.ledger.token
