"""From the files that were found to what the prover takes: each read once, all findings kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from buckstop import prometheus as prometheus_files
from buckstop.alertmanager import read as read_alertmanager
from buckstop.cli.compiled import Compiled, compiled_charter
from buckstop.cli.excerpts import secrets_in, without_secrets, without_values
from buckstop.cli.input_kinds import InputFile
from buckstop.cli.inputs import Inputs
from buckstop.cli.main import CommandFailed
from buckstop.cli.manifests import Objects, check_something, read_objects
from buckstop.cli.rule_globs import empty_globs
from buckstop.cli.said_files import read_declared, read_environment
from buckstop.cli.stale_builds import stale_builds
from buckstop.cli.target import Aimed
from buckstop.cli.template_files import read_templates
from buckstop.diagnostics import Diagnostic
from buckstop.document.codes import UNOPENED
from buckstop.prover.given import Declared, Given
from buckstop.prover.label_environment import LabelEnvironment
from buckstop.prover.rule_loading import refusal_of

if TYPE_CHECKING:
    from buckstop.compiler.manifest import Manifest
    from buckstop.prometheus import PrometheusConfig
    from buckstop.prometheus.model import RuleFile
    from buckstop.prover.decided_cases import DecidedCases

_ANY: Final = Aimed()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read.

    Attributes:
        given: rules and routes to examine; None where neither was found.
        compiled: None without a charter, and where it has errors.
        sources: text by file name, for excerpts.
        hashes: path and SHA-256 of every input.
        unusable: whether a file that was asked for could not be read at all.
        objects: what Kubernetes manifests and standard input hold, or None without any.
        judged: the charter's alerts, by rule file in a build and name, whose rules stand in the
            files of a build that is examined; those files answer in the charter's place.
        secrets: values in the files that no finding may repeat.
    """

    given: Given | None
    compiled: Compiled | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]
    hashes: tuple[tuple[str, str], ...]
    unusable: bool
    objects: Objects | None = None
    judged: frozenset[tuple[str, str]] = frozenset()
    secrets: frozenset[str] = frozenset()

    def with_generated(self, bare: Given) -> Given | None:
        """Rules and routes, those included that a charter compiles to.

        Where there is an alertmanager.yml beside a charter, its routes are the ones that count.

        Args:
            bare: what is asked for where nothing but a charter was read.
        """
        given, compiled = self.given, self.compiled
        if compiled is None or (given is not None and given.config not in (None, compiled.routes)):
            return given
        return compiled.given(compiled.rule_files(), given or bare)


def read_inputs(
    inputs: Inputs,
    *,
    team_label: str | None,
    teams: Path | None,
    today: date,
    labels: Path | None = None,
    aimed: Aimed = _ANY,
) -> Reading:
    """Read everything that `inputs` names.

    Args:
        team_label: as asked for, or None to find out.
        teams: a file that says which receiver is whose, or None.
        today: for the rows of a charter that hold from or until a day, and for when teams are told.
        labels: a file that says which values labels have on the series, or None.
        aimed: the versions that are to load the files.

    Raises:
        CommandFailed: a manifest, a teams file or a label environment cannot be used.
    """
    found: list[Diagnostic] = [*inputs.unread, *inputs.findings]
    sources = {
        file.display: file.text if file.kind == "rules" else without_secrets(file.text)
        for file in inputs.files
    }
    hashes = [(file.display, file.sha256) for file in inputs.files]
    compiled = None
    is_charter_there = True
    if inputs.charter is not None:
        # Only a charter needs its libraries; hand-written files are answered without them.
        from buckstop.charter import load as load_charter
        from buckstop.charter.codes import CHARTER_NOT_FOUND

        loaded = load_charter(inputs.charter, today)
        found += loaded.diagnostics
        is_charter_there = all(one.code is not CHARTER_NOT_FOUND for one in found)
        sources.update(loaded.sources)
        if loaded.charter is not None:
            root = inputs.charter if inputs.charter.is_dir() else inputs.charter.parent
            hashes += [
                ((root / file.path).as_posix(), file.sha256) for file in loaded.charter.files
            ]
            for manifest in stale_builds(inputs, loaded.charter.digest, found):
                sources[manifest.display] = manifest.text
            compiled = compiled_charter(loaded.charter, root, aimed, found)
    objects = read_objects(inputs, aimed, found)
    if objects is not None:
        check_something(inputs, objects, found)
        sources.update(objects.sources)
    given = _given(
        inputs,
        compiled,
        _Asked(
            team_label,
            read_declared(teams, found, sources),
            read_environment(labels, found, sources),
            str(labels),
            today,
            aimed,
        ),
        found,
        hashes,
        objects=objects,
    )
    secrets = secrets_of(inputs, objects)
    return Reading(
        given=given,
        compiled=compiled,
        diagnostics=tuple(without_values(one, secrets) for one in found),
        sources=sources,
        hashes=tuple(hashes),
        unusable=bool(inputs.unread)
        or not is_charter_there
        or any(one.code in UNOPENED for one in found),
        objects=objects,
        judged=_judged(inputs.manifest, compiled, given),
        secrets=secrets,
    )


def secrets_of(inputs: Inputs, objects: Objects | None) -> frozenset[str]:
    """The values in `inputs` and `objects` that no finding may repeat."""
    texts = [file.text for file in inputs.files if file.kind != "rules"]
    if objects is not None:
        texts += [enclosure.text for enclosure in objects.manifests.enclosures.values()]
    return frozenset(secret for text in texts for secret in secrets_in(text))


def _judged(
    manifest: InputFile | None, compiled: Compiled | None, given: Given | None
) -> frozenset[tuple[str, str]]:
    if manifest is None or compiled is None or given is None:
        return frozenset()
    there = {
        (os.path.realpath(file.file), rule.alert)
        for file in given.rule_files
        for rule in file.alerts
    }
    folder = os.path.realpath(manifest.path.parent)
    alerts = {(one.rule_file, one.alert) for one in compiled.build.manifest.alerts}
    return frozenset(
        (file, alert)
        for file, alert in alerts
        if (os.path.join(folder, file), alert) in there  # noqa: PTH118
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the user says beside the files."""

    team_label: str | None
    declared: Declared | None
    environment: LabelEnvironment
    environment_source: str
    today: date
    aimed: Aimed


def _given(
    inputs: Inputs,
    compiled: Compiled | None,
    asked: _Asked,
    found: list[Diagnostic],
    hashes: list[tuple[str, str]],
    *,
    objects: Objects | None,
) -> Given | None:
    prometheus, prometheus_refusal = _prometheus(inputs, asked.aimed.prometheus, found)
    if not inputs.rules and inputs.alertmanager is None and objects is None:
        return None
    # An alertmanager.yml beside manifests may be only what an Alertmanager object starts from.
    are_routes_put_together = objects is not None and objects.routed is not None
    config = None
    load_diagnostics: tuple[Diagnostic, ...] = ()
    if inputs.alertmanager is not None and not are_routes_put_together:
        config, load_diagnostics = read_alertmanager(
            inputs.alertmanager.data, inputs.alertmanager.display, asked.aimed.alertmanager
        )
        found += load_diagnostics
        if config is not None:
            is_loaded = inputs.alertmanager.is_loaded
            config = replace(config, is_shown=is_loaded)
            folder = inputs.alertmanager.path.parent
            templates = None if is_loaded else read_templates(config, folder)
            if templates is not None:
                config = replace(config, template_texts=tuple(one.text for one in templates))
                hashes += [(one.display, one.sha256) for one in templates]
    rule_files, refusals = _rule_files(inputs, asked.aimed.prometheus, found)
    given = Given(
        rule_files=rule_files,
        config=config,
        load_diagnostics=load_diagnostics,
        team_label=asked.team_label,
        declared=asked.declared,
        prometheus=prometheus,
        prometheus_refusal=prometheus_refusal,
        refusals=refusals,
        alertmanager=asked.aimed.alertmanager,
        prometheus_version=asked.aimed.prometheus,
        environment=asked.environment,
        environment_source=asked.environment_source,
        since=asked.today,
        cases=None if compiled is None else _decided_cases(compiled),
    )
    if objects is not None:
        given = objects.add_to(given, found)
    if inputs.manifest is not None:
        return replace(
            given,
            manifest=_manifest(inputs.manifest.text, inputs.manifest.display),
            manifest_source=inputs.manifest.display,
        )
    if inputs.alertmanager is None and not are_routes_put_together and compiled is not None:
        # The charter's `alerts:` say who answers for rules that it does not generate.
        return replace(
            given,
            config=compiled.routes,
            manifest=compiled.build.manifest,
            manifest_source="the charter",
        )
    return given


def _rule_files(
    inputs: Inputs, version: str | None, found: list[Diagnostic]
) -> tuple[tuple[RuleFile, ...], dict[str, str]]:
    """The rule files, and by name why Prometheus does not load those that it refuses."""
    files: list[RuleFile] = []
    refusals: dict[str, str] = {}
    for file in inputs.rules:
        rule_file, diagnostics = prometheus_files.read_rules(file.data, file.display, version)
        found += diagnostics
        if rule_file is not None:
            files.append(rule_file)
        refusal = refusal_of(diagnostics)
        if refusal is not None:
            refusals[file.display] = refusal
    return tuple(files), refusals


def _prometheus(
    inputs: Inputs, version: str | None, found: list[Diagnostic]
) -> tuple[PrometheusConfig | None, str | None]:
    """The server's configuration, and why the server does not load it, where it does not."""
    file = inputs.prometheus
    if file is None:
        return None, None
    config, diagnostics = prometheus_files.read_config(file.data, file.display, version)
    found += diagnostics
    if config is not None and not file.is_loaded:
        found += empty_globs(config, file.path.parent)
    return config, refusal_of(diagnostics, file.display)


def _decided_cases(compiled: Compiled) -> DecidedCases:
    from buckstop.prover.decided_cases import DecidedCases

    return DecidedCases(compiled.charter)


def _manifest(text: str, display: str) -> Manifest:
    from buckstop.compiler import ManifestError, read_manifest

    try:
        return read_manifest(text)
    except ManifestError as error:
        raise CommandFailed(f"{display}: {error}") from error
