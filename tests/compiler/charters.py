"""Charters for the compiler's tests: the shortest text around what a test is about."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from buckstop.charter import Charter, read
from buckstop.compiler import Build, Targets, build

TODAY = date(2026, 1, 1)
PROJECT = Path(__file__).parents[2]
FULL = PROJECT / "tests" / "golden" / "full"
ARTICLE = PROJECT / "examples" / "article"

TEAMS = """
teams:
  infra_sre: {notify: {default: [{webhook: {url: "http://127.0.0.1:1/infra_sre"}}]}}
  data_mlops: {notify: {default: [{webhook: {url: "http://127.0.0.1:1/data_mlops"}}]}}
  default_ops: {notify: {default: [{webhook: {url: "http://127.0.0.1:1/default_ops"}}]}}
accountability:
  - {when: {fault: [latency, availability, traffic]}, accountable: infra_sre}
  - {when: {fault: drift}, accountable: data_mlops}
  - {otherwise: true, accountable: default_ops}
"""


def charter_of(text: str) -> Charter:
    """The charter that `text` is; it must be free of errors."""
    charter, found = read({"charter.yaml": text}, TODAY)
    assert charter is not None, found
    return charter


def charter_with(*slos: str, more: str = "", model: str = "") -> Charter:
    """A charter of one model ``m`` with `slos`, each as a line of YAML without braces."""
    listed = "".join(f"\n      - {{{slo}}}" for slo in slos)
    return charter_of(f"{TEAMS}{more}\nmodels:\n  m:\n    {model}\n    slos:{listed}\n")


def built(charter: Charter, targets: Targets | None = None) -> Build:
    """The build of `charter`, which must be without errors."""
    made = build(charter, targets or Targets())
    assert made.files, made.diagnostics
    return made


def write(made: Build, folder: Path) -> Path:
    """Write a build's files as they are; returns `folder`."""
    for path, text in made.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def rules_of(made: Build, model: str = "m") -> list[dict[str, Any]]:
    """The rules of a model's file."""
    groups = yaml.safe_load(made.files[f"prometheus/rules/{model}.yml"])["groups"]
    return [rule for group in groups for rule in group["rules"]]


def alert_of(made: Build, name: str, model: str = "m", **labels: str) -> dict[str, Any]:
    """The one alerting rule called `name` with `labels`."""
    found = [
        rule
        for rule in rules_of(made, model)
        if rule.get("alert") == name and labels.items() <= rule["labels"].items()
    ]
    assert len(found) == 1, f"{len(found)} rules called {name} with {labels}"
    return found[0]


def alertmanager_of(made: Build) -> dict[str, Any]:
    """The built ``alertmanager.yml`` as data."""
    config: dict[str, Any] = yaml.safe_load(made.files["alertmanager/alertmanager.yml"])
    return config
