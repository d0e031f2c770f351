"""What an ``Alertmanager`` object starts from, before other objects add to it.

Facts from prometheus-operator, ``pkg/alertmanager/operator.go``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from buckstop.diagnostics import Diagnostic, Span
from buckstop.document import Mapping, Scalar, Sequence
from buckstop.kubernetes.alertmanager_config import convert
from buckstop.kubernetes.codes import KUBERNETES_BASE_UNSEEN, KUBERNETES_OBJECT_INVALID
from buckstop.kubernetes.collection import Collection
from buckstop.kubernetes.contacts import ReceiverWriter
from buckstop.kubernetes.contents import CONFIG_KEY, PACKED_KEY, Content, Value
from buckstop.kubernetes.global_section import write_global
from buckstop.kubernetes.merging import nobody_at
from buckstop.kubernetes.nodes import entry, mapping, text, text_at, value_at, with_items
from buckstop.kubernetes.objects import Object, namespace_of
from buckstop.kubernetes.references import References

MOUNTED: Final = "/etc/alertmanager/templates"
"""Where the operator mounts what ``alertmanagerConfiguration`` names as templates."""


@dataclass(frozen=True, slots=True)
class Base:
    """A configuration that stands in the files, alone or in a Secret or a ConfigMap.

    Attributes:
        content: where it is that of a Secret or a ConfigMap.
        templates: notification templates that the operator mounts beside it, by their keys; None
            where they are not known.
    """

    said: str
    file: str
    node: Mapping
    content: Content | None = None
    templates: tuple[Value, ...] | None = None

    @property
    def holder(self) -> Object | None:
        """The Secret or the ConfigMap that it stands in."""
        return None if self.content is None else self.content.value.holder

    @property
    def is_generated(self) -> bool:
        """Whether the operator wrote it: what other objects add is in it already."""
        return self.content is not None and self.content.value.key == PACKED_KEY


def bases_in(collection: Collection) -> list[Base]:
    """The configurations that ConfigMaps and Secrets hold."""
    return [
        Base(
            content.value.said,
            content.file,
            content.node,
            content,
            tuple(one for one in collection.templates if one.holder is content.value.holder),
        )
        for content in collection.contents
        if content.shape == "alertmanager" and isinstance(content.node, Mapping)
    ]


def is_named(one: Object, namespace: str, name: str) -> bool:
    """Whether `one` is the object of that name in that namespace."""
    return one.name == name and namespace_of(one) == namespace


def find_base(
    server: Object, bases: list[Base], collection: Collection, findings: list[Diagnostic]
) -> Base | None:
    """What `server` starts from; None, with a finding, where it is not among the files."""
    named = value_at(server.spec, "alertmanagerConfiguration")
    if isinstance(named, Mapping):
        return _base_object(server, named, collection, findings)
    secret = text_at(server.spec, "configSecret") or f"alertmanager-{server.name}"
    wanted = ("Secret", namespace_of(server), secret)
    if wanted in collection.keys and CONFIG_KEY not in collection.keys[wanted]:
        return Base(server.said, server.file, nobody_at(server.place))
    candidates = [
        base
        for base in bases
        if base.content is not None and base.content.is_at(wanted, CONFIG_KEY)
    ] or [base for base in bases if base.content is None]
    if len(candidates) == 1:
        return candidates[0]
    generated = ("Secret", namespace_of(server), f"alertmanager-{server.name}-generated")
    for base in bases:
        if base.content is not None and base.content.is_at(generated, PACKED_KEY):
            return base
    if wanted not in collection.keys:
        what = f"the Secret '{secret}', from which {server.said} starts,"
        findings.append(unseen_base(server.place, what))
    return None


def _base_object(
    server: Object, named: Mapping, collection: Collection, findings: list[Diagnostic]
) -> Base | None:
    """An AlertmanagerConfig as what an Alertmanager starts from, with its global section."""
    name = text_at(named, "name")
    configs = collection.of_kind("AlertmanagerConfig")
    own = next((one for one in configs if is_named(one, namespace_of(server), name)), None)
    if own is None:
        what = f"the AlertmanagerConfig '{name}', from which {server.said} starts,"
        findings.append(unseen_base(named.span, what))
        return None
    part = convert(own, namespace_of(own), collection.keys, is_base=True)
    findings += part.findings
    references = References(collection.keys, namespace_of(server), findings)
    settings = write_global(named, ReceiverWriter(str, references, findings))
    if part.route is None:
        findings.append(
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
    named_templates = _templates(named)
    node = with_items(
        node, "templates", (), [text(f"{MOUNTED}/{key.text}", key.span) for key in named_templates]
    )
    keys = {key.text for key in named_templates}
    mounted = tuple(one for one in collection.templates if one.key in keys)
    return Base(own.said, own.file, node, templates=mounted)


def _templates(configuration: Mapping) -> list[Scalar]:
    """The keys of ConfigMaps and Secrets that ``alertmanagerConfiguration`` names as templates."""
    listed = value_at(configuration, "templates")
    keys = [
        value_at(item, kind, "key")
        for item in (listed.items if isinstance(listed, Sequence) else ())
        for kind in ("configMap", "secret")
    ]
    return [key for key in keys if isinstance(key, Scalar)]


def unseen_base(place: Span, what: str) -> Diagnostic:
    """Says that `what` an Alertmanager starts from is not known."""
    return Diagnostic(
        KUBERNETES_BASE_UNSEEN,
        f"{what} is not among the files, so nothing is known of where alerts end",
        place,
        hint="give its manifest too, or --alertmanager FILE with what it holds",
    )
