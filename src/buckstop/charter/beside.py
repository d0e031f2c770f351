"""Files beside a part of a charter that was given alone: what is missing may stand there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Final

from buckstop import document
from buckstop.charter import codes
from buckstop.charter.folder import SUFFIXES, is_part
from buckstop.charter.names import also_hinted
from buckstop.diagnostics import Diagnostic
from buckstop.document import Mapping, parse

MAX_LOOKED_AT: Final = 100
"""Files beside the one that was given of which it is asked whether they are parts."""
DECLARED_UNDER: Final = {
    codes.TEAM_UNKNOWN: "teams",
    codes.MODEL_UNKNOWN: "models",
    codes.PROFILE_UNKNOWN: "profiles",
    codes.SEVERITY_UNKNOWN: "severities",
    codes.FAULT_UNKNOWN: "faults",
    codes.CONTACT_INCOMPLETE: "defaults",
    codes.OTHERWISE_MISSING: "accountability",
    codes.DECISION_HOLE: "accountability",
}
"""For findings that something is missing: the top-level key that it would stand under."""


def hint_beside(path: Path, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The findings of the charter at `path`, one file, with the files that were not read named.

    Each finding that something is missing says which file beside `path` declares such things.
    """
    if not any(one.code in DECLARED_UNDER for one in found):
        return found
    parts = _parts_beside(path)
    return tuple(_hinted(one, parts) for one in found)


def _hinted(one: Diagnostic, parts: Iterable[tuple[str, Mapping]]) -> Diagnostic:
    key = DECLARED_UNDER.get(one.code)
    name = next((name for name, root in parts if key is not None and key in root), None)
    if name is None:
        return one
    return also_hinted(one, f"`{name}` beside this file is not read: give the folder")


def _parts_beside(path: Path) -> list[tuple[str, Mapping]]:
    try:
        names = sorted(islice(path.parent.iterdir(), MAX_LOOKED_AT))
    except OSError:
        return []  # a hint is not worth a failure
    parts = []
    for file in names:
        if file.suffix not in SUFFIXES or file.name == path.name or not file.is_file():
            continue
        raw, _ = document.load(file, str(file))
        roots = () if raw is None else parse(raw, file.name).roots
        parts += [(file.name, one) for one in roots if isinstance(one, Mapping) and is_part(one)]
    return parts
