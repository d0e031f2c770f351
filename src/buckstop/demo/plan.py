"""The demo's own charter, compiled with the real compiler and fitted to this run's addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final

import yaml

from buckstop import charter, compiler, document
from buckstop.compiler.wiring import ALERTMANAGER_TARGET, PROMETHEUS_TARGET
from buckstop.prometheus import format_duration
from buckstop.servers import Installation

CHARTER_FILE: Final = "charter.yaml"
LEDGER_PLACE: Final = "http://127.0.0.1:9890"
PAGERDUTY_PLACE: Final = "http://127.0.0.1:9891"
"""The addresses that the charter names; each run puts its own in their place."""
RULES_FOLDER: Final = "prometheus/rules/"
ALERTMANAGER_FOLDER: Final = "alertmanager/"


class CharterRefused(Exception):  # noqa: N818
    """The demo's own charter did not compile; the text says why. Only a broken install does it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the compiler made of the charter.

    Attributes:
        files: the whole build, relative path to text.
        shortened: what of the charter is shorter than in production, in words.
    """

    files: Mapping[str, str]
    shortened: str

    @property
    def alertmanager(self) -> str:
        """``alertmanager.yml``."""
        return self.files["alertmanager/alertmanager.yml"]

    @property
    def templates(self) -> dict[str, str]:
        """The template files, path beside ``alertmanager.yml`` to text."""
        return self._below(f"{ALERTMANAGER_FOLDER}templates/", ALERTMANAGER_FOLDER)

    @property
    def rules(self) -> dict[str, str]:
        """Rule files, name to text."""
        return self._below(RULES_FOLDER, RULES_FOLDER)

    def _below(self, folder: str, base: str) -> dict[str, str]:
        return {
            path.removeprefix(base): text
            for path, text in self.files.items()
            if path.startswith(folder)
        }

    @property
    def wiring(self) -> str:
        """What ``prometheus.yml`` needs so that the alerts arrive."""
        return self.files["prometheus/prometheus.wiring.yml"]

    def write(self, folder: Path) -> None:
        """Write the build, for the ledger and for whoever wants to look."""
        for path, text in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")


def charter_text() -> str:
    """The demo's charter as it is shipped."""
    folder = resources.files("buckstop.demo") / "charter"
    return (folder / CHARTER_FILE).read_text(encoding="utf-8")


def compile_charter(
    folder: Path,
    installation: Installation,
    *,
    ledger_url: str,
    pagerduty_url: str,
    secrets_folder: Path,
    today: date,
) -> Plan:
    """Write the charter with this run's addresses into `folder`, load it, build it.

    Raises:
        CharterRefused: with every message of the loader and the compiler.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = charter_text()
    for place, url in ((LEDGER_PLACE, ledger_url), (PAGERDUTY_PLACE, pagerduty_url)):
        assert place in text, f"the demo's charter does not name {place}"
        text = text.replace(place, url)
    (folder / CHARTER_FILE).write_text(text, encoding="utf-8")
    loaded, diagnostics, _ = charter.load(folder, today)
    if loaded is None:
        raise CharterRefused("\n".join(f"{one.span}: {one.message}" for one in diagnostics))
    build = compiler.build(
        loaded,
        compiler.Targets(
            alertmanager=_minor(installation.alertmanager_version),
            prometheus=_minor(installation.prometheus_version),
            secrets_folder=str(secrets_folder),
        ),
    )
    return Plan(build.files, shorter_times(loaded))


def shorter_times(loaded: charter.Charter) -> str:
    """The charter's times that matter for the demo's speed, in words."""
    slos = [slo for model in loaded.models for slo in model.slos if slo.for_seconds > 0]
    defaults = loaded.defaults
    return (
        f"for {_span(slo.for_seconds for slo in slos)}, "
        f"rate windows {_span(slo.rate_window_seconds for slo in slos if slo.sli == 'p95')}, "
        f"group_wait {format_duration(defaults.group_wait_seconds)}, "
        f"group_interval {format_duration(defaults.group_interval_seconds)}, "
        f"scrape and evaluation every {format_duration(defaults.scrape_interval_seconds)}; "
        "a production charter waits minutes"
    )


def _span(seconds: Iterable[float]) -> str:
    several = sorted(set(seconds))
    return " to ".join(format_duration(one) for one in dict.fromkeys((several[0], several[-1])))


def prometheus_config(
    wiring: str, *, alertmanager: str, prometheus: str, jobs: Mapping[str, str]
) -> str:
    """``prometheus.yml``: the build's wiring as its header says to complete it.

    This run's Alertmanager and Prometheus stand in place of localhost, and `jobs` (job to target)
    are the model's own. All addresses are ``host:port``.
    """
    config: dict[str, Any] = yaml.safe_load(wiring)
    own = {ALERTMANAGER_TARGET: alertmanager, PROMETHEUS_TARGET: prometheus}
    for entry in [*config["alerting"]["alertmanagers"], *config["scrape_configs"]]:
        for static in entry["static_configs"]:
            static["targets"] = [own.get(target, target) for target in static["targets"]]
    config["scrape_configs"] += [
        {"job_name": job, "static_configs": [{"targets": [target]}]} for job, target in jobs.items()
    ]
    return document.emit(config)


def _minor(version: str) -> str:
    """``2.42.0`` as ``2.42``."""
    return ".".join(version.split(".")[:2])
