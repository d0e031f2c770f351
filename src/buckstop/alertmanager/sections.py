"""Reading a section by its table: every field that is wrong, unknown, missing or too new."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from buckstop.alertmanager.codes import (
    CONTACT_FIELD_MISSING,
    CONTACT_FIELDS_CONFLICT,
    DURATION_INVALID,
    FIELD_TOO_NEW,
    SLACK_URL_MISSING,
    URL_INVALID,
)
from buckstop.alertmanager.go_durations import is_go_duration, is_nanoseconds
from buckstop.alertmanager.kinds import GLOBAL
from buckstop.diagnostics import Diagnostic, Related, Span, nearest
from buckstop.document import (
    Field,
    Fields,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Table,
    as_bool,
    as_float,
    finish_section,
    given,
    is_nothing,
    wrong_type,
)
from buckstop.document.codes import KEY_MISSING, VALUE_INVALID
from buckstop.document.tables import Inherited, Shape, VersionFault
from buckstop.document.values import is_quoted_null, is_template
from buckstop.document.versions import Version
from buckstop.prometheus import parse_duration
from buckstop.prometheus.network import host_port_fault, http_url_fault, url_fault

MAX_UNSIGNED = 2**64
_REDACTED = "<secret>"
"""What the servers print for a secret URL, and take back."""


def read_section(node: Node, table: Table, version: Version, findings: list[Diagnostic]) -> None:
    """Append to `findings` whatever keeps Alertmanager `version` from taking `node` as `table`.

    What the section may inherit from ``global`` is for `require_inherited`.
    """
    fields = Fields.of(node, table.what, findings)
    if fields is None:
        return
    all_shapes = table.shapes()
    for name, entry in fields.entries_of(all_shapes):
        value = entry.value
        if not (isinstance(value, Scalar) and value.is_null):
            shapes = all_shapes[name]
            field = next((shape for shape in shapes if shape.known_to(version)), shapes[0])
            _read_value(value, field, version, findings)
    finish_section(fields, table, too_new(version))
    mapping = fields.node
    findings.extend(
        _missing(mapping, table, group)
        for group in table.required
        if not any(given(mapping, name, table) for name in group)
    )
    for group in table.exclusive:
        _refuse_several(mapping, table, group, findings)
    if table.check is not None:
        table.check(mapping, version, findings)


def require_inherited(
    mapping: Mapping, table: Table, settings: Mapping | None, findings: list[Diagnostic]
) -> None:
    """Append what the contact `mapping` lacks and ``global`` does not supply either."""
    for inherited in table.inherits:
        own = any(given(mapping, name, table) for name in inherited.fields)
        supplied = settings is not None and any(
            given(settings, name, GLOBAL) for name in inherited.global_fields
        )
        if not own and not supplied:
            findings.append(_not_inherited(mapping, table, inherited))
    if table.check_inherited is not None:
        table.check_inherited(mapping, settings, findings)


def is_misspelt(mapping: Mapping, name: str, table: Table) -> bool:
    """Whether a key of `mapping` that `table` does not know probably stands for `name`."""
    known = table.shapes()
    return any(
        entry.key.text not in known and nearest(entry.key.text, known) == name for entry in mapping
    )


def too_new(version: Version) -> VersionFault:
    """What says of a field that Alertmanager `version` does not know it yet; none has gone."""

    def fault_of(
        name: str, since: Version, _until: Version | None, span: Span
    ) -> Diagnostic | None:
        if since <= version:
            return None
        return Diagnostic(
            FIELD_TOO_NEW,
            f"'{name}' needs Alertmanager {_dotted(since)}; the one aimed at is {_dotted(version)}",
            span,
            hint=f"aim at Alertmanager {_dotted(since)} or newer, or leave it out",
        )

    return fault_of


def _read_value(node: Node, field: Field, version: Version, findings: list[Diagnostic]) -> None:
    table = field.shape
    if not isinstance(table, Table):
        _read_plain(node, field, table, findings)
    elif field.or_text and isinstance(node, Scalar):
        if is_quoted_null(node):
            findings.append(wrong_type(node, f"text for '{field.name}'"))
    elif field.many:
        for item in _items(node, field.name, findings):
            if not is_nothing(item):
                read_section(item, table, version, findings)
    elif field.keyed:
        keyed = Fields.of(node, f"'{field.name}'", findings)
        for entry in keyed.node.entries if keyed is not None else ():
            if not is_nothing(entry.value):
                read_section(entry.value, table, version, findings)
    else:
        read_section(node, table, version, findings)


def _read_plain(node: Node, field: Field, shape: Shape, findings: list[Diagnostic]) -> None:
    match shape:
        case "anything" | "read_elsewhere":
            return
        case "anything_map":
            if not isinstance(node, Mapping):
                findings.append(wrong_type(node, f"a mapping for '{field.name}'"))
        case "texts":
            _read_texts(_items(node, field.name, findings), field.name, findings)
        case "text_map" | "text_lists":
            if not isinstance(node, Mapping):
                findings.append(wrong_type(node, f"a mapping for '{field.name}'"))
                return
            for entry in node.entries:
                if shape == "text_lists":
                    _read_texts(_items(entry.value, entry.key.text, findings), "", findings)
                elif not isinstance(entry.value, Scalar):
                    findings.append(wrong_type(entry.value, f"text for '{entry.key.text}'"))
        case _:
            if not isinstance(node, Scalar):
                findings.append(wrong_type(node, f"text for '{field.name}'"))
                return
            fault = _scalar_fault(node, field, shape)
            if fault is not None:
                findings.append(fault)


def _scalar_fault(node: Scalar, field: Field, shape: Shape) -> Diagnostic | None:
    match shape:
        case "text" | "secret" | "path":
            if field.empty_counts and is_quoted_null(node):
                return wrong_type(node, f"text for '{field.name}'")
            return _choice_fault(node, field)
        case "any_url":
            fault = "it is null" if is_quoted_null(node) else url_fault(node.text)
            if fault is None:
                return None
            return Diagnostic(URL_INVALID, f"'{field.name}' is no URL: {fault}", node.span)
        case "boolean":
            return _fault_of(as_bool(node))
        case "integer" | "natural":
            number = as_float(node)
            if shape == "natural" and isinstance(number, float) and not 0 <= number < MAX_UNSIGNED:
                return Diagnostic(VALUE_INVALID, f"'{field.name}' cannot be negative", node.span)
            # The servers cut off what a whole number has no room for: 1.5 is 1.
            return _fault_of(number)
        case "number":
            return _fault_of(as_float(node))
        case "url" | "secret_url" | "templated_secret_url":
            if shape != "url" and node.text == _REDACTED:
                return None
            if shape == "templated_secret_url" and is_template(node.text):
                return None
            fault = http_url_fault(node.text)
            if fault is None:
                return None
            return Diagnostic(URL_INVALID, f"'{field.name}' is no URL: {fault}", node.span)
        case "host_port":
            fault = host_port_fault(node.text) if node.text else None
            if fault is None:
                return None
            return Diagnostic(VALUE_INVALID, f"'{field.name}' is no address: {fault}", node.span)
        case "duration":
            return duration_fault(node)
        case "go_duration" | "nanoseconds":
            if is_go_duration(node.text) or (shape == "nanoseconds" and is_nanoseconds(node)):
                return None
            return Diagnostic(
                DURATION_INVALID,
                f"'{node.text}' is not a duration: write it as 30s or 1h30m",
                node.span,
            )
        case "texts" | "text_map" | "text_lists" | "anything" | "anything_map" | "read_elsewhere":
            raise AssertionError("no scalar's shape")
        case "size" | "expression" | "pattern" | "left_list" | "left_section":
            raise AssertionError("no shape of Alertmanager's")
        case _:
            assert_never(shape)


def duration_fault(node: Scalar) -> Diagnostic | None:
    """What is wrong with a duration in the servers' own form, or None."""
    try:
        parse_duration(node.text)
    except ValueError as error:
        return Diagnostic(DURATION_INVALID, str(error), node.span)
    return None


def _choice_fault(node: Scalar, field: Field) -> Diagnostic | None:
    if not field.choices or node.text in field.choices:
        return None
    return Diagnostic(
        VALUE_INVALID,
        f"'{node.text}' is none of the values that '{field.name}' can have",
        node.span,
        hint=f"one of {', '.join(choice for choice in field.choices if choice)}",
    )


def _fault_of(value: object) -> Diagnostic | None:
    return value if isinstance(value, Diagnostic) else None


def _items(node: Node, name: str, findings: list[Diagnostic]) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    if not (isinstance(node, Scalar) and node.is_null):
        findings.append(wrong_type(node, f"a list for '{name}'"))
    return ()


def _read_texts(items: Iterable[Node], name: str, findings: list[Diagnostic]) -> None:
    findings.extend(
        wrong_type(item, f"text in the list '{name}'")
        for item in items
        if not isinstance(item, Scalar)
    )


def _refuse_several(
    mapping: Mapping, table: Table, group: tuple[str, ...], findings: list[Diagnostic]
) -> None:
    entries = [
        entry
        for entry in mapping
        if entry.key.text in group and given(mapping, entry.key.text, table)
    ]
    if len(entries) > 1:
        first, second = entries[0].key, entries[1].key
        findings.append(
            Diagnostic(
                CONTACT_FIELDS_CONFLICT,
                f"{table.what} has both '{first.text}' and '{second.text}'; only one may be given",
                second.span,
                related=(Related(first.span, f"'{first.text}' is here"),),
            )
        )


def _missing(mapping: Mapping, table: Table, group: tuple[str, ...]) -> Diagnostic:
    names = " or ".join(f"'{name}'" for name in group)
    code = CONTACT_FIELD_MISSING if table.what.endswith("contact") else KEY_MISSING
    return Diagnostic(code, f"{table.what} needs {names}", mapping.span)


def _not_inherited(mapping: Mapping, table: Table, inherited: Inherited) -> Diagnostic:
    is_slack = "slack_api_url" in inherited.global_fields
    own, settings = inherited.fields, inherited.global_fields
    return Diagnostic(
        SLACK_URL_MISSING if is_slack else CONTACT_FIELD_MISSING,
        f"{table.what} has no {inherited.what.removeprefix('a ').removeprefix('an ')}, "
        "and the global section has none either",
        mapping.span,
        hint=f"set '{_preferred(own)}' here, or '{_preferred(settings)}' under 'global'",
    )


def _preferred(names: tuple[str, ...]) -> str:
    """A file rather than the secret itself, where there is one."""
    return next((name for name in names if name.endswith("_file")), names[0])


def _dotted(version: Version) -> str:
    return ".".join(str(part) for part in version)
