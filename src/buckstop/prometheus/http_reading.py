"""Whether Prometheus takes the sections that say how an Alertmanager is reached."""

from __future__ import annotations

from buckstop.diagnostics import Diagnostic
from buckstop.document import (
    Field,
    Fields,
    Mapping,
    Scalar,
    Table,
    finish_section,
    has_text,
    is_nothing,
)
from buckstop.document.codes import KEY_MISSING, VALUE_INVALID
from buckstop.document.versions import Version
from buckstop.prometheus.versions import field_faults


def read_http(fields: Fields, table: Table, version: Version | None) -> None:
    """Append what is wrong with how the Alertmanagers of a group are reached.

    What is no section of its own is read elsewhere; what excludes each other is judged here.
    """
    for field in table.fields:
        if isinstance(field.shape, Table) and not field.many:
            _read_field(fields, field, version)
    for group in table.exclusive:
        _refuse_several(fields.node, group, fields.findings)


def _read_section(fields: Fields, table: Table, version: Version | None) -> None:
    """Append what is wrong with a section, and with those in it, to the findings of `fields`."""
    for field in table.fields:
        _read_field(fields, field, version)
    section = fields.node
    for group in table.required:
        if not any(has_text(section, name) for name in group):
            fields.findings.append(
                Diagnostic(KEY_MISSING, f"{table.what} needs '{group[0]}'", section.span)
            )
    for group in table.exclusive:
        _refuse_several(section, group, fields.findings)
    if table.field("credentials") is not None:
        _refuse_basic(section, fields.findings)
    finish_section(fields, table, field_faults(version))


def _refuse_several(section: Mapping, group: tuple[str, ...], findings: list[Diagnostic]) -> None:
    """Append a finding where more than one of `group` is given."""
    given = [
        entry.key for entry in section if entry.key.text in group and not is_nothing(entry.value)
    ]
    if len(given) > 1:
        findings.append(
            Diagnostic(
                VALUE_INVALID,
                f"'{given[0].text}' and '{given[1].text}' exclude each other",
                given[1].span,
                hint="keep one of the two",
            )
        )


def _read_field(fields: Fields, field: Field, version: Version | None) -> None:
    shape = field.shape
    if field.keyed and isinstance(shape, Table):
        headers = fields.mapping(field.name, f"names to {shape.what}")
        for entry in headers.entries if headers is not None else ():
            inner = Fields.of(entry.value, shape.what, fields.findings)
            if inner is not None:
                _read_section(inner, shape, version)
    elif isinstance(shape, Table):
        section = fields.fields(field.name, shape.what)
        if section is not None:
            _read_section(section, shape, version)
    elif shape == "boolean":
        fields.boolean(field.name)
    elif shape == "texts":
        fields.scalars(field.name, "text")
    elif shape == "text_map":
        fields.pairs(field.name, "text")
    elif shape in {"text", "secret", "path"}:
        value = fields.scalar(field.name)
        if value is not None and field.choices and value.text not in field.choices:
            fields.findings.append(
                Diagnostic(
                    VALUE_INVALID,
                    f"'{value.text}' is none of {', '.join(field.choices)}",
                    value.span,
                )
            )


def _refuse_basic(section: Mapping, findings: list[Diagnostic]) -> None:
    kind = section.get("type")
    if isinstance(kind, Scalar) and kind.text.strip().lower() == "basic":
        findings.append(
            Diagnostic(
                VALUE_INVALID,
                "authorization cannot be of type 'basic'",
                kind.span,
                hint="use 'basic_auth' instead",
            )
        )
