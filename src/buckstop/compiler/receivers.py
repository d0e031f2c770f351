"""Receivers: one a team, one for each severity with contacts of its own, one to inform it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, assert_never

from buckstop.alertmanager import secret_field
from buckstop.charter.model import (
    Charter,
    Email,
    Ledger,
    PagerDuty,
    Secret,
    Slack,
    Team,
    Webhook,
)
from buckstop.compiler import messages
from buckstop.compiler.codes import NAME_CLASH, SECRET_UNREADABLE
from buckstop.compiler.manifest import ManifestReceiver
from buckstop.compiler.messages import reference
from buckstop.compiler.targets import Targets, secret_path
from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.document import Emittable

LEDGER_RECEIVER: Final = "buckstop-ledger"
NOT_ACCOUNTABLE: Final = "not-accountable"
LEDGER_INTAKE: Final = "/intake/alertmanager/alertmanager"
"""Where the ledger takes Alertmanager's webhook; the last part names this Alertmanager."""


@dataclass(frozen=True, slots=True)
class Receivers:
    """The receivers of a charter, and what could not be written for the target.

    Attributes:
        entries: as ``alertmanager.yml`` has them.
        known: whose each is.
    """

    entries: tuple[Emittable, ...]
    known: tuple[ManifestReceiver, ...]
    diagnostics: tuple[Diagnostic, ...]


def accountable_receiver(team: Team, severity: str) -> str:
    """The receiver of alerts of `severity` that `team` answers for."""
    return f"{team.id}-{severity}" if severity in own_severities(team) else team.id


def own_severities(team: Team) -> tuple[str, ...]:
    """The severities for which `team` has contacts of their own."""
    return tuple(severity for severity, _ in team.notify if severity != "default")


def inform_receiver(team: Team) -> str:
    """The receiver by which `team` is told of what others answer for."""
    return f"{team.id}-inform"


def write_receivers(
    charter: Charter, informed: frozenset[str], *, leaves_alone: bool, targets: Targets
) -> Receivers:
    """Every receiver that the routes name.

    Args:
        informed: ids of the teams that are told of something.
        leaves_alone: whether some alerts are nobody's to answer for.
    """
    entries: list[Emittable] = []
    known: list[ManifestReceiver] = []
    found: list[Diagnostic] = []
    claimed: dict[str, Span] = {}

    def add(receiver: ManifestReceiver, configs: dict[str, Emittable], span: Span) -> None:
        if receiver.name in claimed:
            found.append(_clash(receiver.name, span, claimed[receiver.name]))
            return
        claimed[receiver.name] = span
        known.append(receiver)
        entries.append({"name": receiver.name, **configs})

    if charter.ledger is not None:
        add(
            ManifestReceiver(LEDGER_RECEIVER, None, "ledger"),
            _ledger_configs(charter.ledger, targets),
            charter.ledger.span,
        )
    if leaves_alone:
        span = next(one.span for one in charter.alerts if one.not_accountable is not None)
        add(ManifestReceiver(NOT_ACCOUNTABLE, None, "not_accountable"), {}, span)
    for team in charter.teams:
        for severity in ("default", *own_severities(team)):
            configs, wrong = _configs(team, severity, targets)
            found += wrong
            add(
                ManifestReceiver(accountable_receiver(team, severity), team.id, "accountable"),
                configs,
                team.span,
            )
        if team.id in informed:
            configs, _ = _configs(team, "default", targets, accountable=False)
            add(ManifestReceiver(inform_receiver(team), team.id, "informed"), configs, team.span)
    return Receivers(tuple(entries), tuple(known), tuple(found))


def _clash(name: str, span: Span, other: Span) -> Diagnostic:
    return Diagnostic(
        NAME_CLASH,
        f"two generated receivers would be called `{name}`",
        span,
        hint="rename one of the two teams: receivers are called TEAM, TEAM-SEVERITY, TEAM-inform, "
        f"{LEDGER_RECEIVER} and {NOT_ACCOUNTABLE}",
        related=(Related(other, "the other comes from here"),),
    )


def _configs(
    team: Team, severity: str, targets: Targets, *, accountable: bool = True
) -> tuple[dict[str, Emittable], tuple[Diagnostic, ...]]:
    """The ``…_configs`` of a receiver, by kind in the order of the first contact of each."""
    plain, slack = (
        messages.plain_body(accountable=accountable),
        messages.slack_body(accountable=accountable),
    )
    by_kind: dict[str, list[Emittable]] = {}
    found: list[Diagnostic] = []
    for contact in team.contacts(severity):
        match contact:
            case PagerDuty():
                kind, config = "pagerduty", _pagerduty(contact, team, plain, targets, found)
            case Slack():
                kind, config = "slack", _slack(contact, slack, targets, found)
            case Webhook():
                kind, config = "webhook", _webhook(contact, targets, found)
            case Email():
                kind, config = "email", _email(contact, plain)
            case _:
                assert_never(contact)
        by_kind.setdefault(f"{kind}_configs", []).append(config)
    return dict(by_kind), tuple(found)


def _secret(
    kind: str, field: str, secret: Secret, targets: Targets, found: list[Diagnostic]
) -> dict[str, Emittable]:
    """`field` of an integration, read from a file; a finding where the target cannot do that."""
    file_field = secret_field(kind, field, targets.alertmanager)
    if file_field is None:
        found.append(
            Diagnostic(
                SECRET_UNREADABLE,
                f"Alertmanager {targets.alertmanager} cannot read the {field} of a {kind} from a "
                "file, and the charter holds no secrets",
                secret.span,
                hint="give the url itself, if it is no secret, or build for a newer Alertmanager: "
                "`--target alertmanager=0.28`",
            )
        )
        return {}
    return {file_field: secret_path(secret, targets)}


def _pagerduty(
    contact: PagerDuty, team: Team, body: str, targets: Targets, found: list[Diagnostic]
) -> Emittable:
    text = reference(body)
    return {
        "send_resolved": True,
        **_secret("pagerduty", "routing_key", contact.routing_key, targets, found),
        **({} if contact.url is None else {"url": contact.url}),
        "description": reference(messages.PAGERDUTY_DESCRIPTION),
        "severity": reference(messages.PAGERDUTY_SEVERITY),
        "client": "Buckstop",
        "client_url": reference(messages.LINK),
        "class": "{{ .CommonLabels.fault }}",
        "component": "{{ .CommonLabels.model }}",
        "group": team.id,
        "details": {
            "accountability": "{{ .CommonAnnotations.accountability }}",
            # Alertmanager fills these from its default template unless they are given.
            "firing": f'{{{{ if eq .Status "firing" }}}}{text}{{{{ end }}}}',
            "resolved": f'{{{{ if eq .Status "resolved" }}}}{text}{{{{ end }}}}',
            "num_firing": "{{ .Alerts.Firing | len }}",
            "num_resolved": "{{ .Alerts.Resolved | len }}",
        },
    }


def _slack(contact: Slack, body: str, targets: Targets, found: list[Diagnostic]) -> Emittable:
    return {
        "send_resolved": True,
        **_secret("slack", "api_url", contact.api_url, targets, found),
        "channel": contact.channel,
        "username": "Buckstop",
        "color": reference(messages.SLACK_COLOR),
        "title": reference(messages.SLACK_TITLE),
        "title_link": reference(messages.LINK),
        "text": reference(body),
        "fallback": reference(messages.SLACK_TITLE),
        "pretext": "",
        "footer": "",
        "callback_id": "",
        "icon_emoji": "",
        "icon_url": "",
    }


def _webhook(contact: Webhook, targets: Targets, found: list[Diagnostic]) -> Emittable:
    if contact.url_secret is not None:
        address = _secret("webhook", "url", contact.url_secret, targets, found)
    else:
        assert contact.url is not None, "a webhook has an address or refers to one"
        address = {"url": contact.url}
    return {"send_resolved": True, **address}


def _email(contact: Email, body: str) -> Emittable:
    return {
        "send_resolved": True,
        "to": contact.to,
        "headers": {"Subject": reference(messages.TITLE)},
        "html": "",
        "text": reference(body),
    }


def _ledger_configs(ledger: Ledger, targets: Targets) -> dict[str, Emittable]:
    webhook: dict[str, Emittable] = {"send_resolved": True, "url": ledger.url + LEDGER_INTAKE}
    if ledger.token is not None:
        credentials = secret_path(ledger.token, targets)
        webhook["http_config"] = {"authorization": {"credentials_file": credentials}}
    return {"webhook_configs": [webhook]}
