"""Teams and their contacts, and the defaults that contacts fall back to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from buckstop.charter import codes
from buckstop.charter.addresses import address_wrong
from buckstop.charter.gather import Gathered
from buckstop.charter.model import (
    MODEL_OWNER,
    Contact,
    Defaults,
    Email,
    PagerDuty,
    Secret,
    Slack,
    Team,
    Webhook,
)
from buckstop.charter.names import Names, unknown
from buckstop.charter.parts import Piece, Step
from buckstop.charter.schema import ID_PATTERN, Entry
from buckstop.charter.team_schema import ContactEntry, DefaultsEntry, SecretEntry, TeamEntry
from buckstop.charter.validate import validate
from buckstop.diagnostics import Diagnostic, has_errors, nearest
from buckstop.document import Entry as Pair
from buckstop.document import Mapping

DEFAULT_CONTACT = "default"
"""The key in `notify` for every severity without an entry of its own."""

FALLBACKS: Final = frozenset({"slack", "email"})
"""The defaults that a contact may need."""

GROUP_WAIT_SECONDS = 10.0
"""Added in full to every first page: Alertmanager's own 30 s is long for someone on call."""
GROUP_INTERVAL_SECONDS = 300.0
REPEAT_INTERVAL_SECONDS = 3600.0
"""Short enough that an incident that falls back to a team is never silent for long."""
SCRAPE_INTERVAL_SECONDS = 30.0
EVALUATION_INTERVAL_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class DefaultsRead:
    """The defaults, and what only contacts and objectives fall back to.

    Attributes:
        broken: those of `FALLBACKS` that are there and cannot be read; they are not missing.
    """

    defaults: Defaults
    slack_api_url: Secret | None
    for_seconds: float | None
    broken: frozenset[str]


def read_defaults(gathered: Gathered) -> tuple[DefaultsRead, tuple[Diagnostic, ...]]:
    """The charter's ``defaults``; what of them cannot be read is left out."""
    pairs = gathered.pairs("defaults")
    node = Mapping(tuple(pairs.values()), gathered.key_span("defaults"))
    _, piece, found = validate(DefaultsEntry, node)
    entry = piece.entry if piece else DefaultsEntry.model_validate({})
    broken = FALLBACKS if "defaults" in gathered.broken else FALLBACKS & pairs.keys()
    slack = entry.slack.api_url if entry.slack else None
    if slack is not None and slack.file is None and slack.env is None:
        slack = None  # its keys are wrong, and that is said
    unread = {"slack"} if entry.slack and slack is None else set()
    read = DefaultsRead(
        defaults=Defaults(
            smtp=(entry.email.smarthost, entry.email.from_) if entry.email else None,
            group_wait_seconds=_or(entry.group_wait, GROUP_WAIT_SECONDS),
            group_interval_seconds=_or(entry.group_interval, GROUP_INTERVAL_SECONDS),
            repeat_interval_seconds=_or(entry.repeat_interval, REPEAT_INTERVAL_SECONDS),
            scrape_interval_seconds=_or(entry.scrape_interval, SCRAPE_INTERVAL_SECONDS),
            evaluation_interval_seconds=_or(entry.evaluation_interval, EVALUATION_INTERVAL_SECONDS),
        ),
        slack_api_url=secret(piece, slack, "slack", "api_url") if piece and slack else None,
        for_seconds=entry.for_,
        broken=broken - (entry.model_fields_set - unread),
    )
    return read, found


def secret(piece: Piece[Entry], entry: SecretEntry, *steps: Step) -> Secret:
    """The reference at `steps` of `piece`."""
    span = piece.span(*steps)
    if entry.file is not None:
        return Secret("file", entry.file, span)
    assert entry.env is not None, "validation admits exactly one source"
    return Secret("env", entry.env, span)


def read_teams(
    gathered: Gathered, names: Names, defaults: DefaultsRead
) -> tuple[tuple[Team, ...], tuple[Diagnostic, ...]]:
    """Every team that is free of errors, its fallbacks included, and the errors of the others."""
    teams: list[Team] = []
    found: list[Diagnostic] = []
    for pair in gathered.pairs("teams").values():
        piece, known, wrong = validate(TeamEntry, pair.value)
        wrong = (*_id(pair), *wrong)
        if known:
            wrong = (*wrong, *_reserved(known), *_contacts_wrong(known, pair, names, defaults))
        found += wrong
        if piece and not defaults.broken and not has_errors(wrong):
            teams.append(_team(piece, pair, defaults))
    return tuple(teams), tuple(found)


def _id(pair: Pair) -> Iterator[Diagnostic]:
    if not re.fullmatch(ID_PATTERN, pair.key.text):
        yield Diagnostic(
            codes.VALUE_INVALID,
            f"`{pair.key.text}` cannot be a team's id",
            pair.key.span,
            hint="ids are label values and names of receivers: letters, digits, `_`, `.`, `-`; "
            "what people read is `name`",
        )
    elif pair.key.text == MODEL_OWNER:
        yield Diagnostic(
            codes.VALUE_INVALID,
            f"a team cannot be called `{MODEL_OWNER}`: rows say so for a model's owner",
            pair.key.span,
        )


def _reserved(piece: Piece[TeamEntry]) -> Iterator[Diagnostic]:
    for word in ("escalate", "on_call"):
        if getattr(piece.entry, word) is not None:
            yield Diagnostic(
                codes.WORD_RESERVED,
                f"`{word}` is reserved: not yet acted on",
                piece.key_span(word),
                hint="it may stay; until it is acted on, the team is told by `notify` alone",
            )


def _contacts_wrong(
    piece: Piece[TeamEntry], pair: Pair, names: Names, defaults: DefaultsRead
) -> Iterator[Diagnostic]:
    notify = piece.entry.notify
    is_given = isinstance(piece.node, Mapping) and "notify" in piece.node
    known = (*names.severities, DEFAULT_CONTACT)
    is_broken = piece.is_broken("notify", DEFAULT_CONTACT) or any(
        nearest(severity, known) == DEFAULT_CONTACT for severity in notify
    )
    if is_given and DEFAULT_CONTACT not in notify and not is_broken:
        yield Diagnostic(
            codes.NOTIFY_DEFAULT_MISSING,
            f"`{pair.key.text}` says no `default` way to be told",
            piece.key_span("notify"),
            hint="add `default:` under `notify`; it serves every severity without an entry",
        )
    for severity, contacts in notify.items():
        if severity not in known:
            yield unknown(
                codes.SEVERITY_UNKNOWN,
                "severity",
                severity,
                known,
                piece.key_span("notify", severity),
            )
        if not contacts and not piece.is_broken("notify", severity):
            yield Diagnostic(
                codes.NOTIFY_DEFAULT_MISSING,
                f"`{pair.key.text}` is told of `{severity}` in no way",
                piece.key_span("notify", severity),
                hint="name at least one contact, or leave the severity out",
            )
        for index, contact in enumerate(contacts):
            yield from _incomplete(piece, contact, defaults, "notify", severity, index)
            yield from _misaddressed(piece, contact, "notify", severity, index)


def _incomplete(
    piece: Piece[TeamEntry], contact: ContactEntry, defaults: DefaultsRead, *steps: Step
) -> Iterator[Diagnostic]:
    has_webhook = bool(defaults.slack_api_url) or "slack" in defaults.broken
    has_server = bool(defaults.defaults.smtp) or "email" in defaults.broken
    if contact.slack and not contact.slack.api_url and not has_webhook:
        yield Diagnostic(
            codes.CONTACT_INCOMPLETE,
            f"the Slack channel `{contact.slack.channel}` has no webhook to post to",
            piece.span(*steps),
            hint="add `defaults: {slack: {api_url: {file: slack_url}}}`, or `api_url` here",
        )
    if contact.email and not has_server:
        yield Diagnostic(
            codes.CONTACT_INCOMPLETE,
            f"no mail server is given for `{contact.email.to}`",
            piece.span(*steps),
            hint="add `defaults: {email: {smarthost: 'smtp.acme.example:587', "
            "from: alerts@acme.example}}`",
        )


def _misaddressed(
    piece: Piece[TeamEntry], contact: ContactEntry, *steps: Step
) -> Iterator[Diagnostic]:
    """Addresses for which Alertmanager would refuse the generated file."""
    for kind, entry in (("pagerduty", contact.pagerduty), ("webhook", contact.webhook)):
        wrong = entry and entry.url and address_wrong(entry.url)
        if wrong:
            yield Diagnostic(
                codes.VALUE_INVALID,
                wrong,
                piece.span(*steps, kind, "url"),
                hint="write it like `https://pager.acme.example/alerts`",
            )


def _team(piece: Piece[TeamEntry], pair: Pair, defaults: DefaultsRead) -> Team:
    entry = piece.entry
    members = dict.fromkeys((entry.lead, *entry.members) if entry.lead else entry.members)
    return Team(
        id=pair.key.text,
        name=entry.name or pair.key.text,
        lead=entry.lead,
        members=tuple(members),
        notify=tuple(
            (
                severity,
                tuple(
                    _contact(piece, contact, defaults, "notify", severity, index)
                    for index, contact in enumerate(contacts)
                ),
            )
            for severity, contacts in entry.notify.items()
        ),
        span=pair.key.span,
    )


def _contact(
    piece: Piece[TeamEntry], contact: ContactEntry, defaults: DefaultsRead, *steps: Step
) -> Contact:
    span = piece.span(*steps)
    if contact.pagerduty:
        key = secret(piece, contact.pagerduty.routing_key, *steps, "pagerduty", "routing_key")
        return PagerDuty(key, contact.pagerduty.url, span)
    if contact.slack:
        own = contact.slack.api_url
        url = secret(piece, own, *steps, "slack", "api_url") if own else defaults.slack_api_url
        assert url is not None, "a channel without a webhook is an error"
        return Slack(contact.slack.channel, url, span)
    if contact.webhook:
        hidden = contact.webhook.url_secret
        return Webhook(
            contact.webhook.url,
            secret(piece, hidden, *steps, "webhook", "url_secret") if hidden else None,
            span,
        )
    assert contact.email is not None, "validation admits exactly one kind"
    return Email(contact.email.to, span)


def _or(value: float | None, default: float) -> float:
    return default if value is None else value
