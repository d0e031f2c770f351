"""Whether Prometheus takes the sections that say how an Alertmanager is reached."""

from __future__ import annotations

from collections.abc import Iterator

from buckstop.diagnostics import Code, Diagnostic
from buckstop.document import (
    Field,
    Fields,
    Mapping,
    Table,
    finish_section,
    given,
    has_text,
    is_nothing,
)
from buckstop.document.codes import KEY_MISSING, VALUE_INVALID
from buckstop.document.values import is_quoted_null
from buckstop.document.versions import Version
from buckstop.prometheus.http_checks import (
    HttpFault,
    basic_type,
    fixed_headers,
    half_certificate,
    lacks_client_secret,
    oauth2_fault,
    proxy_fault,
    signature_fault,
)
from buckstop.prometheus.http_loading import loading_faults
from buckstop.prometheus.http_tables import (
    AUTHORIZATION,
    FIRST_CHECKED_PAIRS,
    HTTP_FIELDS,
    LAST_WITH_CLIENT_SECRET,
    OAUTH2,
    SIGV4,
    TLS_CONFIG,
)
from buckstop.prometheus.network import url_fault
from buckstop.prometheus.versions import field_faults


def read_http(fields: Fields, table: Table, version: Version | None) -> None:
    """Append what is wrong with how the Alertmanagers of a group, a `table`, are reached."""
    for field in HTTP_FIELDS:
        _read_field(fields, field, version)
    _refuse_several(fields, table)
    proxy = proxy_fault(fields.node, exceptions_need_proxy=True)
    headers = fixed_headers(fields.node, "Prometheus")
    loading = loading_faults(fields.node, version)
    fields.findings.extend(_findings(VALUE_INVALID, proxy, *headers, *loading))


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
    _refuse_several(fields, table)
    fields.findings.extend(_faults(section, table, version))
    finish_section(fields, table, field_faults(version))


def _read_field(fields: Fields, field: Field, version: Version | None) -> None:
    shape = field.shape
    if field.keyed and isinstance(shape, Table):
        keyed = fields.mapping(field.name, f"names to {shape.what}")
        for entry in keyed.entries if keyed is not None else ():
            if not is_nothing(entry.value):
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
    elif shape == "text_lists":
        _read_text_lists(fields, field)
    elif shape == "anything_map":
        fields.mapping(field.name, "names to values")
    else:
        _read_text(fields, field)


def _read_text_lists(fields: Fields, field: Field) -> None:
    lists = fields.fields(field.name, f"'{field.name}'")
    if lists is None:
        return
    for entry in lists.node:
        lists.scalars(entry.key.text, "text")


def _read_text(fields: Fields, field: Field) -> None:
    value = fields.scalar(field.name)
    if value is None:
        return
    message: str | None = None
    if field.choices and value.text not in field.choices:
        message = f"'{value.text}' is none of {', '.join(field.choices)}"
    elif field.shape == "any_url":
        fault = "it is null" if is_quoted_null(value) else url_fault(value.text)
        message = None if fault is None else f"'{field.name}' is no URL: {fault}"
    if message is not None:
        fields.findings.append(Diagnostic(VALUE_INVALID, message, value.span))


def _refuse_several(fields: Fields, table: Table) -> None:
    """Append a finding for each group of fields of which more than one is given."""
    for group in table.exclusive:
        keys = [
            entry.key
            for entry in fields.node
            if entry.key.text in group and given(fields.node, entry.key.text, table)
        ]
        if len(keys) > 1:
            fields.findings.append(
                Diagnostic(
                    VALUE_INVALID,
                    f"'{keys[0].text}' and '{keys[1].text}' exclude each other",
                    keys[1].span,
                    hint="keep one of the two",
                )
            )


def _faults(section: Mapping, table: Table, version: Version | None) -> Iterator[Diagnostic]:
    """What no table says; what only some versions refuse counts where one is aimed at."""
    if table is TLS_CONFIG and version is not None and version >= FIRST_CHECKED_PAIRS:
        yield from _findings(KEY_MISSING, half_certificate(section))
    elif table is AUTHORIZATION:
        yield from _findings(VALUE_INVALID, basic_type(section))
    elif table is OAUTH2:
        yield from _findings(VALUE_INVALID, oauth2_fault(section))
        yield from _findings(VALUE_INVALID, proxy_fault(section, exceptions_need_proxy=True))
        if version is not None and version <= LAST_WITH_CLIENT_SECRET:
            yield from _findings(KEY_MISSING, lacks_client_secret(section))
    elif table is SIGV4:
        yield from _findings(KEY_MISSING, signature_fault(section))


def _findings(code: Code, *faults: HttpFault | None) -> Iterator[Diagnostic]:
    for fault in faults:
        if fault is not None:
            yield Diagnostic(code, fault.message, fault.span, fault.hint)
