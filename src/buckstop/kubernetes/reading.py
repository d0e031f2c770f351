"""Streams of documents in: rules and configurations out, as the plain readers give them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from buckstop.diagnostics import Diagnostic, Span, has_errors
from buckstop.document import Mapping as MappingNode
from buckstop.document import Node
from buckstop.kubernetes.alertmanagers import Routed, put_together
from buckstop.kubernetes.bases import Base
from buckstop.kubernetes.collection import Collection, collect
from buckstop.kubernetes.contents import Shape, shape_of
from buckstop.kubernetes.embedding import Enclosure
from buckstop.kubernetes.objects import Stream
from buckstop.kubernetes.prometheus_servers import (
    other_alertmanager,
    read_server,
    select_rule,
    version_of,
)
from buckstop.kubernetes.rules import read_prometheus_rule, set_apart
from buckstop.prometheus import PrometheusConfig, read_config_node, read_rule_node
from buckstop.prometheus.model import RuleFile


@dataclass(frozen=True, slots=True)
class ReadRules:
    """One rule file or ``PrometheusRule``.

    Attributes:
        said: what it is, for people.
        rule_file: None where it could not be read. One that is refused, or that
            no server selects, has a name of its own.
        findings: about it alone; an error keeps it, and nothing else, from being loaded.
        doubt: why it is not known that a server loads it, or None.
    """

    said: str
    rule_file: RuleFile | None
    findings: tuple[Diagnostic, ...]
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Manifests:
    """What the streams hold.

    Attributes:
        routed: the configuration of each Alertmanager.
        prometheus: that of each Prometheus.
        templates: keys of ConfigMaps and Secrets that hold notification templates.
        ignored: objects by kind that do not concern us.
        unknown: places of documents that are neither objects nor files of the servers.
        names: names of files in places to that of the stream, where they differ; lines agree.
        secrets: where values of Secrets stand that must not be shown.
        enclosures: by the name of the file in places of texts that are quoted or encoded.
        findings: all but those of `rules` and `routed`.
    """

    rules: tuple[ReadRules, ...]
    routed: tuple[Routed, ...]
    prometheus: tuple[PrometheusConfig, ...]
    templates: tuple[str, ...]
    ignored: Counter[str]
    unknown: tuple[Span, ...]
    names: Mapping[str, str]
    secrets: tuple[Span, ...]
    enclosures: Mapping[str, Enclosure]
    findings: tuple[Diagnostic, ...]


def read_manifests(
    streams: Iterable[Stream],
    given: Iterable[Base] = (),
    target: str | None = None,
    prometheus_target: str | None = None,
) -> Manifests:
    """Everything in `streams` that says who is told.

    Args:
        given: configurations of plain files, from which an Alertmanager may start.
        target: the version of Alertmanager that is aimed at; None takes what the objects say.
        prometheus_target: that of Prometheus.
    """
    collection = collect(streams)
    findings = list(collection.findings)
    shaped = [(shape_of(node), file, node) for file, node in collection.plain]
    bases = [
        *given,
        *(
            Base(file, file, node)
            for shape, file, node in shaped
            if shape == "alertmanager" and isinstance(node, MappingNode)
        ),
    ]
    routings = put_together(collection, bases, target)
    findings += routings.findings
    servers = collection.of_kind("Prometheus")
    aimed = prometheus_target or (version_of(servers[0]) if len(servers) == 1 else None)
    rules = _rules(collection, shaped, aimed, findings)
    return Manifests(
        rules=rules,
        routed=routings.routed,
        prometheus=_servers(collection, shaped, prometheus_target, findings),
        templates=tuple(value.said for value in collection.templates),
        ignored=collection.ignored,
        unknown=tuple(node.span for shape, _, node in shaped if shape is None),
        names=collection.names | _names(rules, collection),
        secrets=collection.secrets,
        enclosures={
            content.file: content.enclosure
            for content in collection.contents
            if content.enclosure is not None
        },
        findings=tuple(dict.fromkeys(findings)),
    )


_Shaped = list[tuple[Shape | None, str, Node]]


def _rules(
    collection: Collection, shaped: _Shaped, target: str | None, findings: list[Diagnostic]
) -> tuple[ReadRules, ...]:
    """All rules, in the order: objects, contents of ConfigMaps and Secrets, plain documents."""
    read: list[ReadRules] = []
    elsewhere = other_alertmanager(collection)
    for rule in collection.of_kind("PrometheusRule"):
        selection = select_rule(rule, collection)
        findings += selection.findings
        rule_file, found = read_prometheus_rule(rule, selection.enforced, target)
        if rule_file is not None and (has_errors(found) or selection.doubt is not None):
            rule_file = set_apart(rule_file, f"{rule.file}({rule.said})")
        read.append(ReadRules(rule.said, rule_file, found, selection.doubt or elsewhere))
    for content in collection.contents:
        if content.shape == "rules" and content.node is not None:
            rule_file, found = read_rule_node(content.node, content.file, target)
            read.append(ReadRules(content.value.said, rule_file, found, elsewhere))
    for shape, file, node in shaped:
        if shape == "rules":
            rule_file, found = read_rule_node(node, file, target)
            read.append(ReadRules(file, rule_file, found, elsewhere))
    return tuple(read)


def _names(rules: Iterable[ReadRules], collection: Collection) -> dict[str, str]:
    """The names that objects have of their own: those refused, and those that none selects."""
    apart = {
        f"{rule.file}({rule.said})": rule.file for rule in collection.of_kind("PrometheusRule")
    }
    used = {read.rule_file.file for read in rules if read.rule_file is not None}
    return {name: collection.names.get(file, file) for name, file in apart.items() if name in used}


def _servers(
    collection: Collection, shaped: _Shaped, target: str | None, findings: list[Diagnostic]
) -> tuple[PrometheusConfig, ...]:
    configs: list[PrometheusConfig] = []
    for server in collection.of_kind("Prometheus"):
        config, found = read_server(server, collection, target)
        findings += found
        configs += [] if config is None else [config]
    nodes = [
        (content.node, content.file)
        for content in collection.contents
        if content.shape == "prometheus" and content.node is not None
    ]
    nodes += [(node, file) for shape, file, node in shaped if shape == "prometheus"]
    for node, file in nodes:
        config, found = read_config_node(node, file, target)
        findings += found
        configs += [] if config is None else [config]
    return tuple(configs)
