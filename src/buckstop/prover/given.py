"""What there is to examine: rules, routes, and what else was said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.diagnostics import Diagnostic
from buckstop.prover.label_environment import LabelEnvironment
from buckstop.prover.model import Property
from buckstop.prover.ownership import Holder
from buckstop.prover.told_times import NO_CLOCK

if TYPE_CHECKING:
    from buckstop.compiler.manifest import Manifest
    from buckstop.prometheus import PrometheusConfig
    from buckstop.prometheus.model import RuleFile
    from buckstop.prover.decided_cases import DecidedCases


@dataclass(frozen=True, slots=True)
class Declared:
    """Who is whose by a file.

    Attributes:
        source: the file's name.
        holders: receiver to role and team.
        is_whole: False where parts of the file could not be read; nothing is proven then, since
            it may say otherwise.
    """

    source: str
    holders: Mapping[str, Holder]
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Given:
    """What there is to examine.

    Attributes:
        load_diagnostics: what reading `config` found; its errors keep Alertmanager from loading.
        team_label: as asked for, or None to find out.
        manifest: of the build that the files come from, or None.
        manifest_source: the manifest's name for people.
        declared: a teams file, or None.
        prometheus: the configuration of the server that runs the rules, or None.
        prometheus_refusal: why Prometheus does not load that configuration, or None.
        refusals: rule file to why Prometheus does not load it, where it does not.
        doubts: rule file to why it is not known that its alerts get to the routes at hand.
        alertmanager: the version of Alertmanager that is aimed at; None: any.
        prometheus_version: that of Prometheus; None: any.
        environment: label to the values that series may have, where a file says so.
        environment_source: that file's name for people.
        cases: the cases that the charter's table decides, or None without a charter.
        since: the day of UTC from which on teams must be told.
        within_seconds: how soon after a breach a team must be told at worst; None: nothing is
            promised.
        promises: what else is promised of every alert, of `NOT_SILENCED` and `NOT_BURIED`.
        templates_source: what has the template files beside it that `config` is taken to have, of
            which a running server tells the names alone; None where they are its own or unknown.
    """

    rule_files: tuple[RuleFile, ...]
    config: AlertmanagerConfig | None
    load_diagnostics: tuple[Diagnostic, ...] = ()
    team_label: str | None = None
    manifest: Manifest | None = None
    manifest_source: str = "accountability.json"
    declared: Declared | None = None
    prometheus: PrometheusConfig | None = None
    prometheus_refusal: str | None = None
    refusals: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)
    alertmanager: str | None = None
    prometheus_version: str | None = None
    environment: LabelEnvironment = field(default_factory=dict)
    environment_source: str = "labels.yaml"
    cases: DecidedCases | None = None
    since: date = NO_CLOCK
    within_seconds: float | None = None
    promises: frozenset[Property] = frozenset()
    templates_source: str | None = None
