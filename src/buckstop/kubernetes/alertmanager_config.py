"""``AlertmanagerConfig`` in: its routes, receivers and inhibitions as the operator writes them."""

from __future__ import annotations

from collections.abc import Mapping as Labels
from dataclasses import dataclass
from typing import Final

from buckstop.diagnostics import Diagnostic, Span
from buckstop.document import Entry, Fields, Mapping, Node, Scalar, Sequence
from buckstop.document.codes import KEY_MISSING, VALUE_INVALID
from buckstop.kubernetes.codes import KUBERNETES_OBJECT_INVALID
from buckstop.kubernetes.contacts import ReceiverWriter
from buckstop.kubernetes.nodes import entry, key_span, mapping, text, with_value
from buckstop.kubernetes.objects import Object
from buckstop.kubernetes.references import References
from buckstop.kubernetes.time_periods import write_time_interval

VERSIONS: Final = ("v1alpha1", "v1beta1")
NAMESPACE_LABEL: Final = "namespace"
"""The label by which an object's routes are kept to the alerts of its own namespace."""

_OPERATORS: Final = frozenset({"=", "!=", "=~", "!~"})
_ROUTE_COPIES: Final = {
    "groupBy": "group_by",
    "groupWait": "group_wait",
    "groupInterval": "group_interval",
    "repeatInterval": "repeat_interval",
    "continue": "continue",
}


@dataclass(frozen=True, slots=True)
class Converted:
    """One object's part of an ``alertmanager.yml``.

    Attributes:
        route: None where the object has none; then its receivers and intervals are left out too.
        findings: what keeps Kubernetes or the operator from taking the object.
    """

    of: Object
    namespace: str
    route: Mapping | None
    receivers: tuple[Mapping, ...]
    inhibit_rules: tuple[Mapping, ...]
    time_intervals: tuple[Mapping, ...]
    findings: tuple[Diagnostic, ...]


def convert(
    of: Object,
    namespace: str,
    keys: Labels[tuple[str, str, str], frozenset[str]],
    *,
    is_base: bool = False,
    is_confined: bool = True,
) -> Converted:
    """What the operator makes of `of`.

    Every name becomes ``namespace/object/name``. The top route continues, so that routes after it
    are tried as well, and takes alerts of its own namespace only; so do inhibition rules.

    Args:
        namespace: in which the object is.
        keys: of the Secrets and ConfigMaps among the files, by kind, namespace and name.
        is_base: whether it is what an Alertmanager starts from: then nothing is added to it.
        is_confined: whether alerts of other namespaces are kept out.
    """
    findings: list[Diagnostic] = []
    references = References(keys, namespace, findings)
    writer = _Writer(f"{namespace}/{of.name}/", of.version == VERSIONS[0], findings)
    confined = _matcher_text(NAMESPACE_LABEL, "=", namespace)
    at = of.place if of.namespace is None else of.namespace.span
    added = text(confined, at) if is_confined and not is_base else None
    spec = of.spec
    if of.version not in VERSIONS or spec is None:
        findings.append(_unusable(of))
        return Converted(of, namespace, None, (), (), (), tuple(findings))
    fields = Fields(spec, f"the spec of an {of.kind}", findings)
    inhibit_rules = tuple(
        rule
        for item in fields.sequence("inhibitRules", "inhibition rules")
        if (rule := writer.inhibit_rule(item, added)) is not None
    )
    receivers_writer = ReceiverWriter(writer.qualify, references, findings)
    receivers = tuple(
        receiver
        for item in fields.sequence("receivers", "receivers")
        if (receiver := receivers_writer.write(item)) is not None
    )
    section = "muteTimeIntervals" if of.version == "v1alpha1" else "timeIntervals"
    intervals = tuple(
        interval
        for item in fields.sequence(section, "time intervals")
        if (interval := write_time_interval(item, writer.qualify, findings)) is not None
    )
    node = fields.node_at("route")
    fields.finish()
    route = None if node is None else writer.route(node)
    if route is not None:
        writer.check_top(route)
        if not is_base:
            route = _as_child(route, added)
    unseen = references.unseen_finding(of)
    if unseen is not None:
        findings.append(unseen)
    return Converted(
        of,
        namespace,
        route,
        receivers if route is not None else (),
        inhibit_rules,
        intervals if route is not None else (),
        tuple(findings),
    )


def _unusable(of: Object) -> Diagnostic:
    if of.version not in VERSIONS:
        return Diagnostic(
            KUBERNETES_OBJECT_INVALID,
            f"there is no version '{of.version}' of AlertmanagerConfig",
            of.place,
            hint=f"known: {', '.join(VERSIONS)}",
        )
    return Diagnostic(KUBERNETES_OBJECT_INVALID, f"an {of.kind} needs 'spec', a mapping", of.place)


def _as_child(route: Mapping, added: Scalar | None) -> Mapping:
    """The top route beside those of others: it continues, and is confined to its namespace."""
    continues = route.entry("continue")
    place = route.span if continues is None else continues.value.span
    route = with_value(route, "continue", Scalar("true", *_begin(place)))
    return route if added is None else _with_matcher(route, "matchers", added)


def _with_matcher(node: Mapping, key: str, added: Scalar) -> Mapping:
    there = node.get(key)
    items = there.items if isinstance(there, Sequence) else ()
    if any(isinstance(item, Scalar) and item.text == added.text for item in items):
        return node
    return with_value(node, key, Sequence((*items, added), added.span))


def _begin(span: Span) -> Span:
    return Span(span.file, span.line, span.column, span.line, span.column)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes routes and inhibition rules.

    Attributes:
        prefix: stands before every name.
        has_regex: whether matchers may have ``regex``, as in v1alpha1.
    """

    prefix: str
    has_regex: bool
    findings: list[Diagnostic]

    def qualify(self, name: str) -> str:
        """`name` as ``alertmanager.yml`` has it; an empty name stays empty."""
        return f"{self.prefix}{name}" if name else ""

    def route(self, node: Node) -> Mapping | None:
        """The route at `node` with everything below it."""
        fields = Fields.of(node, "a route", self.findings)
        if fields is None:
            return None
        entries: list[Entry] = []
        receiver = fields.scalar("receiver")
        if receiver is not None and receiver.text:
            entries.append(self._copied(fields, "receiver", self._named(receiver)))
        for key, to in _ROUTE_COPIES.items():
            value = fields.node_at(key)
            if value is not None:
                entries.append(entry(to, value, key_span(fields, key)))
        matchers = self._matchers(fields, "matchers")
        if matchers is not None:
            entries.append(matchers)
        for key, to in (
            ("muteTimeIntervals", "mute_time_intervals"),
            ("activeTimeIntervals", "active_time_intervals"),
        ):
            names = fields.scalars(key, "names of time intervals")
            if names:
                listed = Sequence(tuple(map(self._named, names)), names[0].span)
                entries.append(entry(to, listed, key_span(fields, key)))
        children = fields.sequence("routes", "routes")
        if children:
            routes = tuple(route for child in children if (route := self.route(child)) is not None)
            entries.append(self._copied(fields, "routes", Sequence(routes, node.span)))
        fields.finish()
        return mapping(entries, fields.node.span)

    def check_top(self, route: Mapping) -> None:
        """An object's own top route must say who is told."""
        if "receiver" not in route:
            place = route.entries[0].key.span if route.entries else route.span
            self.findings.append(
                Diagnostic(KEY_MISSING, "the top route of an object needs 'receiver'", place)
            )

    def inhibit_rule(self, node: Node, added: Scalar | None) -> Mapping | None:
        """The inhibition rule at `node`, kept to one namespace by the matcher `added`."""
        fields = Fields.of(node, "an inhibition rule", self.findings)
        if fields is None:
            return None
        rule = mapping((), fields.node.span)
        for key, to in (("sourceMatch", "source_matchers"), ("targetMatch", "target_matchers")):
            matchers = self._matchers(fields, key, to=to)
            if matchers is not None:
                rule = mapping((*rule.entries, matchers), rule.span)
            if added is not None:
                rule = _with_matcher(rule, to, added)
        equal = fields.node_at("equal")
        fields.finish()
        if equal is None:
            return rule
        return mapping((*rule.entries, entry("equal", equal, key_span(fields, "equal"))), rule.span)

    def _matchers(self, fields: Fields, key: str, to: str = "matchers") -> Entry | None:
        items = fields.sequence(key, "matchers")
        if not items:
            return None
        written = tuple(matcher for item in items if (matcher := self._matcher(item)) is not None)
        return entry(to, Sequence(written, items[0].span), key_span(fields, key))

    def _matcher(self, node: Node) -> Scalar | None:
        fields = Fields.of(node, "a matcher", self.findings)
        if fields is None:
            return None
        name, value = fields.text("name"), fields.text("value") or ""
        kind = fields.scalar("matchType")
        is_pattern = bool(fields.boolean("regex")) if self.has_regex else False
        fields.finish()
        if name is None or not name.strip():
            self.findings.append(Diagnostic(KEY_MISSING, "a matcher needs 'name'", node.span))
            return None
        operator = kind.text if kind is not None and kind.text else "=~" if is_pattern else "="
        if operator not in _OPERATORS:
            assert kind is not None, "only what is written can be wrong"
            self.findings.append(
                Diagnostic(
                    VALUE_INVALID,
                    f"'{operator}' is no 'matchType'",
                    kind.span,
                    hint="write one of = != =~ !~",
                )
            )
            return None
        return text(_matcher_text(name, operator, value), node.span)

    def _named(self, name: Scalar) -> Scalar:
        return text(self.qualify(name.text), name.span)

    def _copied(self, fields: Fields, key: str, value: Node) -> Entry:
        return entry(key, value, key_span(fields, key))


def _matcher_text(name: str, operator: str, value: str) -> str:
    r"""One matcher as the operator writes it: only backslash, line break and quote are escaped."""
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
    return f'{name}{operator}"{escaped}"'
