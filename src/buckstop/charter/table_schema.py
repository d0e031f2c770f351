"""The form of the decision table, and of entries for alerts that exist already."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from buckstop.charter.schema import CHOICE, Entry, LabelName, OneOrMany, Text, exactly_one


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

    when: WhenEntry | None = Field(
        None, description="The conditions.", examples=[{"fault": "drift"}]
    )
    otherwise: bool | None = Field(
        None,
        description="`true` marks the row for all that no other row decides. There is exactly one.",
        examples=[True],
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
    accountable: Text | None = Field(
        None, description="The team that answers.", examples=["payments"]
    )
    fault: Text | None = Field(
        None,
        description="The kind of fault; the decision table then says who answers.",
        examples=["latency"],
    )
    model: Text | None = Field(
        None, description="The model at fault, for the decision table.", examples=["churn"]
    )
    not_accountable: Text | None = Field(
        None, description="Why nobody needs to answer.", examples=["dead man's switch"]
    )
    inform: OneOrMany = Field(
        (), description="Teams that are told and never own.", examples=[["data_engineering"]]
    )

    @model_validator(mode="after")
    def _one_answer(self) -> AlertEntry:
        exactly_one(
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
