"""``Alertmanager`` objects: which configuration each of them runs, as the operator makes it.

Facts from prometheus-operator, ``pkg/alertmanager/operator.go`` and ``amcfg.go``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from buckstop.alertmanager import read_node
from buckstop.alertmanager.codes import FIELD_TOO_NEW, SLACK_URL_MISSING
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.alertmanager.versions import parse_version
from buckstop.diagnostics import Diagnostic, Level, Span
from buckstop.document import Mapping, Sequence
from buckstop.kubernetes.alertmanager_config import Converted, convert
from buckstop.kubernetes.codes import (
    KUBERNETES_BASE_UNSEEN,
    KUBERNETES_OBJECT_INVALID,
    KUBERNETES_SELECTION_UNDECIDED,
    KUBERNETES_UNSELECTED,
)
from buckstop.kubernetes.collection import Collection, namespace_finding, namespace_of
from buckstop.kubernetes.contacts import ReceiverWriter
from buckstop.kubernetes.contents import Content
from buckstop.kubernetes.global_section import write_global
from buckstop.kubernetes.merging import alone, merge, nobody_at
from buckstop.kubernetes.nodes import entry, mapping, text_at, value_at, with_items
from buckstop.kubernetes.objects import Object
from buckstop.kubernetes.references import References
from buckstop.kubernetes.selection import selects, selects_namespace

CONFIG_KEY: Final = "alertmanager.yaml"
PACKED_KEY: Final = "alertmanager.yaml.gz"
"""Under this key the operator writes what it has put together."""
UNCONFINED: Final = "None"
UNCONFINED_AT_HOME: Final = "OnNamespaceExceptForAlertmanagerNamespace"

_ACCEPTED: Final = frozenset({SLACK_URL_MISSING, FIELD_TOO_NEW})
"""Faults that the operator does not look for, or mends: no reason to leave an object out."""


@dataclass(frozen=True, slots=True)
class Routed:
    """One whole configuration.

    Attributes:
        said: whose it is, for people.
        file: the name by which it is known.
        node: the tree of the ``alertmanager.yml``.
        version: of the Alertmanager that runs it, where the files say so.
        config: None where it could not be read.
        findings: what reading it found; its errors keep Alertmanager from loading it.
    """

    said: str
    file: str
    node: Mapping
    version: str | None
    config: AlertmanagerConfig | None
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """A configuration that stands in the files, alone or in a Secret or a ConfigMap.

    Attributes:
        content: where it is that of a Secret or a ConfigMap.
    """

    said: str
    file: str
    node: Mapping
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class Routings:
    """Every configuration that the files make up, and what is to be said beside them."""

    routed: tuple[Routed, ...]
    findings: tuple[Diagnostic, ...]


def put_together(collection: Collection, given: Iterable[Base], target: str | None) -> Routings:
    """The configuration of every Alertmanager among the files.

    Args:
        given: configurations that stand alone: a base for an Alertmanager whose Secret is not
            among the files.
        target: the version to read for; None takes that of the Alertmanager object.
    """
    work = _Work(collection, [*given, *_bases(collection)], target, [], [], set())
    servers = collection.of_kind("Alertmanager")
    configs = collection.of_kind("AlertmanagerConfig")
    work.findings += [found for one in configs if (found := namespace_finding(one)) is not None]
    for server in servers:
        work.serve(server, configs)
    if not servers:
        work.serve_unnamed(configs)
    for base in work.bases:
        if id(base) not in work.used and not _is_generated(base):
            work.read(base.said, base.file, base.node, None)
    return Routings(tuple(work.routed), tuple(dict.fromkeys(work.findings)))


def _bases(collection: Collection) -> list[Base]:
    return [
        Base(content.value.said, content.file, content.node, content)
        for content in collection.contents
        if content.shape == "alertmanager" and isinstance(content.node, Mapping)
    ]


def _is_generated(base: Base) -> bool:
    return base.content is not None and base.content.value.key == PACKED_KEY


@dataclass(slots=True)
class _Work:
    """Configurations as they are put together.

    Attributes:
        used: the identities of the bases that an Alertmanager starts from.
    """

    collection: Collection
    bases: list[Base]
    target: str | None
    routed: list[Routed]
    findings: list[Diagnostic]
    used: set[int]

    def serve(self, server: Object, configs: tuple[Object, ...]) -> None:
        """The configuration of one Alertmanager object."""
        version = _version(server)
        base = self._base_of(server, configs)
        chosen = self._chosen(server, configs)
        if base is None:
            # Without what it starts from nothing is routed, but each object can be judged alone.
            for config in chosen:
                self._accepted(config, server, None, version)
            return
        self.used.add(id(base))
        self._merge(server, server.said, base, chosen, version)

    def serve_unnamed(self, configs: tuple[Object, ...]) -> None:
        """Objects without an Alertmanager among the files: taken as selected by the only one."""
        if not configs:
            return
        bases = [base for base in self.bases if not _is_generated(base)]
        self.findings.append(
            Diagnostic(
                KUBERNETES_SELECTION_UNDECIDED,
                "no Alertmanager object is among the files: every AlertmanagerConfig is taken as "
                "selected, for alerts of its own namespace",
                configs[0].place,
                hint="give the Alertmanager object as well",
            )
        )
        if len(bases) != 1:
            if not bases:
                self.findings.append(_unseen_base(configs[0].place, "the configuration"))
            for config in configs:
                self._accepted(config, None, None, None)
            return
        self.used.add(id(bases[0]))
        self._merge(None, bases[0].said, bases[0], configs, None)

    def read(self, said: str, file: str, node: Mapping, version: str | None) -> None:
        """Read a whole configuration as the plain reader does."""
        aimed = self.target or version
        config, findings = read_node(node, file, aimed)
        self.routed.append(Routed(said, file, node, aimed, config, findings))

    def _merge(
        self,
        server: Object | None,
        said: str,
        base: Base,
        configs: tuple[Object, ...],
        version: str | None,
    ) -> None:
        parts = [
            part
            for config in sorted(configs, key=lambda one: f"{namespace_of(one)}/{one.name}")
            if (part := self._accepted(config, server, base.node, version)) is not None
        ]
        self.read(said, base.file, merge(base.node, parts), version)

    def _base_of(self, server: Object, configs: tuple[Object, ...]) -> Base | None:
        named = value_at(server.spec, "alertmanagerConfiguration")
        if isinstance(named, Mapping):
            return self._base_object(server, named, configs)
        secret = text_at(server.spec, "configSecret") or f"alertmanager-{server.name}"
        wanted = ("Secret", namespace_of(server), secret)
        if wanted in self.collection.keys and CONFIG_KEY not in self.collection.keys[wanted]:
            return Base(server.said, server.file, nobody_at(server.place))
        candidates = [
            base
            for base in self.bases
            if base.content is not None and _belongs(base.content, wanted, CONFIG_KEY)
        ] or [base for base in self.bases if base.content is None]
        if len(candidates) == 1:
            return candidates[0]
        generated = ("Secret", namespace_of(server), f"alertmanager-{server.name}-generated")
        for base in self.bases:
            if base.content is not None and _belongs(base.content, generated, PACKED_KEY):
                self.used.add(id(base))
                self.read(server.said, base.file, base.node, _version(server))
                return None
        if wanted not in self.collection.keys:
            what = f"the Secret '{secret}', from which {server.said} starts,"
            self.findings.append(_unseen_base(server.place, what))
        return None

    def _base_object(
        self, server: Object, named: Mapping, configs: tuple[Object, ...]
    ) -> Base | None:
        """An AlertmanagerConfig as what an Alertmanager starts from, with its global section."""
        name = text_at(named, "name")
        own = next(
            (
                one
                for one in configs
                if one.name == name and namespace_of(one) == namespace_of(server)
            ),
            None,
        )
        if own is None:
            what = f"the AlertmanagerConfig '{name}', from which {server.said} starts,"
            self.findings.append(_unseen_base(named.span, what))
            return None
        part = convert(own, namespace_of(own), self.collection.keys, is_base=True)
        self.findings += part.findings
        references = References(self.collection.keys, namespace_of(server), self.findings)
        settings = write_global(named, ReceiverWriter(str, references, self.findings))
        if part.route is None:
            self.findings.append(
                Diagnostic(
                    KUBERNETES_OBJECT_INVALID,
                    f"{own.said} has no 'route', and an Alertmanager starts from it",
                    own.place,
                )
            )
            return None
        entries = [] if settings is None else [entry("global", settings)]
        node = mapping(
            (
                *entries,
                entry("route", part.route),
                entry("receivers", Sequence(part.receivers, own.place)),
            ),
            own.node.span,
        )
        node = with_items(node, "inhibit_rules", (), part.inhibit_rules)
        node = with_items(node, "mute_time_intervals", (), part.time_intervals)
        return Base(own.said, own.file, node)

    def _chosen(self, server: Object, configs: tuple[Object, ...]) -> tuple[Object, ...]:
        """The objects that `server` selects; what cannot be decided counts as selected."""
        selector = value_at(server.spec, "alertmanagerConfigSelector")
        configuration = value_at(server.spec, "alertmanagerConfiguration")
        base = text_at(configuration, "name") if isinstance(configuration, Mapping) else None
        own = namespace_of(server)
        chosen: list[Object] = []
        for config in configs:
            if base is not None and config.name == base and namespace_of(config) == own:
                continue
            is_taken = selects(selector, config.labels)
            in_namespace = selects_namespace(
                value_at(server.spec, "alertmanagerConfigNamespaceSelector"),
                namespace_of(config),
                own,
                self.collection.of_kind("Namespace"),
            )
            if not is_taken or in_namespace is False:
                self._unselected(config, server)
                continue
            if in_namespace is None:
                self.findings.append(undecided_namespace(server, namespace_of(config), config))
            chosen.append(config)
        return tuple(chosen)

    def _unselected(self, config: Object, server: Object) -> None:
        others = [one for one in self.collection.of_kind("Alertmanager") if one is not server]
        if others:
            return
        self.findings.append(
            Diagnostic(
                KUBERNETES_UNSELECTED,
                f"{server.said} does not select {config.said}",
                config.place,
                hint="compare its labels and its namespace with 'alertmanagerConfigSelector' and "
                "'alertmanagerConfigNamespaceSelector'",
            )
        )

    def _accepted(
        self, config: Object, server: Object | None, base: Mapping | None, version: str | None
    ) -> Converted | None:
        """What `config` adds; None where the operator leaves it out, which findings say."""
        spec = None if server is None else server.spec
        kind = text_at(spec, "alertmanagerConfigMatcherStrategy", "type")
        is_home = server is not None and namespace_of(server) == namespace_of(config)
        is_confined = kind != UNCONFINED and not (kind == UNCONFINED_AT_HOME and is_home)
        part = convert(config, namespace_of(config), self.collection.keys, is_confined=is_confined)
        findings = part.findings
        if not _faults(findings):
            _, more = read_node(alone(part, base), config.file, self.target or version)
            findings = (*findings, *more)
        self.findings += findings
        return None if _faults(findings) else part


def undecided_namespace(server: Object, namespace: str, one: Object) -> Diagnostic:
    """Says that the labels of a namespace decide, and are not known."""
    return Diagnostic(
        KUBERNETES_SELECTION_UNDECIDED,
        f"{server.said} selects by labels of the namespace '{namespace}', which is not among the "
        f"files; {one.said} is taken as selected",
        one.place,
        hint=f"give the Namespace object '{namespace}' as well",
    )


def _unseen_base(place: Span, what: str) -> Diagnostic:
    return Diagnostic(
        KUBERNETES_BASE_UNSEEN,
        f"{what} is not among the files, so nothing is known of where alerts end",
        place,
        hint="give its manifest too, or --alertmanager FILE with what it holds",
    )


def _belongs(content: Content, holder: tuple[str, str, str], key: str) -> bool:
    value = content.value
    return value.key == key and holder == (
        value.holder.kind,
        namespace_of(value.holder),
        value.holder.name,
    )


def _version(server: Object) -> str | None:
    """The version that an Alertmanager object asks for; None where none can be read."""
    version = text_at(server.spec, "version").removeprefix("v")
    try:
        parse_version(version or None)
    except ValueError:
        return None
    return version or None


def _faults(findings: Iterable[Diagnostic]) -> bool:
    """Whether the operator leaves out the object that `findings` are about."""
    return any(found.level is Level.ERROR and found.code not in _ACCEPTED for found in findings)
