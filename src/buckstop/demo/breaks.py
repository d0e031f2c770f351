"""The four ways in which the demo breaks the model, and who has to answer for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

BreakName = Literal["latency", "drift", "quality", "outage"]


@dataclass(frozen=True, slots=True)
class Break:
    """One way to break the model.

    Attributes:
        fault: the kind of fault that it is, as alerts and incidents are labelled.
        alert: the alert that has to fire.
        team: who has to answer for it: the demo's promise, said here and not read from the
            charter, so that a charter gone wrong is noticed.
        service, recipient: where the page has to come in (see `buckstop.demo.pages.Page`).
        informed: Slack channels of teams that are told too, by the charter's ``inform``.
        visible: PromQL that has a result once Prometheus holds data in which the SLI is beyond its
            objective; unlike the rule's, it can be asked for any moment afterwards.
        done: what is done to the model, for the terminal.
        needs_quiet: whether it may begin only when earlier breaks are over, because it would
            hide or prolong them.
    """

    name: BreakName
    fault: str
    alert: str
    team: str
    service: str
    recipient: str
    informed: tuple[str, ...]
    visible: str
    done: str
    needs_quiet: bool


SLOW_SECONDS: Final = 0.8
INCOME_LOG_SHIFT: Final = -0.8
FLIPPED_SHARE: Final = 0.4

BREAKS: Final = (
    Break(
        name="latency",
        fault="latency",
        alert="ModelLatencyHigh",
        team="infra_sre",
        service="pagerduty",
        recipient="infra_sre",
        informed=(),
        visible="histogram_quantile(0.95, sum by (le) (rate("
        'model_inference_latency_seconds_bucket{model="credit-income"}[8s]))) > 0.5',
        done=f"every answer takes {SLOW_SECONDS:g} s longer",
        needs_quiet=False,
    ),
    Break(
        name="drift",
        fault="drift",
        alert="ModelDriftHigh",
        team="data_mlops",
        service="slack",
        recipient="#mlops-data-drift",
        informed=("#data-engineering",),
        visible='ks_statistic_drift_score{model="credit-income",feature="income"} > 0.3',
        done="applicants earn less than half of what they did",
        needs_quiet=False,
    ),
    Break(
        name="quality",
        fault="quality",
        alert="ModelAucLow",
        team="credit_models",
        service="slack",
        recipient="#credit-models",
        informed=(),
        visible='buckstop_sli_value{model="credit-income",sli="auc"} < 0.85',
        done=f"{FLIPPED_SHARE:.0%} of the outcomes turn into their opposite",
        needs_quiet=False,
    ),
    Break(
        name="outage",
        fault="availability",
        alert="ModelDown",
        team="infra_sre",
        service="pagerduty",
        recipient="infra_sre",
        informed=(),
        visible='up{job="model-serving"} == 0',
        done="the service is killed (SIGKILL)",
        # Without predictions there is no AUC and no KS: their alerts would be neither seen to
        # resolve nor rightly firing.
        needs_quiet=True,
    ),
)
"""In the order in which they are made."""


def choose(names: Sequence[str]) -> tuple[Break, ...]:
    """The breaks called `names`, in the order of BREAKS; all of them where `names` is empty."""
    return tuple(one for one in BREAKS if not names or one.name in names)
