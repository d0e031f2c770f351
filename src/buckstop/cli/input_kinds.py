"""What a file is by its content."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from buckstop.document import Mapping, parse_one, shown_text

Kind = Literal[
    "charter", "rules", "alertmanager", "prometheus", "manifest", "objects", "expectations"
]

MANIFEST_NAME: Final = "accountability.json"

_TOP_LEVEL_KEY: Final = re.compile(rb"\n[\"']?([A-Za-z_]+)[\"']?[ \t]*:")
"""Behind the end of a line, for which the engine leaps from one to the next."""
_TELLING_KEY: Final = re.compile(
    rb"groups|receivers|rule_files|scrape_configs|alerting|accountability|charter_digest|apiVersion"
    rb"|expectations"
)
"""Without one of them a file is none of ours."""
_FIRST_KEY: Final = re.compile(rb"^((?:---)?[ \t{]*)[\"']?[A-Za-z_]+[\"']?[ \t]*:", re.MULTILINE)
NOUNS: Final[dict[Kind, str]] = {
    "charter": "charter",
    "rules": "rule file",
    "alertmanager": "alertmanager.yml",
    "prometheus": "prometheus.yml",
    "manifest": MANIFEST_NAME,
    "objects": "Kubernetes manifest",
    "expectations": "file of expectations",
}


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read whole.

    Attributes:
        display: the name by which the user knows it.
        is_loaded: whether it is what a running server says it has loaded; no file lies at `path`.
    """

    path: Path
    display: str
    kind: Kind
    data: bytes
    is_loaded: bool = False

    @property
    def text(self) -> str:
        """For excerpts; what cannot be decoded is shown as a replacement character."""
        return shown_text(self.data)

    @property
    def sha256(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


def kind_of(data: bytes) -> Kind | None:
    """What a file is by its top-level keys, or None for none of ours.

    As a rule reads no YAML: a file with a slip in it is still taken for what it is meant to be.
    What is written otherwise than with a key at the start of each line, and names one of the keys
    asked for, is read as the servers read it.
    """
    if not data.isascii():
        data = shown_text(data).encode("utf-8", errors="replace")
    kind = _kind({key.decode("ascii") for key in _TOP_LEVEL_KEY.findall(b"\n" + data)})
    if kind is not None or not _TELLING_KEY.search(data):
        return kind
    return _kind(_keys_of(data))


def _kind(keys: set[str]) -> Kind | None:
    if "apiVersion" in keys and "kind" in keys:
        return "objects"
    if "charter_digest" in keys:
        return "manifest"
    if "teams" in keys and keys & {"version", "accountability"}:
        return "charter"
    if "version" in keys and "accountability" in keys:
        return "charter"
    if "expectations" in keys and "expectation_suite_name" not in keys:
        # A file with the other key is a suite of Great Expectations.
        return "expectations"
    if "groups" in keys:
        return "rules"
    if "route" in keys and "receivers" in keys:
        return "alertmanager"
    if keys & {"scrape_configs", "rule_files", "alerting"} and "tests" not in keys:
        return "prometheus"
    return None


def _keys_of(data: bytes) -> set[str]:
    """The keys of the first document; where it cannot be read, those that start a line alike."""
    node, _ = parse_one(data, "")
    if node is not None:
        return {entry.key.text for entry in node} if isinstance(node, Mapping) else set()
    first = _FIRST_KEY.search(data)
    if first is None:
        return set()
    start = re.compile(rb"^" + first[1] + rb"[\"']?([A-Za-z_]+)[\"']?[ \t]*:", re.MULTILINE)
    return {key.decode("ascii") for key in start.findall(data)}
