"""Secrets that stand in a file, moved into files of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from buckstop.alertmanager.kinds import GLOBAL, kind
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.document import Entry, Field, Mapping, Node, Scalar, Sequence, Table
from buckstop.document.versions import Version
from buckstop.mends.model import Edit, Kept, Mend, SecretFile
from buckstop.mends.source import Source

_SHAPES = frozenset({"secret", "secret_url", "templated_secret_url"})
_UNFIT = re.compile(r"[^A-Za-z0-9_.-]+")
_REDACTED = "<secret>"


def mend_secrets(
    source: Source, config: AlertmanagerConfig, folder: str, version: Version
) -> Iterator[Mend | Kept]:
    """Each inline secret for which `version` reads a file.

    Args:
        folder: where the files are to stand, as the configuration is to name it.
        version: fields that came later are left as they are.
    """
    names: set[str] = set()
    for name, section, table in _sections(config):
        for path, entry in _secrets(section, table, version):
            file = _unique(_UNFIT.sub("-", f"{name}.{path}"), names)
            yield _moved(source, entry, str(PurePosixPath(folder) / file))


def _sections(config: AlertmanagerConfig) -> Iterator[tuple[str, Mapping, Table]]:
    """The sections in which secrets stand, with names that tell them apart."""
    if config.global_ is not None:
        yield "global", config.global_, GLOBAL
    for receiver in config.receivers:
        for one in receiver.integrations:
            known = kind(one.kind)
            if known is not None:
                yield f"{receiver.name}.{one.kind}.{one.index}", one.node, known.table


def _secrets(section: Mapping, table: Table, version: Version) -> Iterator[tuple[str, Entry]]:
    """The inline secrets of a section and of those within it, by the path of their keys."""
    for entry in section:
        field = table.field(entry.key.text)
        if field is None:
            continue
        if isinstance(field.shape, Table):
            for place, inner in _inner(field, entry.value):
                for path, found in _secrets(inner, field.shape, version):
                    yield f"{entry.key.text}{place}.{path}", found
        elif field.shape in _SHAPES and _is_movable(section, table, entry, version):
            yield entry.key.text, entry


def _inner(field: Field, value: Node) -> Iterator[tuple[str, Mapping]]:
    if field.keyed:
        return
    items = value.items if field.many and isinstance(value, Sequence) else (value,)
    for index, item in enumerate(items):
        if isinstance(item, Mapping):
            yield (f".{index}" if field.many else ""), item


def _is_movable(section: Mapping, table: Table, entry: Entry, version: Version) -> bool:
    file = table.field(f"{entry.key.text}_file")
    value = entry.value
    return (
        file is not None
        and file.known_to(version)
        and section.get(file.name) is None
        and isinstance(value, Scalar)
        and not value.is_null
        and value.text not in {"", _REDACTED}
        and "{{" not in value.text
    )


def _moved(source: Source, entry: Entry, path: str) -> Mend | Kept:
    key, value = entry.key, entry.value
    assert isinstance(value, Scalar), "only scalars are moved"
    is_one_line = value.span.line == value.span.end_line and value.style in {
        "plain",
        "single",
        "double",
    }
    between = source.text[source.end(key.span) : source.start(value.span)]
    if not is_one_line or value.text != value.text.strip() or between.strip() != ":":
        return Kept(key.span, f"`{key.text}` is not on one line, or begins or ends with space")
    name = f"{key.text}_file"
    edits = (
        Edit(source.start(key.span), source.end(key.span), name),
        Edit(source.start(value.span), source.end(value.span), "'" + path.replace("'", "''") + "'"),
    )
    return Mend(f"`{key.text}` becomes `{name}`", key.span, edits, SecretFile(path, value.text))


def _unique(name: str, taken: set[str]) -> str:
    candidate, count = name, 1
    while candidate in taken:
        count += 1
        candidate = f"{name}-{count}"
    taken.add(candidate)
    return candidate
