"""The form of teams, of the defaults and of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from buckstop.charter.schema import SECRET_INLINE, Duration, Entry, RuledEntry, Text, exactly_one


class SecretEntry(RuledEntry):
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

    def rules_broken(self) -> Iterator[PydanticCustomError]:
        """One source."""
        yield from exactly_one(self, ("file", "env"), "a secret is kept in one place")


class PagerDutyEntry(Entry):
    """PagerDuty, Events API v2."""

    routing_key: SecretEntry = Field(
        description="The integration key of the PagerDuty service.",
        examples=[{"file": "pagerduty_infra"}],
    )
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
        None,
        description="The incoming webhook; `defaults.slack.api_url` where it is left out.",
        examples=[{"file": "slack_url"}],
    )


class WebhookEntry(RuledEntry):
    """An HTTP endpoint that takes Alertmanager's webhook."""

    url: Text | None = Field(
        None,
        description="Its address, where the address is no secret.",
        examples=["http://pager.internal:8080/alerts"],
    )
    url_secret: SecretEntry | None = Field(
        None,
        description="Its address, where whoever knows it may post.",
        examples=[{"file": "pager_url"}],
    )

    def rules_broken(self) -> Iterator[PydanticCustomError]:
        """One address."""
        yield from exactly_one(self, ("url", "url_secret"), "a webhook has one address")


class EmailEntry(Entry):
    """An e-mail address; the mail server is `defaults.email`."""

    to: Text = Field(description="The address.", examples=["ops@acme.example"])


CONTACT_KINDS = ("pagerduty", "slack", "webhook", "email")


class ContactEntry(RuledEntry):
    """One way to tell a team: exactly one kind."""

    model_config = ConfigDict(
        json_schema_extra={
            "minProperties": 1,
            "maxProperties": 1,
            "examples": [{"slack": {"channel": "#infra-sre"}}],
        }
    )

    pagerduty: PagerDutyEntry | None = Field(
        None,
        description="Page through PagerDuty.",
        examples=[{"routing_key": {"file": "pagerduty_infra"}}],
    )
    slack: SlackEntry | None = Field(
        None, description="Write to a Slack channel.", examples=[{"channel": "#infra-sre"}]
    )
    webhook: WebhookEntry | None = Field(
        None,
        description="Post to an HTTP endpoint.",
        examples=[{"url": "http://pager.internal:8080/alerts"}],
    )
    email: EmailEntry | None = Field(
        None, description="Send an e-mail.", examples=[{"to": "ops@acme.example"}]
    )

    def rules_broken(self) -> Iterator[PydanticCustomError]:
        """One kind."""
        said = "a contact is of one kind; a list holds several"
        yield from exactly_one(self, CONTACT_KINDS, said)


class TeamEntry(Entry):
    """Those who answer together."""

    STAND_INS: ClassVar = {"notify": {}}

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
        None,
        description="Reserved: to whom an incident goes that nobody acknowledges.",
        examples=[[{"after": "15m", "to": "platform_leads"}]],
    )
    on_call: Any = Field(
        None,
        description="Reserved: who of the team is on call.",
        examples=[{"calendar": {"file": "oncall/infra.ics"}}],
    )


class SlackDefaults(Entry):
    """What holds for every Slack contact."""

    api_url: SecretEntry = Field(
        description="The incoming webhook.", examples=[{"file": "slack_url"}]
    )


class EmailDefaults(Entry):
    """The mail server."""

    smarthost: Text = Field(description="Host and port.", examples=["smtp.acme.example:587"])
    from_: Text = Field(
        alias="from", description="The sender's address.", examples=["alerts@acme.example"]
    )


class DefaultsEntry(Entry):
    """What applies where nothing nearer says otherwise."""

    slack: SlackDefaults | None = Field(
        None, description="For every Slack contact.", examples=[{"api_url": {"file": "slack_url"}}]
    )
    email: EmailDefaults | None = Field(
        None,
        description="For every e-mail contact.",
        examples=[{"smarthost": "smtp.acme.example:587", "from": "alerts@acme.example"}],
    )
    for_: Duration | None = Field(
        None,
        alias="for",
        description="For objectives that name none; else the SLI's own.",
        examples=["10m"],
    )
    group_wait: Duration | None = Field(
        None,
        description="How long Alertmanager collects alerts before the first page.",
        examples=["10s"],
    )
    group_interval: Duration | None = Field(
        None,
        description="How long it waits before it tells of more alerts of a group.",
        examples=["5m"],
    )
    repeat_interval: Duration | None = Field(
        None, description="How often it repeats what still fires.", examples=["1h"]
    )
    scrape_interval: Duration | None = Field(
        None,
        description="How often Prometheus scrapes; it enters windows and worst cases.",
        examples=["30s"],
    )
    evaluation_interval: Duration | None = Field(
        None, description="How often Prometheus evaluates rules.", examples=["30s"]
    )


class HandoverEntry(Entry):
    """How open incidents are handed over from team to team."""

    answer_within: Duration | None = Field(
        None,
        description="How long a proposal waits for an answer, at the most; then it falls back. "
        "30m where it is left out.",
        examples=["30m"],
    )
    reroute: Literal["off", "dry-run", "on"] | None = Field(
        None,
        description="Whether an accepted handover also leads the alert to the new team. `off`: it "
        "is recorded, and Alertmanager notifies as before. `dry-run`: the ledger says what it "
        "would do, and sends nothing. `on`: the new team is notified instead of the old one. `off` "
        "where it is left out.",
        examples=["dry-run"],
    )


class LedgerEntry(Entry):
    """The ledger that observes every alert."""

    url: Text | None = Field(
        None,
        description="Its address as Alertmanager and Prometheus reach it.",
        examples=["http://127.0.0.1:9890"],
    )
    token: SecretEntry | None = Field(
        None, description="What its intakes ask for.", examples=[{"file": "ledger_token"}]
    )
    owner: Text | None = Field(
        None,
        description="The team that answers for the ledger itself; the `otherwise` team "
        "where it is left out.",
        examples=["infra_sre"],
    )
    handover: HandoverEntry | None = Field(
        None,
        description="How incidents are handed over.",
        examples=[{"answer_within": "30m"}],
    )
