"""Streams of documents in: rules and configurations out, as the plain readers give them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from buckstop.diagnostics import Diagnostic, Span, has_errors
from buckstop.document import Mapping as MappingNode
from buckstop.document import Node
from buckstop.kubernetes.alertmanagers import Routed, put_together
from buckstop.kubernetes.bases import Base
from buckstop.kubernetes.choosing import (
    Candidate,
    Choice,
    Chosen,
    are_settled,
    choose,
    full_name,
    is_meant,
    other_alertmanager,
)
from buckstop.kubernetes.codes import KUBERNETES_RUN_ELSEWHERE
from buckstop.kubernetes.collection import Collection, collect
from buckstop.kubernetes.contents import Shape, shape_of
from buckstop.kubernetes.embedding import Enclosure
from buckstop.kubernetes.objects import Object, Stream
from buckstop.kubernetes.prometheus_servers import read_server, select_rule, version_of
from buckstop.kubernetes.rules import read_prometheus_rule, set_apart
from buckstop.prometheus import PrometheusConfig, read_config_node, read_rule_node
from buckstop.prometheus.model import RuleFile

MAX_RUNNERS: Final = 5
"""Servers that are named when their rules are left aside."""
_ALL: Final = Choice()


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
        rules: those of the servers that are judged, and those of no server among the files.
        routed: the configuration of each Alertmanager that is judged.
        alertmanagers: all of which one can be chosen.
        prometheus: the configuration of each Prometheus that is judged.
        prometheuses: all of which one can be chosen.
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
    alertmanagers: tuple[Candidate, ...]
    prometheus: tuple[PrometheusConfig, ...]
    prometheuses: tuple[Candidate, ...]
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
    choice: Choice = _ALL,
) -> Manifests:
    """Everything in `streams` that says who is told.

    Args:
        given: configurations of plain files, from which an Alertmanager may start.
        target: the version of Alertmanager that is aimed at; None takes what the objects say.
        prometheus_target: that of Prometheus.
        choice: which server is judged, where there are several.
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
    chosen = choose(collection, choice)
    routings = put_together(collection, bases, target, chosen.alertmanagers, choice.alertmanager)
    findings += routings.findings
    servers = chosen.prometheuses
    aimed = prometheus_target or (version_of(servers[0]) if len(servers) == 1 else None)
    rules = _rules(collection, shaped, aimed, chosen, findings)
    served = tuple(_servers(collection, shaped, prometheus_target, servers, choice.prometheus))
    findings += (found for one in served for found in one.findings)
    return Manifests(
        rules=rules,
        routed=routings.routed,
        alertmanagers=routings.candidates,
        prometheus=tuple(one.config for one in served if one.config is not None),
        prometheuses=tuple(one.candidate for one in served),
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
    collection: Collection,
    shaped: _Shaped,
    target: str | None,
    chosen: Chosen,
    findings: list[Diagnostic],
) -> tuple[ReadRules, ...]:
    """All rules, in the order: objects, contents of ConfigMaps and Secrets, plain documents."""
    read: list[ReadRules] = []
    left: list[tuple[Object, Object]] = []
    elsewhere = other_alertmanager(chosen)
    for rule in collection.of_kind("PrometheusRule"):
        selection = select_rule(rule, collection, chosen.prometheuses)
        if selection.runner is not None:
            left.append((rule, selection.runner))
            continue
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
    findings += _left_aside(left, chosen.prometheuses)
    return tuple(read)


def _names(rules: Iterable[ReadRules], collection: Collection) -> dict[str, str]:
    """The names that objects have of their own: those refused, and those that none selects."""
    apart = {
        f"{rule.file}({rule.said})": rule.file for rule in collection.of_kind("PrometheusRule")
    }
    used = {read.rule_file.file for read in rules if read.rule_file is not None}
    return {name: collection.names.get(file, file) for name, file in apart.items() if name in used}


@dataclass(frozen=True, slots=True)
class _Served:
    """A Prometheus, and what is read of it where it is chosen."""

    candidate: Candidate
    config: PrometheusConfig | None = None
    findings: tuple[Diagnostic, ...] = ()


def _servers(
    collection: Collection,
    shaped: _Shaped,
    target: str | None,
    chosen: tuple[Object, ...],
    name: str | None,
) -> Iterator[_Served]:
    """All that could be judged: Prometheus objects, and every whole ``prometheus.yml``."""
    servers = collection.of_kind("Prometheus")
    for server in servers:
        if server in chosen:
            one = Candidate(server.said, server.place, server, is_chosen=True)
            yield _Served(one, *read_server(server, collection, target))
        else:
            yield _Served(Candidate(server.said, server.place, server, is_chosen=False))
    nodes: list[tuple[Object | None, str, Node, str]] = [
        (content.value.holder, content.value.said, content.node, content.file)
        for content in collection.contents
        if content.shape == "prometheus" and content.node is not None
    ]
    nodes += [(None, file, node, file) for shape, file, node in shaped if shape == "prometheus"]
    is_settled = are_settled(chosen, servers, name)
    for holder, said, node, file in nodes:
        if not is_settled and is_meant(holder, name):
            one = Candidate(said, node.span, holder, is_chosen=True)
            yield _Served(one, *read_config_node(node, file, target))
        else:
            yield _Served(Candidate(said, node.span, holder, is_chosen=False))


def _left_aside(
    left: list[tuple[Object, Object]], judged: tuple[Object, ...]
) -> Iterator[Diagnostic]:
    """Says which rules are run by servers that are not judged, where there are any."""
    if not left:
        return
    runners = list(dict.fromkeys(runner.said for _, runner in left))
    shown = ", ".join(runners[:MAX_RUNNERS]) + (" and others" if runners[MAX_RUNNERS:] else "")
    others = f" and {len(left) - 1:,} more" if len(left) > 1 else ""
    verb = "are" if others else "is"
    by = ", ".join(server.said for server in judged) or "what was chosen"
    first, runner = left[0]
    yield Diagnostic(
        KUBERNETES_RUN_ELSEWHERE,
        f"{first.said}{others} {verb} run by {shown} and not by {by}: not judged",
        first.place,
        hint=f"check them with --prometheus-object {full_name(runner)}",
    )
