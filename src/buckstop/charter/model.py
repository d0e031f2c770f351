"""What an organisation declares, read, merged and resolved: frozen values, no YAML left.

Spans point into the charter's files, so that everything derived from a line can cite it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from buckstop.diagnostics import Span

Source = Literal["file", "env"]
Operator = Literal["<=", ">=", "<", ">", "in"]
ANSWER_WITHIN_SECONDS = 30 * 60.0
"""Long enough for someone who is woken; the team that proposes stays accountable meanwhile."""
MODEL_OWNER = "model.owner"
"""The word in a row's `accountable` that stands for the owner team of the model at hand."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that the charter refers to and never holds.

    Attributes:
        source: ``file`` (a file's name or path) or ``env`` (an environment variable's name).
        name: that name.
    """

    source: Source
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class PagerDuty:
    """PagerDuty, Events API v2."""

    routing_key: Secret
    url: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Slack:
    """A Slack channel through an incoming webhook; `api_url` falls back to the defaults'."""

    channel: str
    api_url: Secret
    span: Span


@dataclass(frozen=True, slots=True)
class Webhook:
    """An HTTP endpoint that takes Alertmanager's webhook. Either `url` or `url_secret` is set."""

    url: str | None
    url_secret: Secret | None
    span: Span


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address; the mail server is the charter's ``defaults.email``."""

    to: str
    span: Span


Contact = PagerDuty | Slack | Webhook | Email


@dataclass(frozen=True, slots=True)
class Team:
    """Those who answer together.

    Attributes:
        id: the word used everywhere, for example ``infra_sre``; a label value.
        name: for people.
        lead: a person's address, or None.
        members: persons' addresses; the lead is one of them.
        notify: contacts by severity; the key ``default`` is always there.
    """

    id: str
    name: str
    lead: str | None
    members: tuple[str, ...]
    notify: tuple[tuple[str, tuple[Contact, ...]], ...]
    span: Span

    def contacts(self, severity: str) -> tuple[Contact, ...]:
        """How the team is told of an alert of `severity`."""
        ways = dict(self.notify)
        return ways.get(severity, ways["default"])


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the decision table. It applies where every condition holds.

    Attributes:
        when: attribute to its admitted values: ``fault``, ``severity``, ``model``, ``task``,
            ``risk``. Empty for the ``otherwise`` row.
        accountable: a team's id, or `MODEL_OWNER`.
        inform: ids of teams that are told and never own.
        from_date, until_date: the row holds from (inclusive) until (exclusive); None is open.
        otherwise: whether it is the row for all that no other row decides.
    """

    when: tuple[tuple[str, tuple[str, ...]], ...]
    accountable: str
    inform: tuple[str, ...]
    from_date: date | None
    until_date: date | None
    otherwise: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ExistingAlert:
    """Who answers for alerts of rules that the charter does not generate.

    Exactly one of three is given: `accountable` (a team), `fault` (with an optional `model`: the
    decision table then decides), or `not_accountable` (why nobody needs to answer).

    Attributes:
        match: label to exact value.
    """

    match: tuple[tuple[str, str], ...]
    accountable: str | None
    fault: str | None
    model: str | None
    not_accountable: str | None
    inform: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Objective:
    """A threshold on an SLI, in the SLI's base unit (seconds, ratios).

    A relative objective (``<= 1.2 * baseline``) is already multiplied out.

    Attributes:
        operator: what the SLI must satisfy; with ``in``, `value` ≤ SLI ≤ `upper`.
        text: as the charter says it, for pages: ``<= 500ms``.
    """

    operator: Operator
    value: float
    upper: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Slo:
    """One objective of one model, `each` already expanded.

    Attributes:
        name: unique within the model; the alerts' ``slo`` label.
        fault: quality, drift, latency, availability, traffic, or the charter's own.
        sli: auc, rmse, ks, p95, success_ratio; None where `expr` says all (a `metric` without an
            SLI has become an `expr`).
        severity: of the alert.
        for_seconds: how long the breach must hold.
        window_seconds: the period of an error budget; None for threshold objectives.
        rate_window_seconds: the window over which rates and quantiles are taken.
        feature: the feature that a drift objective watches, or None.
        metric: the user's own series in place of the conventional one, or None.
        expr: the user's own PromQL for the SLI's value, or None.
        baseline: for relative objectives such as RMSE against its training value, or None.
        min_samples: below it the number is not judged; None takes the SLI's own default.
        max_age_seconds: older evaluations are stale; None takes the SLI's own default.
        runbook: an address, or None.
    """

    name: str
    fault: str
    sli: str | None
    objective: Objective
    severity: str
    for_seconds: float
    window_seconds: float | None
    rate_window_seconds: float
    feature: str | None
    metric: str | None
    expr: str | None
    baseline: float | None
    min_samples: int | None
    max_age_seconds: float | None
    runbook: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Serving:
    """Where a model's serving metrics come from.

    Attributes:
        runtime: a preset's name; it knows the metric names.
        job: the scrape job, or None when no target needs watching.
        latency: the histogram's base name (without ``_bucket``), in seconds.
        requests: the counter of requests.
        errors: a PromQL matcher that selects failed requests, for example ``code=~"5.."``.
        model_label: the label that names the model, or None where series carry no such label.
        model_value: that label's value for this model.
        errors_span: where `errors` is written, or `span` where the runtime supplies it.
    """

    runtime: str
    job: str | None
    latency: str
    requests: str
    errors: str
    model_label: str | None
    model_value: str
    span: Span
    errors_span: Span


@dataclass(frozen=True, slots=True)
class Model:
    """A model and what is promised of it."""

    id: str
    owner_team: str | None
    owner_person: str | None
    task: str | None
    risk: str | None
    features: tuple[str, ...]
    serving: Serving | None
    slos: tuple[Slo, ...]
    runbook: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Defaults:
    """What applies where nothing nearer says otherwise.

    Attributes:
        smtp: ``smarthost`` and ``from`` for e-mail contacts, or None.
        group_wait_seconds, group_interval_seconds, repeat_interval_seconds: for generated routes.
        scrape_interval_seconds, evaluation_interval_seconds: of the Prometheus that will run the
            rules; they enter windows and worst-case times.
    """

    smtp: tuple[str, str] | None
    group_wait_seconds: float
    group_interval_seconds: float
    repeat_interval_seconds: float
    scrape_interval_seconds: float
    evaluation_interval_seconds: float


Reroute = Literal["off", "dry-run", "on"]
"""Whether an accepted handover leads the alert to the new team, or only says what it would do."""


@dataclass(frozen=True, slots=True)
class Handover:
    """How open incidents are handed over from team to team.

    Attributes:
        answer_within_seconds: how long a proposal waits for an answer, at the most.
        reroute: whether an accepted handover also leads the alert to the new team.
    """

    answer_within_seconds: float = ANSWER_WITHIN_SECONDS
    reroute: Reroute = "off"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger that observes every alert.

    Attributes:
        url: its base address as Alertmanager and Prometheus reach it.
        token: the secret that its intakes ask for, or None on loopback.
        owner: the team accountable for the ledger itself.
    """

    url: str
    token: Secret | None
    owner: str
    handover: Handover
    span: Span


@dataclass(frozen=True, slots=True)
class CharterFile:
    """One file of the charter: its path relative to the charter's root, and its SHA-256."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Charter:
    """All that an organisation declared, free of errors.

    Attributes:
        severities: from the gravest down.
        faults: the standard ones and those that the charter declares.
        rows: those in force on the day for which the charter was read.
        ledger: None for ``ledger: none``.
        digest: SHA-256 over the files' paths and contents, ``sha256:…``.
    """

    organization: str
    severities: tuple[str, ...]
    faults: tuple[str, ...]
    defaults: Defaults
    ledger: Ledger | None
    teams: tuple[Team, ...]
    rows: tuple[Row, ...]
    alerts: tuple[ExistingAlert, ...]
    models: tuple[Model, ...]
    files: tuple[CharterFile, ...]
    digest: str

    def team(self, team_id: str) -> Team:
        """The team `team_id`. Raises KeyError where there is none."""
        for team in self.teams:
            if team.id == team_id:
                return team
        raise KeyError(team_id)

    @property
    def otherwise(self) -> Row:
        """The row for all that no other row decides; its `accountable` is always a team."""
        return next(row for row in self.rows if row.otherwise)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who answers, and by which row.

    Attributes:
        team: the accountable team's id.
        inform: ids of the teams that are told.
        row: the row that decided.
    """

    team: str
    inform: tuple[str, ...]
    row: Row
