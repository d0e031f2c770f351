"""What a build says, and what servers say they have loaded, as what the prover takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from buckstop.alertmanager import read as read_alertmanager
from buckstop.alertmanager import versions as alertmanager_versions
from buckstop.compiler import ManifestError, read_manifest
from buckstop.document.versions import major_minor
from buckstop.ledger.configuration import MANIFEST, ROUTES
from buckstop.loaded import LoadedRoutes, LoadedRules, rule_texts, with_templates_of
from buckstop.prometheus import read_config, read_rules
from buckstop.prometheus import versions as prometheus_versions
from buckstop.prometheus.model import RuleFile
from buckstop.prometheus.versions import dotted
from buckstop.prover.given import Given
from buckstop.prover.rule_loading import refusal_of


class BuildUnreadableError(Exception):
    """The build cannot be read; the message says what of it."""


@dataclass(frozen=True, slots=True)
class BuildTexts:
    """The files of a build that the servers are meant to load, by path relative to its folder."""

    folder: Path
    files: tuple[tuple[str, str], ...]


def read_build_texts(folder: Path) -> BuildTexts:
    """Read them. Raises BuildUnreadableError."""
    paths = [
        folder / MANIFEST,
        folder / ROUTES,
        *sorted((folder / ROUTES).parent.glob("templates/*.tmpl")),
        *sorted((folder / "prometheus" / "rules").glob("*.yml")),
    ]
    try:
        texts = [
            (path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
            for path in paths
        ]
    except (OSError, UnicodeDecodeError) as error:
        raise BuildUnreadableError(f"the build in {folder}: {error}") from error
    return BuildTexts(folder, tuple(texts))


def given_by_build(build: BuildTexts) -> Given:
    """What the build says. Raises BuildUnreadableError."""
    texts = dict(build.files)
    try:
        manifest = read_manifest(texts[MANIFEST])
    except ManifestError as error:
        raise BuildUnreadableError(f"{build.folder / MANIFEST}: {error}") from error
    config, found = read_alertmanager(texts[ROUTES], str(build.folder / ROUTES))
    if config is None:
        raise BuildUnreadableError(f"{build.folder / ROUTES}: no Alertmanager configuration")
    templates = tuple(text for path, text in build.files if path.endswith(".tmpl"))
    rules = (
        (path, text)
        for path, text in build.files
        if path.startswith("prometheus/rules/") and path.endswith(".yml")
    )
    return Given(
        rule_files=tuple(_rules(text, str(build.folder / path))[0] for path, text in rules),
        config=replace(config, template_texts=templates),
        load_diagnostics=found,
        manifest=manifest,
        manifest_source=str(build.folder / MANIFEST),
    )


def given_by_servers(routes: LoadedRoutes, rules: LoadedRules, build: Given) -> Given:
    """What both servers have loaded, with whose is what by the build.

    Raises ValueError where their answers are not of the form that they should have.
    """
    aimed_alertmanager = _supported(routes.version, alertmanager_versions.OLDEST)
    aimed_prometheus = _supported(rules.version, prometheus_versions.OLDEST)
    place = f"{routes.url}/alertmanager.yml"
    config, found = read_alertmanager(routes.text, place, aimed_alertmanager)
    if config is None:
        raise ValueError(f"{place}: no Alertmanager configuration")
    prometheus, said = read_config(rules.text, f"{rules.url}/prometheus.yml", aimed_prometheus)
    rule_files: list[RuleFile] = []
    refusals: dict[str, str] = {}
    for path, text in rule_texts(rules.groups).items():
        file, refusal = _rules(text, f"{rules.url}/{path.lstrip('/')}", aimed_prometheus)
        rule_files.append(file)
        if refusal is not None:
            refusals[file.file] = refusal
    given = replace(
        build,
        rule_files=tuple(rule_files),
        config=replace(config, is_shown=True),
        load_diagnostics=found,
        prometheus=prometheus,
        prometheus_refusal=refusal_of(said, "its configuration"),
        refusals=refusals,
        alertmanager=aimed_alertmanager,
        prometheus_version=aimed_prometheus,
    )
    return with_templates_of(given, build)


def _rules(text: str, name: str, version: str | None = None) -> tuple[RuleFile, str | None]:
    file, found = read_rules(text, name, version)
    return file or RuleFile(name, ()), refusal_of(found)


def _supported(version: str | None, oldest: tuple[int, ...]) -> str | None:
    return None if version is None else dotted(max(major_minor(version), oldest))
