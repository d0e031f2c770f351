"""What built rules do over time, told by promtool on series that the compiler did not choose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.compiler.charters import built, charter_with, rules_of, write

from buckstop import servers
from buckstop.charter import Charter

pytestmark = pytest.mark.servers

AUC = 'sli: auc, objective: ">= 0.85", severity: critical, for: 5m'
KS = 'sli: ks, feature: f, objective: "<= 0.3", severity: critical, for: 5m'
FINE_KS = 'sli: ks, feature: f, objective: "<= 0.1", severity: critical, for: 5m'
OWN = 'sli: ks, feature: f, metric: ks_score, objective: "<= 0.3", severity: critical, for: 5m'
P95 = 'sli: p95, objective: "<= 500ms", severity: critical, for: 5m'


class Asked:
    """A promtool test of the rules of a charter's model ``m``."""

    def __init__(
        self, charter: Charter, inputs: dict[str, str], *, every: str = "1m", sample: str = "30s"
    ) -> None:
        self._made = built(charter)
        self._inputs = inputs
        self._every = every
        self._sample = sample

    def firing(
        self, installation: servers.Installation, folder: Path, at: Sequence[str]
    ) -> list[list[str]]:
        """Names of the firing alerts at each of `at`, found by what promtool says it got."""
        write(self._made, folder)
        names = sorted({rule["alert"] for rule in rules_of(self._made) if "alert" in rule})
        test: dict[str, Any] = {
            "interval": self._sample,
            "input_series": [
                {"series": series, "values": values} for series, values in self._inputs.items()
            ],
            "promql_expr_test": [
                {
                    "expr": f'count(ALERTS{{alertstate="firing",alertname="{name}"}}) or vector(0)',
                    "eval_time": time,
                    "exp_samples": [{"value": -1}],
                }
                for time in at
                for name in names
            ],
        }
        path = folder / "asked.yml"
        content = {"rule_files": ["prometheus/rules/m.yml"], "evaluation_interval": self._every}
        path.write_text(yaml.safe_dump({**content, "tests": [test]}))
        output = servers.test_rules(installation, [path]).output
        got = [line.split() for line in output.splitlines() if line.strip().startswith("got: {}")]
        counts = [float(line[-1]) for line in got]
        assert len(counts) == len(at) * len(names), output
        by_time = [counts[i : i + len(names)] for i in range(0, len(counts), len(names))]
        assert max(counts) <= 1, "one alert, however many pods there are"
        return [[name for name, count in zip(names, one, strict=True) if count] for one in by_time]


def evaluated(sli: str, *, labels: str = "", fresh: bool = True, **values: str) -> dict[str, str]:
    """The series of one evaluation of the model ``m``; fresh ones succeeded at every sample."""
    chosen = f'{{model="m",sli="{sli}"{labels}}}'
    found = {f"buckstop_sli_{name}{chosen}": text for name, text in values.items()}
    if fresh:
        found[f"buckstop_sli_last_success_timestamp_seconds{chosen}"] = "0+30x4000"
        found[f"buckstop_sli_interval_seconds{chosen}"] = "3600x4000"
    return found


FEATURE = ',feature="f"'


@pytest.mark.parametrize(
    ("slo", "inputs", "firing"),
    [
        pytest.param(
            KS,
            evaluated(
                "ks", labels=FEATURE, value="0.35x99", samples="30x99", reference_samples="1000x99"
            ),
            ["ModelSliTooFewSamples"],
            id="a distance of 0.35 of 30 rows is chance",
        ),
        pytest.param(
            FINE_KS,
            evaluated(
                "ks", labels=FEATURE, value="0.15x99", samples="300x99", reference_samples="300x99"
            ),
            ["ModelSliTooFewSamples"],
            id="below the noise of 300 rows against 300 nothing is judged, and that is said",
        ),
        pytest.param(
            FINE_KS,
            evaluated(
                "ks", labels=FEATURE, value="0.17x99", samples="300x99", reference_samples="300x99"
            ),
            ["ModelDriftHigh", "ModelSliTooFewSamples"],
            id="above the noise a breach is a breach",
        ),
        pytest.param(
            OWN,
            {'ks_score{model="m",feature="f",pod="a"}': "0.35x99"},
            ["ModelDriftHigh"],
            id="one's own metric without companions is judged as it is",
        ),
        pytest.param(
            OWN,
            {'ks_score{model="other",feature="f"}': "0.35x99"},
            ["ModelSliMissing"],
            id="another model's metric is not this one's",
        ),
        pytest.param(
            AUC,
            evaluated("auc", value=" ".join(["NaN"] * 99), labelled="900x99"),
            ["ModelSliMissing"],
            id="NaN is no number",
        ),
        pytest.param(
            AUC,
            evaluated("auc", value="0.5x99", fresh=False),
            ["ModelAucLow", "ModelSliMissing"],
            id="a number that says nothing of itself",
        ),
        pytest.param(
            AUC,
            evaluated("auc", value="0.5x99", labelled="900x99", fresh=False)
            | {'buckstop_sli_last_success_timestamp_seconds{model="m",sli="auc"}': "-90000x99"},
            ["ModelSliStale"],
            id="without an interval an evaluation is good for a day",
        ),
        pytest.param(
            AUC,
            evaluated("auc", labels=',pod="a"', value="0.9x99", labelled="900x99")
            | evaluated("auc", labels=',pod="b"', value="0.8x99", labelled="900x99"),
            ["ModelAucLow"],
            id="of two exporters the worse counts, as one alert",
        ),
    ],
)
def test_number_is_judged_or_its_team_is_told_why_not(
    slo: str,
    inputs: dict[str, str],
    firing: list[str],
    debian12: servers.Installation,
    tmp_path: Path,
) -> None:
    """A breach is silent only while another alert of the same team says what is in the way."""
    asked = Asked(charter_with(slo), inputs)
    assert asked.firing(debian12, tmp_path, ["20m"]) == [firing]


def test_vanished_quality_series_do_not_resolve_in_silence(
    debian12: servers.Installation, tmp_path: Path
) -> None:
    """When a breached number disappears, its alert gives way to one that says so."""
    inputs = evaluated("auc", value="0.5x60 stale", labelled="900x60 stale")
    at = Asked(charter_with(AUC), inputs).firing(debian12, tmp_path, ["20m", "45m"])
    assert at == [["ModelAucLow"], ["ModelSliMissing"]]


def test_outage_of_a_day_stays_an_outage(debian12: servers.Installation, tmp_path: Path) -> None:
    """Traffic that vanished is still missed a day later: what was usual is held."""
    requests = 'model_inference_requests_total{model="m",code="200",pod="a"}'
    asked = Asked(
        charter_with(P95, more="defaults: {scrape_interval: 60s, evaluation_interval: 60s}"),
        {requests: "0+60x240 14400x2000"},
        every="2m",
        sample="1m",
    )
    at = asked.firing(debian12, tmp_path, ["3h", "4h20m", "6h", "28h"])
    vanished = ["ModelTrafficVanished" in names for names in at]
    assert vanished == [False, True, True, True]


def test_model_that_rests_at_night_wakes_nobody(
    debian12: servers.Installation, tmp_path: Path
) -> None:
    """Nightly silence is usual once a night has been seen."""
    requests = 'model_inference_requests_total{model="m",code="200"}'
    asked = Asked(
        charter_with(P95, more="defaults: {scrape_interval: 60s, evaluation_interval: 60s}"),
        {requests: "0+60x960 57600x479 57600+60x960 115200x479"},
        every="4m",
        sample="1m",
    )
    at = asked.firing(debian12, tmp_path, ["20h", "44h"])
    assert ["ModelTrafficVanished" in names for names in at] == [True, False]


def test_one_pod_of_two_down_is_not_the_model_down(
    debian12: servers.Installation, tmp_path: Path
) -> None:
    """The model is down when no target of its job answers, or when there is none."""
    charter = charter_with(P95, model="serving: {job: j}")
    partly = Asked(
        charter, {'up{job="j",instance="a"}': "0x99", 'up{job="j",instance="b"}': "1x99"}
    )
    wholly = Asked(charter, {'up{job="j",instance="a"}': "0x99", 'up{job="k"}': "1x99"})
    assert "ModelDown" not in partly.firing(debian12, tmp_path, ["20m"])[0]
    assert "ModelDown" in wholly.firing(debian12, tmp_path, ["20m"])[0]


def histogram(**pods: dict[str, int]) -> dict[str, str]:
    """A histogram, and as many requests: for each pod how much its buckets rise every 30 s."""
    found: dict[str, str] = {}
    for pod, buckets in pods.items():
        labels = f'model="m",pod="{pod}"'
        name = "model_inference_latency_seconds"
        for le, rise in buckets.items():
            found[f'{name}_bucket{{{labels},le="{le}"}}'] = f"0+{rise}x99"
        most = max(buckets.values())
        found[f"{name}_count{{{labels}}}"] = f"0+{most}x99"
        found[f'model_inference_requests_total{{{labels},code="200"}}'] = f"0+{most}x99"
    return found


@pytest.mark.parametrize(
    ("pods", "fires"),
    [
        pytest.param(
            {"a": {"0.5": 50, "1": 50, "+Inf": 50}, "b": {"0.5": 10, "1": 50, "+Inf": 50}},
            True,
            id="pods are added before a quantile is taken",
        ),
        pytest.param(
            {"a": {"0.25": 80, "0.5": 94, "+Inf": 100}}, True, id="the buckets end at the objective"
        ),
        pytest.param(
            {"a": {"0.25": 80, "0.5": 96, "+Inf": 100}}, False, id="fewer than 5 % lie beyond them"
        ),
        pytest.param(
            {"a": {"0.1": 80, "0.4": 94, "+Inf": 100}}, True, id="the buckets end below it"
        ),
        pytest.param(
            {"a": {"0.1": 0, "0.4": 100, "+Inf": 100}}, False, id="all lie in the highest bucket"
        ),
        pytest.param(
            {"a": {"0.5": 45, "+Inf": 50}, "b": {"0.50": 45, "+Inf": 50}},
            True,
            id="two libraries spell one bound differently, and a tenth lies beyond",
        ),
        pytest.param(
            {"a": {"0.5": 49, "+Inf": 50}, "b": {"5e-1": 49, "inf": 0, "+Inf": 50}},
            False,
            id="two libraries spell one bound differently, and few lie beyond",
        ),
        pytest.param(
            {"a": {"0.5": 94, "+Inf": 100}, "b": {"0.5": 100, "1": 100, "+Inf": 100}},
            False,
            id="one pod knows more buckets, and of all answers few are slow",
        ),
        pytest.param(
            {"a": {"0": 100, "0.5": 100, "+Inf": 100}}, False, id="no answer takes any time"
        ),
        pytest.param({"a": {"0.5": 0, "+Inf": 9}}, False, id="all are slow, but they are few"),
    ],
)
def test_latency_breaches_whatever_buckets_the_server_has(
    pods: dict[str, dict[str, int]],
    fires: bool,  # noqa: FBT001 - a column of the table above
    debian12: servers.Installation,
    tmp_path: Path,
) -> None:
    """A p95 that no bucket can show is noticed too, however the buckets' bounds are spelt."""
    asked = Asked(charter_with(P95), histogram(**pods))
    assert asked.firing(debian12, tmp_path, ["20m"]) == [["ModelLatencyHigh"] * fires]


@pytest.mark.parametrize(
    "buckets", [{}, {"+Inf": 100}, {"0.5": 100}], ids=["none", "one", "no last one"]
)
def test_latency_without_usable_buckets_is_missing(
    buckets: dict[str, int], debian12: servers.Installation, tmp_path: Path
) -> None:
    """A summary, or a histogram of which no quantile can be had, is no silent success."""
    counted = {
        'model_inference_latency_seconds_count{model="m"}': "0+100x99",
        'model_inference_requests_total{model="m",code="200"}': "0+100x99",
    }
    asked = Asked(charter_with(P95), histogram(a=buckets) if buckets else counted)
    assert asked.firing(debian12, tmp_path, ["20m"]) == [["ModelSliMissing"]]


def test_latency_beyond_the_buckets_says_more_than_the_highest(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """The page does not say that 500 ms break an objective of at most 500 ms; in every release."""
    made = built(charter_with(P95, P95.replace("<= 500ms", "< 2s") + ", name: whole"))
    write(made, tmp_path)
    asked = {
        "rule_files": ["prometheus/rules/m.yml"],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "30s",
                "input_series": [
                    {"series": series, "values": values}
                    for series, values in histogram(a={"0.5": 50, "+Inf": 100}).items()
                ],
                "alert_rule_test": [{"eval_time": "20m", "alertname": "ModelLatencyHigh"}],
            }
        ],
    }
    (tmp_path / "asked.yml").write_text(yaml.safe_dump(asked))
    said = servers.test_rules(each_installation, [tmp_path / "asked.yml"]).output
    assert "m: p95 latency is more than 500ms (the highest bucket), objective <= 500ms" in said
    assert "m: p95 latency is more than 500ms (the highest bucket), objective < 2s" in said


def test_an_expression_with_a_comment_and_placeholders_is_judged(
    installation: servers.Installation, tmp_path: Path
) -> None:
    """promtool loads the rules, and the number is the model's own."""
    own = (
        'name: own, fault: quality, objective: "<= 3", severity: minor, for: 5m, '
        """expr: 'foo{model="$model"} # per minute'"""
    )
    asked = Asked(charter_with(own), {'foo{model="m"}': "5x99", 'foo{model="n"}': "1x99"})
    assert asked.firing(installation, tmp_path, ["30m"]) == [["ModelObjectiveBreached"]]
