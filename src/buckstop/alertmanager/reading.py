"""``alertmanager.yml`` in: its values, and everything for which Alertmanager would refuse it."""

from __future__ import annotations

from typing import Final

from buckstop.alertmanager.codes import RECEIVER_DUPLICATE, ROUTE_MISSING
from buckstop.alertmanager.intervals import read_intervals
from buckstop.alertmanager.kinds import (
    EVENT_RECORDER,
    FILE,
    GLOBAL,
    INHIBIT_RULE,
    KINDS,
    RECEIVER,
    TRACING,
)
from buckstop.alertmanager.matcher_fields import label_name_fault, read_matchers
from buckstop.alertmanager.model import (
    AlertmanagerConfig,
    InhibitRule,
    Integration,
    Receiver,
    Route,
)
from buckstop.alertmanager.route_reading import RouteReader, check_tree
from buckstop.alertmanager.sections import (
    is_misspelt,
    read_section,
    require_inherited,
    too_new,
)
from buckstop.alertmanager.versions import parse_version
from buckstop.diagnostics import Diagnostic, Related, Span
from buckstop.document import (
    Fields,
    Mapping,
    Node,
    Scalar,
    collection_paused,
    finish_section,
    is_nothing,
    parse_one,
)
from buckstop.document.codes import KEY_MISSING, VALUE_INVALID
from buckstop.document.versions import Version
from buckstop.prometheus.globs import part_test

_KINDS_BY_KEY: Final = {f"{kind.name}_configs": kind for kind in KINDS}

_FIRST_UTF8_EQUAL: Version = (0, 28)
"""Since when ``equal`` of an inhibition rule takes any text as a label's name."""


def read(
    text: str | bytes, file: str, version: str | None = None
) -> tuple[AlertmanagerConfig | None, tuple[Diagnostic, ...]]:
    """The configuration that `text` holds, and all that keeps Alertmanager from loading it.

    A configuration with errors is still returned where they leave no doubt about where alerts go
    (a contact without its URL, say), so that more can be said of it. It is None where routes,
    matchers or the receivers that routes name could not be read.

    Args:
        file: the name that places are given with.
        version: the Alertmanager that is aimed at, such as ``0.25``; None takes what any version
            takes.

    Raises:
        ValueError: if `version` is none.
    """
    parse_version(version)
    node, diagnostics = parse_one(text, file)
    if node is None:
        if any(finding.level == "error" for finding in diagnostics):
            return None, diagnostics
        return None, (*diagnostics, _no_route(Span(file, 1, 1, 1, 1)))
    with collection_paused():
        config, findings = read_node(node, file, version)
    return config, (*diagnostics, *findings)


def read_node(
    node: Node, file: str, version: str | None = None
) -> tuple[AlertmanagerConfig | None, tuple[Diagnostic, ...]]:
    """As `read`, of a tree that stands at `node`: a configuration may be part of a file."""
    aimed = parse_version(version)
    findings: list[Diagnostic] = []
    root = Fields.of(node, "an Alertmanager configuration", findings)
    config = None if root is None else _read(root, file, aimed)
    return config, tuple(findings)


def looks_like_alertmanager(root: Node | None) -> bool:
    """Whether a document is meant as an ``alertmanager.yml``: routes and receivers at its top."""
    return isinstance(root, Mapping) and "route" in root and "receivers" in root


def _read(root: Fields, file: str, version: Version) -> AlertmanagerConfig | None:
    findings = root.findings
    settings = root.mapping("global", "settings")
    if settings is not None:
        read_section(settings, GLOBAL, version, findings)
    reader = RouteReader(version, findings)
    route_node = root.node_at("route")
    route: Route | None = None
    if route_node is None:
        entry = root.entry("route")
        if not is_misspelt(root.node, "route", FILE):
            findings.append(_no_route(root.node.span if entry is None else entry.key.span))
    else:
        route = reader.read(route_node)
    inhibit_rules = tuple(
        rule
        for item in root.sequence("inhibit_rules", "inhibition rules")
        if not is_nothing(item) and (rule := _inhibit_rule(item, version, findings)) is not None
    )
    receivers = _receivers(root, settings, version)
    time_intervals = read_intervals(root)
    templates = _templates(root)
    for key, table in (("tracing", TRACING), ("event_recorder", EVENT_RECORDER)):
        node = root.node_at(key)
        if node is not None:
            read_section(node, table, version, findings)
    finish_section(root, FILE, too_new(version))
    if route is None:
        return None
    names = tuple(receiver.name for receiver in receivers)
    intervals = tuple(interval.name for interval in time_intervals)
    if not check_tree(route, names, intervals, findings) or not reader.decided:
        return None
    return AlertmanagerConfig(
        file=file,
        version=version,
        node=root.node,
        global_=settings,
        route=route,
        receivers=receivers,
        inhibit_rules=inhibit_rules,
        time_intervals=time_intervals,
        templates=tuple(template.text for template in templates),
    )


def _templates(root: Fields) -> tuple[Scalar, ...]:
    """Globs of files; one that is none keeps Alertmanager from loading the configuration."""
    templates = root.scalars("templates", "templates") or ()
    root.findings.extend(
        Diagnostic(
            VALUE_INVALID,
            f"'{template.text}' is no glob of files",
            template.span,
            hint="close the '[', or write a backslash before it",
        )
        for template in templates
        if any(part_test(part) is None for part in template.text.split("/"))
    )
    return templates


def _no_route(span: Span) -> Diagnostic:
    return Diagnostic(
        ROUTE_MISSING,
        "there is no 'route': no alert reaches anybody",
        span,
        hint="add 'route:' with a 'receiver:'",
    )


def _receivers(root: Fields, settings: Mapping | None, version: Version) -> tuple[Receiver, ...]:
    receivers: list[Receiver] = []
    places: dict[str, Span] = {}
    for node in root.sequence("receivers", "receivers"):
        fields = Fields.of(node, "a receiver", root.findings)
        if fields is None:
            continue
        name = fields.scalar("name")
        if name is None or name.text == "":
            root.findings.append(Diagnostic(KEY_MISSING, "a receiver needs 'name'", node.span))
        elif name.text in places:
            root.findings.append(
                Diagnostic(
                    RECEIVER_DUPLICATE,
                    f"a receiver called '{name.text}' is defined already",
                    name.span,
                    related=(Related(places[name.text], "it is defined here"),),
                )
            )
        else:
            places[name.text] = name.span
        integrations = _integrations(fields, settings, version)
        if name is not None and name.text != "":
            receivers.append(Receiver(name.text, node.span, fields.node, integrations))
    return tuple(receivers)


def _integrations(
    fields: Fields, settings: Mapping | None, version: Version
) -> tuple[Integration, ...]:
    integrations: list[Integration] = []
    for key, _ in fields.entries_of(_KINDS_BY_KEY):
        kind = _KINDS_BY_KEY[key]
        for index, item in enumerate(fields.sequence(key, f"{kind.name} contacts")):
            read_section(item, kind.table, version, fields.findings)
            if isinstance(item, Mapping):
                require_inherited(item, kind.table, settings, fields.findings)
                integrations.append(Integration(kind.name, index, item.span, item))
    fields.pairs("labels", "label names and values")
    finish_section(fields, RECEIVER, too_new(version))
    return tuple(integrations)


def _inhibit_rule(node: Node, version: Version, findings: list[Diagnostic]) -> InhibitRule | None:
    fields = Fields.of(node, "an inhibition rule", findings)
    if fields is None:
        return None
    source = read_matchers(fields, "source_", version)
    target = read_matchers(fields, "target_", version)
    equal = fields.scalars("equal", "labels") or ()
    is_utf8 = version >= _FIRST_UTF8_EQUAL
    for name in equal:
        fault = label_name_fault(name, version if is_utf8 else (0,))
        # Before, a null was looked at by nobody.
        if fault is not None and (is_utf8 or not name.is_null):
            findings.append(fault)
    fields.text("name")
    finish_section(fields, INHIBIT_RULE, too_new(version))
    if source is None or target is None:
        return None
    labels = tuple("" if name.is_null else name.text for name in equal)
    return InhibitRule(node.span, fields.node, source, target, labels)
