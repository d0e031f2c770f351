"""The form of the decision table, and of entries for alerts that exist already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from pydantic import Field
from pydantic_core import PydanticCustomError

from buckstop.charter.model import MODEL_OWNER
from buckstop.charter.schema import (
    Entry,
    LabelName,
    OneOrMany,
    RuledEntry,
    Text,
    broken_rule,
    exactly_one,
)


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


class RowEntry(RuledEntry):
    """A row of the decision table: under these conditions this team is accountable."""

    STAND_INS: ClassVar = {"accountable": MODEL_OWNER}

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

    def rules_broken(self) -> Iterator[PydanticCustomError]:
        """A row has conditions or is the rest, and it begins before it ends."""
        conditions = self.when is not None and bool(self.when.model_fields_set)
        if conditions == bool(self.otherwise):
            yield broken_rule(
                ("when", "otherwise"),
                "a row has either conditions or `otherwise: true`"
                + (", not both" if conditions else "; this one has neither"),
                "write `when: {fault: drift}`, or `otherwise: true` for the rest",
            )
        if self.from_ and self.until and self.from_ >= self.until:
            yield broken_rule(
                ("from", "until"),
                f"the row never holds: it ends ({self.until}) before it begins ({self.from_})",
                "`from` is its first day, `until` the first day on which it is over",
            )


class AlertEntry(RuledEntry):
    """Who answers for the alerts of rules that exist already."""

    STAND_INS: ClassVar = {"match": {"alertname": "any"}}

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

    def rules_broken(self) -> Iterator[PydanticCustomError]:
        """One answer, and a model only where the decision table is asked."""
        answers = ("accountable", "fault", "not_accountable")
        yield from exactly_one(self, answers, "an entry says who answers in one way")
        if self.model is not None and self.fault is None:
            yield broken_rule(
                ("fault", "model"),
                "`model` says nothing without `fault`",
                "give the `fault`, and the decision table finds the team",
            )
