"""The fields that tables declare, as sections of a page: one section a table."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Final

from field_tables import FieldRow, SectionTable, link_to

from buckstop.document import Field, Table
from buckstop.document.tables import Shape
from buckstop.document.versions import Version

WORDS: Final[Mapping[Shape, str]] = {
    "text": "text",
    "secret": "secret",
    "path": "path of a file",
    "url": "URL, http or https",
    "any_url": "URL",
    "secret_url": "secret URL, http or https",
    "templated_secret_url": "secret URL, http or https, or a template",
    "boolean": "true or false",
    "integer": "whole number",
    "natural": "whole number, not negative",
    "number": "number",
    "size": "size, such as `10MB`",
    "duration": "duration, such as `1h30m` or `1d`",
    "go_duration": "duration, such as `1h30m`; no days",
    "nanoseconds": "duration, such as `30s`; a bare number is nanoseconds",
    "host_port": "`host:port`",
    "expression": "PromQL",
    "pattern": "regular expression, anchored",
    "texts": "list of text",
    "text_map": "mapping to text",
    "text_lists": "mapping to lists of text",
    "anything": "anything",
    "anything_map": "mapping to anything",
    "read_elsewhere": "list of such sections",
    "left_list": "list",
    "left_section": "section",
}


def declared_sections(root: Table, oldest: Version) -> tuple[SectionTable, ...]:
    """The section of `root` and of each that stands in it.

    Args:
        oldest: the oldest supported version; what it has has no version.
    """
    return tuple(_section(path, table, oldest) for path, table in _tables(root))


def _tables(root: Table) -> Iterator[tuple[str, Table]]:
    """Each table once with the path at which it is first met, from the top of the file down."""
    seen: list[Table] = []
    waiting = [("", root)]
    while waiting:
        path, table = waiting.pop(0)
        if any(table is known for known in seen):
            continue
        seen.append(table)
        yield path, table
        waiting += [
            (f"{path}.{field.name}".lstrip("."), field.shape)
            for field in table.fields
            if isinstance(field.shape, Table)
        ]


def _section(path: str, table: Table, oldest: Version) -> SectionTable:
    return SectionTable(
        title=_title(table),
        intro=" ".join((*((f"First met at `{path}`.",) if path else ()), *_remarks(table))),
        rows=tuple(_row(field, table, oldest) for field in table.fields),
    )


def _remarks(table: Table) -> Iterator[str]:
    """What the checks of a section say of themselves: no row can say it."""
    for check in (table.check, table.check_inherited):
        if check is not None:
            yield " ".join((inspect.getdoc(check) or "").replace("``", "`").split())


def _title(table: Table) -> str:
    what = table.what
    for article in ("a ", "an ", "the "):
        what = what.removeprefix(article)
    return what[0].upper() + what[1:]


def _row(field: Field, table: Table, oldest: Version) -> FieldRow:
    return FieldRow(
        name=field.name,
        shape=_shape(field),
        since=since(field.since, oldest),
        until="" if field.until is None else since(field.until, oldest),
        notes="; ".join(_notes(field.name, table)),
    )


def _shape(field: Field) -> str:
    if field.choices:
        return "one of " + ", ".join(f"`{choice}`" for choice in field.choices if choice)
    if not isinstance(field.shape, Table):
        return WORDS[field.shape]
    link = link_to(_title(field.shape))
    if field.many:
        return f"list of {link}"
    if field.keyed:
        return f"mapping to {link}"
    return f"text, or {link}" if field.or_text else link


def _notes(name: str, table: Table) -> Iterator[str]:
    for group in table.required:
        if name in group:
            others = [other for other in group if other != name]
            yield f"required, or {_listed(others)}" if others else "required"
    for inherited in table.inherits:
        if name in inherited.fields:
            others = [other for other in inherited.fields if other != name]
            alternatives = f"{_listed(others)}, or " if others else ""
            yield f"required, or {alternatives}global {_listed(inherited.global_fields)}"
    for group in table.exclusive:
        if name in group:
            yield f"not beside {_listed([other for other in group if other != name])}"


def _listed(names: tuple[str, ...] | list[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)


def since(version: Version, oldest: Version) -> str:
    """``3.5``; empty for what every supported version has."""
    return "" if version <= oldest else ".".join(str(part) for part in version)
