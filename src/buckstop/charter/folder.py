"""Which files are the charter's.

A file that is named is read, whatever it holds. In a folder, a YAML file is a part of the charter
when it holds at least one top-level key of a charter in that key's own form (``models`` is a
mapping here, a list in dbt's files), most of its top-level keys are a charter's, and none is one
that a known other format is told by. So rule files, Alertmanager's configuration and generated
output may lie beside it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from buckstop.charter.gather import LISTED, NAMED, TOP_LEVEL
from buckstop.document import Mapping, Node, Scalar, Sequence

SUFFIXES: Final = (".yml", ".yaml")
MAX_FILES: Final = 20_000
"""YAML files of one folder that are looked at; a folder with more is an error."""
SKIPPED_FOLDERS: Final = ("node_modules", "__pycache__", "site-packages")
BUILD_MARK: Final = "accountability.json"
"""A folder that holds it is a build's output, not a source."""
FOREIGN_KEYS: Final = (
    "groups",  # Prometheus rules
    "route",  # Alertmanager
    "receivers",
    "global",
    "scrape_configs",  # Prometheus
    "apiVersion",  # Kubernetes
    "kind",
    "services",  # Compose
    "rule_files",
)
_TELLING_TEXT: Final = re.compile(
    rb"^(teams|accountability|profiles|models|severities|organization)[ \t]*:", re.MULTILINE
)


def yaml_files(folder: Path, unread: Callable[[OSError], None]) -> Iterator[Path]:
    """All YAML files below `folder`, in the order of their paths.

    Hidden folders, builds and folders of installed packages are passed over; links to folders are
    not followed. `unread` is called for each folder that the system refuses to list.
    """
    for name, folders, files in os.walk(folder, onerror=unread):
        if BUILD_MARK in files and Path(name) != folder:
            folders.clear()
            continue
        folders[:] = sorted(
            below for below in folders if not below.startswith(".") and below not in SKIPPED_FOLDERS
        )
        for file in sorted(files):
            if file.endswith(SUFFIXES) and not file.startswith("."):
                yield Path(name, file)


def is_part(root: Node | None) -> bool:
    """Whether a document found in a folder is a part of the charter."""
    if not isinstance(root, Mapping) or not root.entries:
        return False
    keys = [entry.key.text for entry in root]
    if any(key in FOREIGN_KEYS for key in keys):
        return False
    known = [entry for entry in root if entry.key.text in TOP_LEVEL]
    telling = [entry for entry in known if entry.key.text != "version"]
    return any(_has_form(entry.key.text, entry.value) for entry in telling) and 2 * len(
        known
    ) > len(keys)


def is_like_part(root: Node | None) -> bool:
    """Whether a document has only a charter's keys, though none in its own form.

    Such a file is not read, and somebody may think that it is.
    """
    if not isinstance(root, Mapping):
        return False
    keys = {entry.key.text for entry in root}
    return bool(keys & {"teams", "accountability"}) and keys <= {*TOP_LEVEL}


def is_like_part_text(text: bytes) -> bool:
    """Whether a file that is not YAML was probably meant as a part of the charter."""
    return len({match[1] for match in _TELLING_TEXT.finditer(text)}) > 0


def _has_form(key: str, value: Node) -> bool:
    if isinstance(value, Scalar) and value.is_null:
        return True
    if key in NAMED or (key == "ledger" and not isinstance(value, Scalar)):
        return isinstance(value, Mapping)
    if key in LISTED or key in {"severities", "faults"}:
        return isinstance(value, Sequence)
    return isinstance(value, Scalar)
