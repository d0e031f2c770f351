"""What is proven of rules holds on the real servers, whatever alerts are made to show it wrong."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.differential import random_routes
from tests.differential.attacks import TEAM_LABEL, Attacker, Proof, proof
from tests.differential.promtool_alerts import printed_alerts
from tests.differential.random_rules import estate
from tests.differential.test_routing_agrees import ROOT_ONLY, kind_for

from buckstop import servers
from buckstop.document import Emittable, emit
from buckstop.document.versions import major_minor
from buckstop.prometheus.model import AlertingRule
from buckstop.promql.strings import quote
from buckstop.prover.carriers import supplies
from buckstop.prover.model import Verdict
from buckstop.prover.parts import Part

RULES = 20
"""Rules of each estate."""
AGAINST_PROVEN = 14
"""Label sets made of each part of a rule that is proven; of the parts of others, fewer."""
AGAINST_OTHERS = 2
BATCHES = 6
"""Estates that one server is asked about."""
SERIES = 6
"""Of the metric of each rule."""
SEED = 7


@dataclass(frozen=True, slots=True)
class Attack:
    """An alert, and what was said of it: it lies in `part`, or refutes its rule where that is None.

    Attributes:
        verdict: of the rule.
    """

    rule: AlertingRule
    verdict: Verdict
    part: Part | None
    labels: Mapping[str, str]


@dataclass(slots=True)
class Tally:
    """What attacks have shown.

    Attributes:
        attacks: how many there were, by the verdict on the rule.
        faults: of those that showed something wrong.
    """

    attacks: Counter[Verdict] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def judge(self, proof: Proof, attack: Attack, told: tuple[str, ...]) -> None:
        """Count `attack`, whose alert reaches the receivers `told`."""
        self.attacks[attack.verdict] += 1
        fault = None
        if attack.part is not None:
            fault = proof.fault(attack.part, attack.labels, told)
        is_well_owned = proof.is_well_owned(attack.rule, attack.labels, told)
        if attack.verdict is Verdict.PROVEN and not is_well_owned:
            fault = f"proven, but {told} are told"
        if attack.part is None and is_well_owned:
            fault = f"refuted, but {told} are told"
        if fault is not None:
            self.faults.append(
                f"{attack.rule.alert}: {fault}, of {dict(attack.labels)}\n{proof.said}"
            )


def attacks_on(proof: Proof, rng: random.Random) -> Iterator[Attack]:
    """Alerts of every part of every rule, and the witness of each that is refuted."""
    attacker = Attacker(proof, rng)
    for rule in proof.rules:
        answer, parts = proof.answers.answer_and_parts(rule)
        count = AGAINST_PROVEN if answer.verdict is Verdict.PROVEN else AGAINST_OTHERS
        for part in parts:
            for labels in attacker.members(part.region, count):
                yield Attack(rule, answer.verdict, part, labels)
        if answer.witness is not None:
            labels = dict(answer.witness)
            assert any(one.has(labels) for one in proof.answers.whole(rule)), answer
            yield Attack(rule, answer.verdict, None, labels)
        else:
            is_sent = bool(proof.answers.whole(rule))
            assert answer.verdict is not Verdict.REFUTED or not is_sent, answer


def told_by(
    running: servers.Alertmanager, batch: int, routes: str, alerts: Iterable[Mapping[str, str]]
) -> list[tuple[str, ...]]:
    """The receivers that each of `alerts` reaches on `routes`, by the server's own word."""
    labelled = [
        {**labels, "batch": str(batch), "case": str(case)} for case, labels in enumerate(alerts)
    ]
    running.reload(routes)
    running.post_alerts([{"labels": labels} for labels in labelled])
    asked = {"filter": f'batch="{batch}"'}

    def reached() -> dict[str, tuple[str, ...]]:
        answer = running.http.get(f"{running.url}/api/v2/alerts", params=asked)
        return {
            alert["labels"]["case"]: tuple(receiver["name"] for receiver in alert["receivers"])
            for alert in answer.raise_for_status().json()
        }

    told: dict[str, tuple[str, ...]] = {}

    def are_all_held() -> bool:
        told.update(reached())
        return len(told) == len(labelled)

    servers.await_until(are_all_held, 20, "all alerts are held")
    return [told[labels["case"]] for labels in labelled]


def attack(installation: servers.Installation, seed: int, *, proven: int) -> Tally:
    """Attack estates until rules that are proven have withstood so many alerts."""
    rng = random.Random(seed)
    kind = kind_for(installation)
    tally = Tally()
    while tally.attacks[Verdict.PROVEN] < proven:
        # A server looks at all the alerts it holds to answer of some: it gets slower.
        with servers.Alertmanager(installation, ROOT_ONLY) as running:
            for batch in range(BATCHES):
                one = proof(estate(rng, RULES, kind, group_labels=True))
                attacks = list(attacks_on(one, rng))
                alerts = [each.labels for each in attacks]
                told = told_by(running, batch, one.estate.routes, alerts)
                for each, receivers in zip(attacks, told, strict=True):
                    tally.judge(one, each, receivers)
    return tally


def fired(
    installation: servers.Installation, folder: Path, here: Proof, rng: random.Random
) -> list[tuple[AlertingRule, dict[str, str]]]:
    """The alerts that promtool shows of the rules on random series, each after relabelling.

    A rule has none where it fails, as where two of its alerts would have the same labels; one that
    is dropped has no labels.
    """
    external = {} if here.prometheus is None else dict(here.prometheus.external_labels)
    suites: list[Path] = []
    for group, rule in zip(here.estate.groups, here.rules, strict=True):
        metric = str(group["name"])
        (folder / f"{metric}.rules").write_text(emit({"groups": [group]}))
        # Nothing is expected, so that promtool prints what it got.
        asked: Emittable = {"eval_time": "5m", "alertname": rule.alert, "exp_alerts": []}
        test: Emittable = {
            "interval": "1m",
            "external_labels": external,
            "input_series": [
                {"series": f"{metric}{text}", "values": "1+0x10"}
                for text in series(here, rule, rng)
            ],
            "alert_rule_test": [asked],
        }
        suites.append(folder / f"{metric}.yml")
        suites[-1].write_text(emit({"rule_files": [f"{metric}.rules"], "tests": [test]}))
    done = servers.test_rules(installation, suites)
    rules = {rule.alert: rule for rule in here.rules}
    return [(rules[name], here.sent(labels) or {}) for name, labels in printed_alerts(done.output)]


def series(here: Proof, rule: AlertingRule, rng: random.Random) -> Iterator[str]:
    """Labels of series of the metric of `rule`, written as in PromQL, that do not break A1."""
    may_have_team = rule.label(TEAM_LABEL) is not None or supplies(
        rule.expr, TEAM_LABEL, here.answers.carriers
    )
    for number in range(SERIES):
        labels = random_routes.labels(rng) | {"pod": str(number)}
        if not may_have_team:
            labels.pop(TEAM_LABEL, None)
        yield "{" + ",".join(f"{name}={quote(value)}" for name, value in labels.items()) + "}"


def attack_end_to_end(
    installation: servers.Installation, folder: Path, seed: int, *, estates: int
) -> Tally:
    """Let the rules of estates fire, and see whom the alerts reach."""
    rng = random.Random(seed)
    version = major_minor(installation.prometheus_version)
    tally = Tally()
    with servers.Alertmanager(installation, ROOT_ONLY) as running:
        for batch in range(estates):
            generated = estate(rng, RULES, random_routes.PLAIN, group_labels=version >= (3, 0))
            here = proof(generated, rng.choice((version, None)), runs_on=version)
            attacks: list[Attack] = []
            for rule, labels in fired(installation, folder, here, rng):
                answer, parts = here.answers.answer_and_parts(rule)
                inside = [part for part in parts if labels and part.region.has(labels)]
                attacks += (Attack(rule, answer.verdict, part, labels) for part in inside)
                is_foreseen = inside or (
                    not parts if labels else answer.verdict is not Verdict.PROVEN
                )
                if not is_foreseen:
                    tally.faults.append(f"{rule.alert} sends {labels or 'nothing'}\n{here.said}")
            told = told_by(running, batch, generated.routes, [one.labels for one in attacks])
            for one, receivers in zip(attacks, told, strict=True):
                tally.judge(here, one, receivers)
    return tally


@pytest.mark.servers
def test_proofs_withstand_attacks_on_alertmanager(installation: servers.Installation) -> None:
    """No alert that a proven rule can send reaches others than its team on the real server."""
    tally = attack(installation, SEED, proven=600)
    assert not tally.faults, f"seed {SEED}:\n{tally.faults[0]}"
    assert tally.attacks[Verdict.REFUTED] >= 100


@pytest.mark.nightly
@pytest.mark.servers
@pytest.mark.timeout(1_800)
def test_proofs_withstand_many_attacks_on_alertmanager(
    each_installation: servers.Installation,
) -> None:
    """The same with a new seed each night."""
    seed = random.SystemRandom().randrange(2**32)
    tally = attack(each_installation, seed, proven=20_000)
    assert not tally.faults, f"seed {seed}:\n{tally.faults[0]}"


@pytest.mark.servers
def test_alerts_that_fire_reach_whom_the_proof_says(
    debian14: servers.Installation, tmp_path: Path
) -> None:
    """From series to receivers on the real programs alone: each alert goes as was said of it."""
    tally = attack_end_to_end(debian14, tmp_path, SEED, estates=3)
    assert not tally.faults, f"seed {SEED}:\n{tally.faults[0]}"
    assert tally.attacks[Verdict.PROVEN] >= 30


@pytest.mark.nightly
@pytest.mark.servers
@pytest.mark.timeout(1_800)
def test_many_alerts_that_fire_reach_whom_the_proof_says(
    each_installation: servers.Installation, tmp_path: Path
) -> None:
    """The same with a new seed each night."""
    seed = random.SystemRandom().randrange(2**32)
    tally = attack_end_to_end(each_installation, tmp_path, seed, estates=150)
    assert not tally.faults, f"seed {seed}:\n{tally.faults[0]}"
    # About 2,100 of a random seed; far fewer would say that the test itself is broken.
    assert tally.attacks[Verdict.PROVEN] >= 1_500
