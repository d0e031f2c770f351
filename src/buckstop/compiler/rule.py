"""What the passes hand to each other: rules with the cases that prove them, before any YAML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from buckstop.charter.model import Model, Slo

TEAM_LABEL: Final = "accountable_team"
"""The label by which Alertmanager routes: the article's own word."""

AUC_LOW: Final = "ModelAucLow"
RMSE_HIGH: Final = "ModelRmseHigh"
DRIFT_HIGH: Final = "ModelDriftHigh"
LATENCY_HIGH: Final = "ModelLatencyHigh"
BUDGET_BURN: Final = "ModelErrorBudgetBurn"
OBJECTIVE_BREACHED: Final = "ModelObjectiveBreached"
TRAFFIC_VANISHED: Final = "ModelTrafficVanished"
DOWN: Final = "ModelDown"
SLI_MISSING: Final = "ModelSliMissing"
SLI_STALE: Final = "ModelSliStale"
SLI_TOO_FEW_SAMPLES: Final = "ModelSliTooFewSamples"
LEDGER_DOWN: Final = "BuckstopLedgerDown"
ALERTS_NOT_TAKEN: Final = "AlertmanagerNotTakingAlerts"
STORE_DOWN: Final = "BuckstopRecordNotWritten"
RECORD_BROKEN: Final = "BuckstopRecordChanged"
PROOF_BROKEN: Final = "BuckstopProofBroken"
PROOF_STALE: Final = "BuckstopProofStale"
LOADED_DIFFERS: Final = "BuckstopLoadedDiffers"
SERVER_SILENT: Final = "BuckstopServerSilent"
ALERTS_UNTOLD: Final = "BuckstopAlertsUntold"
HEARTBEAT_LOST: Final = "BuckstopHeartbeatLost"

VALUE: Final = "\x00"
"""Stands in a page's text for the alert's value; no charter text can hold it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording rule; `labels` identify the series, so that no two models share one."""

    record: str
    expr: str
    labels: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """An input of a promtool test: a series and its values in promtool's notation."""

    selector: str
    values: str


@dataclass(frozen=True, slots=True)
class Case:
    """A promtool test of one alert.

    Attributes:
        name: what it shows, for whoever sees it fail.
        inputs: the series that exist; one sample a scrape interval.
        at_seconds: when the alert is looked at.
        shown: the value as the page shows it if the alert must fire; None if it must be silent.
        along: other severities of the same alert and objective that then fire with it, and show
            the same value.
    """

    name: str
    inputs: tuple[Series, ...]
    at_seconds: float
    shown: str | None
    along: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """An alerting rule and all that a page says.

    Attributes:
        expr: its result carries no label but ``model`` and ``slo``.
        severity, fault: labels; they decide, with `model`, who answers.
        model: None for the alerts of Buckstop's own machinery.
        slo: the objective's name, or None.
        feature: the feature it is about, or None.
        summary, description: text in which `VALUE` stands for the alert's value.
        value_format: the template that shows ``$value`` in them, for example
            ``{{ $value | humanizeDuration }}``.
        cases: at least one in which it fires and one in which it is silent.
        fires_on_absence: whether it fires when no series exists at all.
        own_expr: the user's expression that it rests on, or None.
    """

    name: str
    expr: str
    for_seconds: float
    severity: str
    fault: str
    model: Model | None
    slo: str | None
    feature: str | None
    summary: str
    description: str
    value_format: str
    runbook: str | None
    cases: tuple[Case, ...]
    fires_on_absence: bool = False
    own_expr: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A rule group: recording rules first, since Prometheus evaluates them in order."""

    name: str
    recordings: tuple[Recording, ...]
    alerts: tuple[Alert, ...]


def objective_labels(model: Model, slo: Slo) -> tuple[tuple[str, str], ...]:
    """The labels of everything that is recorded about one objective of one model."""
    return (("model", model.id), ("slo", slo.name))
