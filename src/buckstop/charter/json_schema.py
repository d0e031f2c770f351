"""The charter's JSON Schema, for editors: made from the types that read it."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import Field

from buckstop.charter.model_schema import ModelEntry, SloEntry
from buckstop.charter.schema import Entry, Text
from buckstop.charter.table_schema import AlertEntry, RowEntry
from buckstop.charter.team_schema import DefaultsEntry, LedgerEntry, TeamEntry

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class _Charter(Entry):
    """What an organisation declares: who answers when a model breaks. Files are put together."""

    version: Literal[1] | None = Field(None, description="Of the charter's form.", examples=[1])
    organization: Text | None = Field(
        None, description="Whose charter it is.", examples=["Acme Lending"]
    )
    severities: tuple[Text, ...] | None = Field(
        None,
        description="From the gravest down; critical, major, minor where it is left out.",
        examples=[["critical", "major", "minor"]],
    )
    faults: tuple[Text, ...] | None = Field(
        None,
        description="Kinds of fault of your own, beside quality, drift, latency, availability and "
        "traffic.",
        examples=[["fairness"]],
    )
    defaults: DefaultsEntry | None = Field(
        None,
        description="What applies where nothing nearer says otherwise.",
        examples=[{"slack": {"api_url": {"file": "slack_url"}}}],
    )
    ledger: LedgerEntry | Literal["none"] | None = Field(
        None,
        description="The ledger that observes every alert, or `none`.",
        examples=[{"url": "http://127.0.0.1:9890"}, "none"],
    )
    teams: dict[str, TeamEntry] | None = Field(
        None,
        description="Those who answer, by id.",
        examples=[{"ops": {"notify": {"default": [{"slack": {"channel": "#ops"}}]}}}],
    )
    accountability: tuple[RowEntry, ...] | None = Field(
        None,
        description="The decision table. Rows are not ordered: the most specific one wins.",
        examples=[[{"otherwise": True, "accountable": "ops"}]],
    )
    alerts: tuple[AlertEntry, ...] | None = Field(
        None,
        description="Who answers for the alerts of rules that exist already; the first wins.",
        examples=[[{"match": {"alertname": "Watchdog"}, "not_accountable": "dead man's switch"}]],
    )
    profiles: dict[str, tuple[SloEntry, ...]] | None = Field(
        None,
        description="Objectives that many models share, by name.",
        examples=[{"tier1": [{"sli": "auc", "objective": ">= 0.85", "severity": "major"}]}],
    )
    models: dict[str, ModelEntry] | None = Field(
        None,
        description="Models, by id; the id is the label `model` of their alerts.",
        examples=[{"credit-income": {"owner": {"team": "credit_models"}, "use": "tier1"}}],
    )


def json_schema() -> dict[str, Any]:
    """The schema of one file of a charter, as JSON values."""
    schema = _Charter.model_json_schema(by_alias=True)
    schema["$schema"] = DIALECT
    schema["title"] = "Buckstop charter"
    return schema
