"""``Alertmanager`` objects: which configuration each of them runs, as the operator makes it.

Facts from prometheus-operator, ``pkg/alertmanager/operator.go`` and ``amcfg.go``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Final

from buckstop.alertmanager import read_node
from buckstop.alertmanager.codes import FIELD_TOO_NEW, SLACK_URL_MISSING
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.alertmanager.versions import parse_version
from buckstop.diagnostics import Diagnostic, Level
from buckstop.document import Mapping
from buckstop.kubernetes.alertmanager_config import Converted, convert
from buckstop.kubernetes.bases import Base, bases_in, find_base, is_named, unseen_base
from buckstop.kubernetes.choosing import Candidate, are_settled, is_meant
from buckstop.kubernetes.codes import (
    KUBERNETES_SELECTION_UNDECIDED,
)
from buckstop.kubernetes.collection import Collection, namespace_finding
from buckstop.kubernetes.contents import Value
from buckstop.kubernetes.merging import alone, merge
from buckstop.kubernetes.nodes import text_at
from buckstop.kubernetes.objects import Object, namespace_of
from buckstop.kubernetes.selection import selected, unselected

SELECTOR: Final = "alertmanagerConfig"
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
class Routings:
    """Every configuration that the files make up, and what is to be said beside them.

    Attributes:
        routed: those that are chosen, where the files say what they are.
        candidates: all that there is to choose from.
    """

    routed: tuple[Routed, ...]
    candidates: tuple[Candidate, ...]
    findings: tuple[Diagnostic, ...]


def put_together(
    collection: Collection,
    given: Iterable[Base],
    target: str | None,
    chosen: tuple[Object, ...],
    name: str | None,
) -> Routings:
    """The configuration of every Alertmanager that is chosen among the files.

    Args:
        given: configurations that stand alone: a base for an Alertmanager whose Secret is not
            among the files.
        target: the version to read for; None takes that of the Alertmanager object.
        chosen: the Alertmanager objects that are judged.
        name: what the user chooses by name, which may be a configuration without such an object.
    """
    work = _Work(collection, [*given, *bases_in(collection)], target, [], [], set(), set())
    servers = collection.of_kind("Alertmanager")
    configs = collection.of_kind("AlertmanagerConfig")
    work.findings += [found for one in configs if (found := namespace_finding(one)) is not None]
    for server in servers:
        if server in chosen:
            work.serve(server, configs)
        else:
            work.pass_over(server, configs)
    left = [base for base in work.bases if id(base) not in work.used and not base.is_generated]
    is_settled = are_settled(chosen, servers, name)
    read = [base for base in left if not is_settled and is_meant(base.holder, name)]
    if servers:
        work.findings += [
            unselected(one, servers, SELECTOR) for one in configs if id(one) not in work.taken
        ]
    else:
        work.serve_unnamed(configs, read)
    for base in read:
        if id(base) not in work.used:
            work.read(base.said, base, base.node, None)
    candidates = (
        *(Candidate(one.said, one.place, one, one in chosen) for one in servers),
        *(Candidate(one.said, one.node.span, one.holder, one in read) for one in left),
    )
    return Routings(tuple(work.routed), candidates, tuple(dict.fromkeys(work.findings)))


@dataclass(slots=True)
class _Work:
    """Configurations as they are put together.

    Attributes:
        used: the identities of the bases that an Alertmanager starts from.
        taken: those of the objects that one selects.
    """

    collection: Collection
    bases: list[Base]
    target: str | None
    routed: list[Routed]
    findings: list[Diagnostic]
    used: set[int]
    taken: set[int]

    def serve(self, server: Object, configs: tuple[Object, ...]) -> None:
        """The configuration of one Alertmanager object."""
        version = _version(server)
        base = find_base(server, self.bases, self.collection, self.findings)
        chosen, doubts = self._selected(server, configs)
        self.findings += doubts
        if base is None:
            # Without what it starts from nothing is routed, but each object can be judged alone.
            for config in chosen:
                self._accepted(config, server, None, version)
            return
        self.used.add(id(base))
        if base.is_generated:
            # It holds what was put together already.
            self.read(server.said, base, base.node, version)
            for config in chosen:
                self._accepted(config, server, base.node, version)
            return
        self._merge(server, server.said, base, chosen, version)

    def pass_over(self, server: Object, configs: tuple[Object, ...]) -> None:
        """Take what an Alertmanager that is not judged starts from and selects as its own."""
        base = find_base(server, self.bases, self.collection, [])
        if base is not None:
            self.used.add(id(base))
        self._selected(server, configs)

    def serve_unnamed(self, configs: tuple[Object, ...], bases: list[Base]) -> None:
        """Objects without an Alertmanager among the files: taken as selected by the only one."""
        if not configs:
            return
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
                self.findings.append(unseen_base(configs[0].place, "the configuration"))
            for config in configs:
                self._accepted(config, None, None, None)
            return
        self.used.add(id(bases[0]))
        self._merge(None, bases[0].said, bases[0], configs, None)

    def read(self, said: str, base: Base, node: Mapping, version: str | None) -> None:
        """Read a whole configuration, made of `base`, as the plain reader does."""
        aimed = self.target or version
        config, findings = read_node(node, base.file, aimed)
        if config is not None and base.templates is not None:
            texts = _template_texts(config.templates, base.templates)
            config = replace(config, template_texts=texts)
        self.routed.append(Routed(said, base.file, node, aimed, config, findings))

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
        self.read(said, base, merge(base.node, parts), version)

    def _selected(
        self, server: Object, configs: tuple[Object, ...]
    ) -> tuple[tuple[Object, ...], list[Diagnostic]]:
        """The objects that `server` selects; what cannot be decided counts, and is said."""
        base = text_at(server.spec, "alertmanagerConfiguration", "name")
        chosen: list[Object] = []
        doubts: list[Diagnostic] = []
        for config in configs:
            if base and is_named(config, namespace_of(server), base):
                self.taken.add(id(config))
                continue
            namespaces = self.collection.of_kind("Namespace")
            is_chosen, doubt = selected(config, server, SELECTOR, namespaces)
            if is_chosen:
                self.taken.add(id(config))
                chosen.append(config)
            if doubt is not None:
                doubts.append(doubt)
        return tuple(chosen), doubts

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


def _template_texts(globs: Iterable[str], mounted: Iterable[Value]) -> tuple[str, ...] | None:
    """What `globs` name of the keys that are mounted; None where one names none of them.

    Only the last part is compared: the folder is the operator's choice, or the deployment's.
    """
    by_key = {one.key: one.text for one in mounted if one.text is not None}
    texts: list[str] = []
    for glob in globs:
        keys = sorted(key for key in by_key if fnmatchcase(key, posixpath.basename(glob)))
        if not keys:
            return None
        texts += [by_key[key] for key in keys]
    return tuple(texts)


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
