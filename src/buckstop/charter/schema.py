"""The charter's form: what may be written, field by field.

Every scalar reaches these types as the text that the user wrote (or None for an empty value), so
that what a word means is decided here and not by YAML. The JSON Schema is made from the same types.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from buckstop.prometheus import parse_duration

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"
"""Ids become label values, receivers' names and files' names."""
METRIC_PATTERN = r"^[a-zA-Z_:][a-zA-Z0-9_:]*$"
LABEL_PATTERN = r"^[a-zA-Z_][a-zA-Z0-9_]*$"

SECRET_INLINE = "secret_inline"  # noqa: S105 - the name of an error, not a secret
"""Type of the validation error for a text where a secret belongs."""
CHOICE = "choice"
"""Type of the validation error for a choice of keys; its context has ``message``, ``hint``."""
UNIT = "unit"
"""Type of the validation error for a quantity that cannot be read."""


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_duration(value)
    except ValueError as error:
        raise PydanticCustomError(
            UNIT,
            "{message}",
            {"message": str(error), "hint": "write durations like `30s`, `15m`, `1h30m`, `30d`"},
        ) from error


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _none_word(value: object) -> object:
    return None if value == "none" else value


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Text = Annotated[str, StringConstraints(min_length=1)]
MetricName = Annotated[str, StringConstraints(pattern=METRIC_PATTERN)]
LabelName = Annotated[str, StringConstraints(pattern=LABEL_PATTERN)]
Duration = Annotated[
    float,
    BeforeValidator(_duration),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^([0-9]+(ms|[smhdwy]))+$",
            "examples": ["30s", "15m", "30d"],
        }
    ),
]
"""Seconds, written like ``15m``."""
OneOrMany = Annotated[
    tuple[Text, ...],
    BeforeValidator(_one_or_many),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "items": {"type": "string", "minLength": 1}},
            ]
        }
    ),
]
"""A word, or a list of words."""


Number = Annotated[
    str,
    StringConstraints(min_length=1),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "minLength": 1}]}),
]
"""A number as written, read exactly later on."""


class Entry(BaseModel):
    """Something that the charter declares; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class SecretEntry(Entry):
    """Where a secret is kept. The charter refers to secrets and never holds them."""

    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "maxProperties": 1,
            "examples": [{"file": "pagerduty_infra"}, {"env": "PAGERDUTY_INFRA"}],
        }
    )

    file: Text | None = Field(
        None,
        description="A file that holds the secret, on the machine that uses it; a bare name is "
        "looked for in the build's secrets folder.",
        examples=["pagerduty_infra"],
    )
    env: Text | None = Field(
        None,
        description="An environment variable that holds the secret.",
        examples=["PAGERDUTY_INFRA"],
    )

    @model_validator(mode="before")
    @classmethod
    def _is_a_reference(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise PydanticCustomError(SECRET_INLINE, "a secret is written out here")
        return value

    @model_validator(mode="after")
    def _one_source(self) -> SecretEntry:
        _exactly_one(self, ("file", "env"), "a secret is kept in one place")
        return self


class PagerDutyEntry(Entry):
    """PagerDuty, Events API v2."""

    routing_key: SecretEntry = Field(description="The integration key of the PagerDuty service.")
    url: Text | None = Field(
        None,
        description="The Events API's address, where it is not PagerDuty's own.",
        examples=["https://events.pagerduty.com/v2/enqueue"],
    )


class SlackEntry(Entry):
    """A Slack channel, through an incoming webhook."""

    channel: Text = Field(
        description="The channel; quote it, for `#` starts a comment.", examples=["#infra-sre"]
    )
    api_url: SecretEntry | None = Field(
        None, description="The incoming webhook; `defaults.slack.api_url` where it is left out."
    )


class WebhookEntry(Entry):
    """An HTTP endpoint that takes Alertmanager's webhook."""

    url: Text | None = Field(
        None,
        description="Its address, where the address is no secret.",
        examples=["http://pager.internal:8080/alerts"],
    )
    url_secret: SecretEntry | None = Field(
        None, description="Its address, where whoever knows it may post."
    )

    @model_validator(mode="after")
    def _one_address(self) -> WebhookEntry:
        _exactly_one(self, ("url", "url_secret"), "a webhook has one address")
        return self


class EmailEntry(Entry):
    """An e-mail address; the mail server is `defaults.email`."""

    to: Text = Field(description="The address.", examples=["ops@acme.example"])


CONTACT_KINDS = ("pagerduty", "slack", "webhook", "email")


class ContactEntry(Entry):
    """One way to tell a team: exactly one kind."""

    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "maxProperties": 1,
            "examples": [{"slack": {"channel": "#infra-sre"}}],
        }
    )

    pagerduty: PagerDutyEntry | None = Field(None, description="Page through PagerDuty.")
    slack: SlackEntry | None = Field(None, description="Write to a Slack channel.")
    webhook: WebhookEntry | None = Field(None, description="Post to an HTTP endpoint.")
    email: EmailEntry | None = Field(None, description="Send an e-mail.")

    @model_validator(mode="after")
    def _one_kind(self) -> ContactEntry:
        _exactly_one(self, CONTACT_KINDS, "a contact is of one kind; a list holds several")
        return self


class TeamEntry(Entry):
    """Those who answer together."""

    name: Text | None = Field(
        None, description="For people; the id where it is left out.", examples=["Infrastructure"]
    )
    lead: Text | None = Field(
        None, description="The person who leads the team.", examples=["maria@acme.example"]
    )
    members: tuple[Text, ...] = Field(
        (),
        description="The team's people; the lead is one of them.",
        examples=[["jo@acme.example"]],
    )
    notify: dict[str, tuple[ContactEntry, ...]] = Field(
        description="How the team is told, by severity. `default` is required and serves every "
        "severity that has no entry of its own.",
        examples=[{"default": [{"slack": {"channel": "#infra-sre"}}]}],
    )
    escalate: Any = Field(
        None, description="Reserved: to whom an incident goes that nobody acknowledges."
    )
    on_call: Any = Field(None, description="Reserved: who of the team is on call.")


class WhenEntry(Entry):
    """The conditions of a row; all that are given must hold."""

    fault: OneOrMany | None = Field(
        None, description="Kinds of fault.", examples=[["latency", "availability"], "drift"]
    )
    severity: OneOrMany | None = Field(None, description="Severities.", examples=["critical"])
    model: OneOrMany | None = Field(None, description="Models by id.", examples=["credit-income"])
    task: OneOrMany | None = Field(
        None, description="What the model does, as its `task` says.", examples=["classification"]
    )
    risk: OneOrMany | None = Field(
        None, description="The model's risk class, as its `risk` says.", examples=["high"]
    )


class RowEntry(Entry):
    """A row of the decision table: under these conditions this team is accountable."""

    when: WhenEntry | None = Field(None, description="The conditions.")
    otherwise: bool | None = Field(
        None,
        description="`true` marks the row for all that no other row decides. There is exactly one.",
    )
    accountable: Text = Field(
        description="The one team that answers: a team's id, or `model.owner` for the team that "
        "owns the model at hand.",
        examples=["infra_sre", "model.owner"],
    )
    inform: OneOrMany = Field(
        (), description="Teams that are told and never own.", examples=[["data_engineering"]]
    )
    from_: date | None = Field(
        None, alias="from", description="The row holds from this day on.", examples=["2027-01-01"]
    )
    until: date | None = Field(
        None, description="The row no longer holds on this day.", examples=["2027-07-01"]
    )

    @model_validator(mode="after")
    def _when_or_otherwise(self) -> RowEntry:
        conditions = self.when is not None and bool(self.when.model_fields_set)
        if conditions == bool(self.otherwise):
            raise PydanticCustomError(
                CHOICE,
                "{message}",
                {
                    "message": "a row has either conditions or `otherwise: true`"
                    + (", not both" if conditions else "; this one has neither"),
                    "hint": "write `when: {fault: drift}`, or `otherwise: true` for the rest",
                },
            )
        if self.from_ and self.until and self.from_ >= self.until:
            raise PydanticCustomError(
                CHOICE,
                "{message}",
                {
                    "message": f"the row never holds: it ends ({self.until}) before it begins "
                    f"({self.from_})",
                    "hint": "`from` is its first day, `until` the first day on which it is over",
                },
            )
        return self


class AlertEntry(Entry):
    """Who answers for the alerts of rules that exist already."""

    match: dict[LabelName, str] = Field(
        description="Labels and their exact values; all must be there.",
        examples=[{"alertname": "ChurnSlow"}, {"namespace": "payments"}],
        min_length=1,
    )
    accountable: Text | None = Field(None, description="The team that answers.")
    fault: Text | None = Field(
        None, description="The kind of fault; the decision table then says who answers."
    )
    model: Text | None = Field(None, description="The model at fault, for the decision table.")
    not_accountable: Text | None = Field(
        None, description="Why nobody needs to answer.", examples=["dead man's switch"]
    )
    inform: OneOrMany = Field((), description="Teams that are told and never own.")

    @model_validator(mode="after")
    def _one_answer(self) -> AlertEntry:
        _exactly_one(
            self,
            ("accountable", "fault", "not_accountable"),
            "an entry says who answers in one way",
        )
        if self.model is not None and self.fault is None:
            raise PydanticCustomError(
                CHOICE,
                "{message}",
                {
                    "message": "`model` says nothing without `fault`",
                    "hint": "give the `fault`, and the decision table finds the team",
                },
            )
        return self


class SloEntry(Entry):
    """An objective. In a model, an entry with a profile's objective's name overrides its fields."""

    name: Id | None = Field(
        None,
        description="Unique within the model. Where it is left out: the SLI's name, with the "
        "feature's where there is one.",
        examples=["auc", "ks-income"],
    )
    fault: Text | None = Field(
        None, description="The kind of fault that a breach is; the SLI's own where it is left out."
    )
    sli: Text | None = Field(
        None,
        description="The indicator: auc, rmse, ks, p95 or success_ratio.",
        examples=["auc", "p95"],
    )
    objective: Number | None = Field(
        None,
        description="What is promised of the number.",
        examples=[">= 0.85", "<= 500ms", "99.9%", "in 0.2..0.6", "<= 1.2 * baseline"],
    )
    severity: Text | None = Field(
        None, description="How grave a breach is: one of `severities`.", examples=["critical"]
    )
    for_: Duration | None = Field(
        None, alias="for", description="How long a breach must hold before it is an alert."
    )
    window: Duration | None = Field(
        None, description="The period of an error budget.", examples=["30d"]
    )
    rate_window: Duration | None = Field(
        None, description="Over how long rates and quantiles are taken.", examples=["5m"]
    )
    feature: Text | None = Field(
        None, description="The feature that a drift objective watches.", examples=["income"]
    )
    each: Literal["feature"] | None = Field(
        None, description="`feature`: one objective for each of the model's features."
    )
    metric: MetricName | None = Field(
        None,
        description="Your own series for the number, in place of the conventional one.",
        examples=["ks_statistic_drift_score"],
    )
    expr: Text | None = Field(
        None,
        description="Your own PromQL for the number.",
        examples=['approval_rate{model="credit-income"}'],
    )
    baseline: Number | None = Field(
        None,
        description="The reference value of the number, for an objective relative to it; the "
        "model's `baselines` where it is left out.",
        examples=[4.2],
    )
    min_samples: Annotated[int, Field(ge=0)] | None = Field(
        None, description="Below this many samples the number is not judged.", examples=[500]
    )
    max_age: Duration | None = Field(
        None, description="An evaluation older than this is stale.", examples=["1d"]
    )
    runbook: Text | None = Field(
        None, description="What to do about it: an address.", examples=["https://runbooks.example"]
    )


class OwnerEntry(Entry):
    """Who owns a model."""

    team: Text = Field(description="The team; rows say `model.owner` for it.")
    person: Text | None = Field(None, description="The person in that team.")


class ServingEntry(Entry):
    """Where a model's serving metrics come from."""

    runtime: Text | None = Field(
        None,
        description="The model server, for its metrics' names.",
        examples=["generic", "seldon-v2"],
    )
    job: Text | None = Field(
        None, description="The scrape job; its target being down is an alert.", examples=["serving"]
    )
    latency: MetricName | None = Field(
        None, description="The latency histogram in seconds, without `_bucket`."
    )
    requests: MetricName | None = Field(None, description="The counter of requests.")
    errors: Text | None = Field(
        None,
        description="A PromQL matcher that selects the failed requests.",
        examples=['code=~"5.."'],
    )
    model_label: Annotated[LabelName | None, BeforeValidator(_none_word)] = Field(
        None,
        description="The label that names the model on those series, or `none` where they carry "
        "no such label.",
    )
    model: Text | None = Field(
        None, description="That label's value for this model; the model's id where it is left out."
    )


class ModelEntry(Entry):
    """A model and what is promised of it."""

    owner: OwnerEntry | None = Field(
        None, description="Who owns the model.", examples=[{"team": "credit_models"}]
    )
    task: Text | None = Field(
        None, description="What it does; rows may ask for it.", examples=["classification"]
    )
    risk: Text | None = Field(
        None, description="Its risk class; rows may ask for it.", examples=["high"]
    )
    features: tuple[Text, ...] = Field(
        (), description="Its features, for objectives with `each: feature`."
    )
    baselines: dict[str, Number] = Field(
        default_factory=dict,
        description="Reference values by SLI, for objectives like `<= 1.2 * baseline`.",
        examples=[{"rmse": 4.2}],
    )
    serving: ServingEntry | None = Field(None, description="Where its serving metrics come from.")
    use: OneOrMany = Field(
        (),
        description="Profiles whose objectives hold for it; of two with one name the later wins.",
        examples=["tier1"],
    )
    slos: tuple[SloEntry, ...] = Field((), description="Objectives of its own.")
    runbook: Text | None = Field(
        None, description="What to do about it, for objectives that name no runbook."
    )


class SlackDefaults(Entry):
    """What holds for every Slack contact."""

    api_url: SecretEntry = Field(description="The incoming webhook.")


class EmailDefaults(Entry):
    """The mail server."""

    smarthost: Text = Field(description="Host and port.", examples=["smtp.acme.example:587"])
    from_: Text = Field(
        alias="from", description="The sender's address.", examples=["alerts@acme.example"]
    )


class DefaultsEntry(Entry):
    """What applies where nothing nearer says otherwise."""

    slack: SlackDefaults | None = Field(None, description="For every Slack contact.")
    email: EmailDefaults | None = Field(None, description="For every e-mail contact.")
    for_: Duration | None = Field(
        None, alias="for", description="For objectives that name none; else the SLI's own."
    )
    group_wait: Duration | None = Field(
        None, description="How long Alertmanager collects alerts before the first page."
    )
    group_interval: Duration | None = Field(
        None, description="How long it waits before it tells of more alerts of a group."
    )
    repeat_interval: Duration | None = Field(
        None, description="How often it repeats what still fires."
    )
    scrape_interval: Duration | None = Field(
        None, description="How often Prometheus scrapes; it enters windows and worst cases."
    )
    evaluation_interval: Duration | None = Field(
        None, description="How often Prometheus evaluates rules."
    )


class LedgerEntry(Entry):
    """The ledger that observes every alert."""

    url: Text | None = Field(
        None,
        description="Its address as Alertmanager and Prometheus reach it.",
        examples=["http://127.0.0.1:9890"],
    )
    token: SecretEntry | None = Field(None, description="What its intakes ask for.")
    owner: Text | None = Field(
        None,
        description="The team that answers for the ledger itself; the `otherwise` team "
        "where it is left out.",
    )


def _exactly_one(entry: Entry, keys: tuple[str, ...], rule: str) -> None:
    given = [key for key in keys if getattr(entry, key) is not None]
    if len(given) == 1:
        return
    said = f"this has {' and '.join(f'`{key}`' for key in given)}" if given else "this has none"
    raise PydanticCustomError(
        CHOICE,
        "{message}",
        {
            "message": f"{rule}; {said}",
            "hint": f"give exactly one of {', '.join(f'`{key}`' for key in keys)}",
        },
    )
