"""The form of models and of their objectives."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from buckstop.charter.schema import (
    Duration,
    Entry,
    Id,
    LabelName,
    MetricName,
    Number,
    OneOrMany,
    Text,
)


def _none_word(value: object) -> object:
    return None if value == "none" else value


class SloEntry(Entry):
    """An objective. In a model, an entry with a profile's objective's name overrides its fields."""

    name: Id | None = Field(
        None,
        description="Unique within the model. Where it is left out: the SLI's name, with the "
        "feature's where there is one.",
        examples=["auc", "ks-income"],
    )
    fault: Text | None = Field(
        None,
        description="The kind of fault that a breach is; the SLI's own where it is left out.",
        examples=["quality"],
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
        None,
        alias="for",
        description="How long a breach must hold before it is an alert.",
        examples=["15m"],
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
        None,
        description="`feature`: one objective for each of the model's features.",
        examples=["feature"],
    )
    metric: MetricName | None = Field(
        None,
        description="Your own series for the number, in place of the conventional one.",
        examples=["ks_statistic_drift_score"],
    )
    expr: Text | None = Field(
        None,
        description="Your own PromQL for the number: an instant vector. In its strings `$model` "
        "stands for the model's id, and `$feature` for the feature.",
        examples=['approval_rate{model="$model"}'],
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

    team: Text = Field(
        description="The team; rows say `model.owner` for it.", examples=["credit_models"]
    )
    person: Text | None = Field(
        None, description="The person in that team.", examples=["li@acme.example"]
    )


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
        None,
        description="The latency histogram in seconds, without `_bucket`.",
        examples=["ingress_request_duration_seconds"],
    )
    requests: MetricName | None = Field(
        None, description="The counter of requests.", examples=["ingress_requests_total"]
    )
    errors: Text | None = Field(
        None,
        description="A PromQL matcher that selects the failed requests.",
        examples=['code=~"5.."'],
    )
    model_label: Annotated[LabelName | None, BeforeValidator(_none_word)] = Field(
        None,
        description="The label that names the model on those series, or `none` where they carry "
        "no such label.",
        examples=["model", "none"],
    )
    model: Text | None = Field(
        None,
        description="That label's value for this model; the model's id where it is left out.",
        examples=["org/credit:7"],
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
        (),
        description="Its features, for objectives with `each: feature`.",
        examples=[["income", "age"]],
    )
    baselines: dict[str, Number] = Field(
        default_factory=dict,
        description="Reference values by SLI, for objectives like `<= 1.2 * baseline`.",
        examples=[{"rmse": 4.2}],
    )
    serving: ServingEntry | None = Field(
        None,
        description="Where its serving metrics come from.",
        examples=[{"runtime": "seldon-v2", "job": "model-serving"}],
    )
    use: OneOrMany = Field(
        (),
        description="Profiles whose objectives hold for it; of two with one name the later wins.",
        examples=["tier1"],
    )
    slos: tuple[SloEntry, ...] = Field(
        (),
        description="Objectives of its own.",
        examples=[[{"sli": "auc", "objective": ">= 0.85", "severity": "major"}]],
    )
    runbook: Text | None = Field(
        None,
        description="What to do about it, for objectives that name no runbook.",
        examples=["https://runbooks.acme.example/credit"],
    )
