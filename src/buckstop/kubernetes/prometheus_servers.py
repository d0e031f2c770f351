"""``Prometheus`` objects: which rules each of them runs, and what it adds to their alerts.

Facts from prometheus-operator, ``pkg/apis/monitoring/v1/prometheus_types.go``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.document import Entry, Mapping, Node, Scalar, Sequence
from buckstop.kubernetes.codes import KUBERNETES_SELECTION_UNDECIDED
from buckstop.kubernetes.collection import Collection
from buckstop.kubernetes.nodes import entry, mapping, text, text_at, value_at
from buckstop.kubernetes.objects import Object, namespace_of
from buckstop.kubernetes.selection import selected, unselected
from buckstop.prometheus import PrometheusConfig, read_config_node
from buckstop.prometheus.versions import parse_version

DEFAULT_INTERVAL: Final = "30s"
"""What the operator writes where an object gives no interval."""
DEFAULT_NAME_LABEL: Final = "prometheus"
"""The external label that names the object, unless ``prometheusExternalLabelName`` does."""
THANOS_RULER: Final = "ThanosRuler"
"""It runs rules too; where one is among the files, no rule is called unselected."""

_RULES: Final = "prometheusrules"
_SELECTOR: Final = "rule"


def read_server(
    server: Object, collection: Collection, target: str | None = None
) -> tuple[PrometheusConfig | None, tuple[Diagnostic, ...]]:
    """The part of a ``prometheus.yml`` that decides about alerts, as the operator writes it.

    Relabelling is read where its Secret is among the files; else only its place is known, and
    that it may change any label.
    """
    spec = server.spec if server.spec is not None else mapping((), server.place)
    settings = [
        entry(to, value_at(spec, key) or text(DEFAULT_INTERVAL, server.place))
        for key, to in (
            ("scrapeInterval", "scrape_interval"),
            ("evaluationInterval", "evaluation_interval"),
        )
    ]
    settings.append(entry("external_labels", _external_labels(server, spec)))
    targets = value_at(spec, "alerting", "alertmanagers")
    added = value_at(spec, "additionalAlertManagerConfigs")
    alerting: list[Entry] = []
    if added is not None or (isinstance(targets, Sequence) and targets.items):
        # What they are is found out from Kubernetes; what is sent to them does not depend on it.
        role = mapping((entry("role", text("endpoints", server.place)),), server.place)
        found = entry("kubernetes_sd_configs", Sequence((role,), server.place))
        group = mapping((found,), server.place)
        alerting.append(entry("alertmanagers", Sequence((group,), server.place)))
    relabelling = value_at(spec, "additionalAlertRelabelConfigs")
    steps = None if relabelling is None else _steps(server, relabelling, collection)
    if steps is not None:
        alerting.append(entry("alert_relabel_configs", steps))
    node = mapping(
        (
            entry("global", mapping(settings, server.place)),
            entry("alerting", mapping(alerting, server.place)),
            entry("rule_files", Sequence((_rule_files(server),), server.place)),
        ),
        server.place,
    )
    config, findings = read_config_node(node, server.file, target or version_of(server))
    if config is not None and relabelling is not None and config.relabelled is None:
        config = replace(config, relabelled=relabelling.span)
    return config, findings


def version_of(server: Object) -> str | None:
    """The version that a Prometheus object asks for; None where none can be read."""
    version = text_at(server.spec, "version").removeprefix("v")
    try:
        parse_version(version or None)
    except ValueError:
        return None
    return version or None


def _steps(server: Object, reference: Node, collection: Collection) -> Node | None:
    """The relabelling that `reference` leads to; None where it is not among the files."""
    wanted = ("Secret", namespace_of(server), text_at(reference, "name"))
    return next(
        (
            content.node
            for content in collection.contents
            if content.shape == "relabelling" and content.is_at(wanted, text_at(reference, "key"))
        ),
        None,
    )


def _rule_files(server: Object) -> Scalar:
    """Where the operator mounts what it selects, under names that it makes."""
    return text(f"/etc/prometheus/rules/prometheus-{server.name}-rulefiles-0/*", server.place)


def _external_labels(server: Object, spec: Mapping) -> Mapping:
    """Its own, and the label that names it; the replica's label is dropped from alerts again."""
    own = value_at(spec, "externalLabels")
    entries = list(own.entries) if isinstance(own, Mapping) else []
    given = value_at(spec, "prometheusExternalLabelName")
    name = given.text if isinstance(given, Scalar) else DEFAULT_NAME_LABEL
    if name and not any(one.key.text == name for one in entries):
        value = text(f"{namespace_of(server)}/{server.name}", server.place)
        entries.append(entry(name, value))
    return mapping(entries, server.place)


@dataclass(frozen=True, slots=True)
class Selection:
    """What becomes of one ``PrometheusRule``.

    Attributes:
        enforced: the label that is put on every rule, or None.
        doubt: why it is not known that any server loads it, or None.
        runner: the server that loads it where none of those that are judged does, or None.
    """

    enforced: Entry | None
    findings: tuple[Diagnostic, ...]
    doubt: str | None = None
    runner: Object | None = None


def select_rule(rule: Object, collection: Collection, judged: tuple[Object, ...]) -> Selection:
    """Who runs `rule`, and the namespace label that is enforced on it; doubts become findings.

    Args:
        judged: the servers whose alerts are looked at.
    """
    servers = collection.of_kind("Prometheus")
    namespaces = collection.of_kind("Namespace")
    findings: list[Diagnostic] = []
    running: list[Object] = []
    for server in judged:
        is_run, doubt = selected(rule, server, _SELECTOR, namespaces)
        if is_run:
            running.append(server)
        if doubt is not None:
            findings.append(doubt)
    if not running:
        for server in servers:
            if server not in judged and selected(rule, server, _SELECTOR, namespaces)[0]:
                return Selection(None, (), runner=server)
    if servers and not running and not collection.ignored[THANOS_RULER]:
        missed = unselected(rule, servers, _SELECTOR)
        return Selection(None, (*findings, missed), f"not decided: {missed.message}")
    labels = {
        "" if _is_exempt(rule, server) else text_at(server.spec, "enforcedNamespaceLabel")
        for server in running
    }
    if len(labels) > 1:
        findings.append(
            Diagnostic(
                KUBERNETES_SELECTION_UNDECIDED,
                f"several Prometheus objects run {rule.said} and differ about "
                "'enforcedNamespaceLabel'; none is taken as enforced",
                rule.place,
            )
        )
    label = labels.pop() if len(labels) == 1 else ""
    if not label:
        return Selection(None, tuple(findings))
    place = rule.place if rule.namespace is None else rule.namespace.span
    return Selection(entry(label, text(namespace_of(rule), place)), tuple(findings))


def _is_exempt(rule: Object, server: Object) -> bool:
    """Whether the server leaves the labels of `rule` alone."""
    own = namespace_of(rule)
    listed = value_at(server.spec, "excludedFromEnforcement")
    for item in listed.items if isinstance(listed, Sequence) else ():
        is_kind = text_at(item, "resource") == _RULES
        if is_kind and text_at(item, "namespace") == own:
            name = text_at(item, "name")
            if name in {"", rule.name}:
                return True
    older = value_at(server.spec, "prometheusRulesExcludedFromEnforce")
    return any(
        text_at(item, "ruleNamespace") == own and text_at(item, "ruleName") == rule.name
        for item in (older.items if isinstance(older, Sequence) else ())
    )
