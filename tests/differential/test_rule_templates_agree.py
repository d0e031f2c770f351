"""What we say of a template in a rule is what Prometheus makes of it, by ``promtool``."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.differential.random_templates import PROMETHEUS, Grammar

from buckstop.gotemplate import Executes, judge, parsed_version, prometheus_engine
from buckstop.servers import Installation

GO = {"2.42.0": (1, 19), "2.53.3": (1, 24), "3.5.3": (1, 27)}
"""Version of promtool to the Go that Debian built it with."""
SERIES = ('up{a="aa", instance="h:80"}', 'up{a="5"}', "up{}")
EXPRESSIONS = {
    None: "up",
    "an alert without labels": "vector(1)",
    "an alert of the value 0": "vector(0)",
}
"""The name of a verdict's witness to an expression that gives it."""
COMPLAINT = "<error expanding template"


def _rule(name: str, template: str, witness: str | None) -> str:
    expr = EXPRESSIONS[witness]
    text = json.dumps(template)
    return f"  - {{alert: {name}, expr: {expr}, annotations: {{s: {text}}}}}\n"


def _refused(installation: Installation, folder: Path, texts: Mapping[str, str]) -> set[str]:
    """The names of the texts that promtool cannot parse."""
    for name, text in texts.items():
        path = folder / f"{name}.yml"
        path.write_text("groups:\n- name: g\n  rules:\n" + _rule(name, text, None))
    done = subprocess.run(
        [str(installation.promtool), "check", "rules", *(f"{folder}/{name}.yml" for name in texts)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    reports = re.split(r"^Checking \S+/(\w+)\.yml$", done.stdout, flags=re.MULTILINE)[1:]
    assert len(reports) == 2 * len(texts), done.stdout
    pairs = zip(reports[::2], reports[1::2], strict=True)
    return {name for name, report in pairs if "FAILED" in report}


def _failing(
    installation: Installation, folder: Path, texts: Mapping[str, tuple[str, str | None]]
) -> dict[str, tuple[int, int]]:
    """By name, of how many alerts promtool shows, and for how many the template failed."""
    rules = "".join(_rule(name, text, witness) for name, (text, witness) in texts.items())
    (folder / "rules.yml").write_text("groups:\n- name: g\n  rules:\n" + rules)
    # Nothing is expected of any alert, so that promtool prints what it got.
    tests = [{"eval_time": "1m", "alertname": name, "exp_alerts": []} for name in texts]
    series = [{"series": one, "values": f"{number} {number}"} for number, one in enumerate(SERIES)]
    suite = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", "input_series": series, "alert_rule_test": tests}],
    }
    (folder / "suite.yml").write_text(json.dumps(suite))
    done = subprocess.run(
        [str(installation.promtool), "test", "rules", str(folder / "suite.yml")],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    reports = re.split(r"alertname: (\w+), time: ", done.stdout)[1:]
    found = {
        name: (report.count("Annotations:"), report.count(COMPLAINT))
        for name, report in zip(reports[::2], reports[1::2], strict=True)
    }
    assert found.keys() == texts.keys(), done.stdout[:2_000]
    return found


def _disagreements(
    installation: Installation, folder: Path, seed: int, count: int
) -> tuple[list[str], dict[Executes, int]]:
    generator = random.Random(seed)
    version = installation.prometheus_version
    engine = prometheus_engine(parsed_version(version), GO[version])
    grammar = Grammar(generator, PROMETHEUS)
    texts = {f"T{index}": grammar.template() for index in range(count)}
    judged = {name: judge(text, engine) for name, text in texts.items()}
    verdicts: dict[Executes, int] = dict.fromkeys(Executes, 0)
    for one in judged.values():
        verdicts[one.executes] += 1
    refused = _refused(installation, folder, texts)
    found = [
        f"parsing: {texts[name]}\n  ours: {one.reason or 'parses'}; promtool: {name in refused}"
        for name, one in judged.items()
        # A function of which it is open whether the version has it is no fault, and no proof.
        if one.parses == (name in refused) and one.executes is not Executes.NOT_DECIDED
    ]
    run = {
        name: (text, None if (witness := judged[name].witness) is None else witness.name)
        for name, text in texts.items()
        if name not in refused
    }
    for name, (alerts, failed) in _failing(installation, folder, run).items():
        agrees = {
            Executes.ALWAYS: failed == 0,
            Executes.NEVER: failed == alerts,
            Executes.NOT_FOR_ALL: failed > 0,
            Executes.NOT_DECIDED: True,
        }[judged[name].executes]
        if not agrees or not alerts:
            found.append(
                f"executing: {texts[name]}\n  ours: {judged[name].executes} "
                f"{judged[name].reason}; promtool: {failed} of {alerts} fail"
            )
    return found, verdicts


def _assert_agreement(installation: Installation, folder: Path, seed: int, count: int) -> None:
    found, verdicts = _disagreements(installation, folder, seed, count)
    said = ", ".join(f"{number} {verdict}" for verdict, number in verdicts.items())
    print(f"promtool {installation.prometheus_version}, seed {seed}: {count} templates: {said}")
    assert not found, f"seed {seed}\n" + "\n".join(found)


@pytest.mark.servers
def test_generated_rule_templates_expand_as_we_say(
    each_installation: Installation, tmp_path: Path
) -> None:
    """No template that we say executes fails, none that we say fails expands."""
    _assert_agreement(each_installation, tmp_path, random.randrange(10**9), 700)


@pytest.mark.servers
@pytest.mark.nightly
@pytest.mark.timeout(1_800)
def test_many_generated_rule_templates_expand_as_we_say(
    each_installation: Installation, tmp_path: Path
) -> None:
    """The same, ten thousand for each version."""
    seed = random.randrange(10**9)
    for batch in range(10):
        _assert_agreement(each_installation, tmp_path, seed + batch, 1_000)
