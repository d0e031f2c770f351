"""The file of ``--baseline``: what was found on a day from which on only what is new fails."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

FORMAT_VERSION: Final = 1
"""A change of what goes into a fingerprint changes it."""


class BaselineError(Exception):
    """A file is no baseline that this version reads; the message says why."""


class Entry(NamedTuple):
    """One finding or verdict, as far as it is known again when other lines change.

    Attributes:
        alert: the rule that it stands in, or an empty text.
    """

    file: str
    alert: str
    code: str
    fingerprint: str


def baseline_text(entries: Iterable[Entry]) -> str:
    """The file: one entry a line, sorted, so that a change of it is read in a review."""
    lines = ",\n".join(
        f"  {json.dumps(entry._asdict(), ensure_ascii=False)}" for entry in sorted(entries)
    )
    found = f"[\n{lines}\n ]" if lines else "[]"
    return f'{{\n "version": {FORMAT_VERSION},\n "found": {found}\n}}\n'


def read_baseline(data: bytes) -> tuple[Entry, ...]:
    """The entries of a file that `baseline_text` wrote.

    Raises:
        BaselineError: it is another file, or was cut off.
    """
    try:
        value = json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"no JSON ({error})") from error
    if not isinstance(value, dict) or not isinstance(value.get("found"), list):
        raise BaselineError('no object with a list of what was "found"')
    if value.get("version") != FORMAT_VERSION:
        raise BaselineError(f"of version {value.get('version')!r}; read is {FORMAT_VERSION}")
    return tuple(map(_entry, value["found"]))


def _entry(value: Any) -> Entry:
    is_entry = isinstance(value, dict) and value.keys() == set(Entry._fields)
    if not is_entry or not all(isinstance(text, str) for text in value.values()):
        raise BaselineError(f"an entry of it has not the keys {', '.join(Entry._fields)}, or texts")
    return Entry(**value)
