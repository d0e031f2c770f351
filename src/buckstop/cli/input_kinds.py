"""What a file is by its content."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from buckstop.document import Mapping, parse_one

Kind = Literal["charter", "rules", "alertmanager", "prometheus", "manifest", "objects"]

MANIFEST_NAME: Final = "accountability.json"

_TOP_LEVEL_KEY: Final = re.compile(rb"^[\"']?([A-Za-z_]+)[\"']?[ \t]*:", re.MULTILINE)
NOUNS: Final[dict[Kind, str]] = {
    "charter": "charter",
    "rules": "rule file",
    "alertmanager": "alertmanager.yml",
    "prometheus": "prometheus.yml",
    "manifest": MANIFEST_NAME,
    "objects": "Kubernetes manifest",
}


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read whole.

    Attributes:
        display: the name by which the user knows it.
    """

    path: Path
    display: str
    kind: Kind
    data: bytes

    @property
    def text(self) -> str:
        """For excerpts; what is no UTF-8 is shown as a replacement character."""
        return self.data.decode("utf-8-sig", errors="replace")

    @property
    def sha256(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


def kind_of(data: bytes) -> Kind | None:
    """What a file is by its top-level keys, or None for none of ours.

    Reads no YAML: a file with a slip in it is still taken for what it is meant to be.
    """
    if data.lstrip()[:1] == b"{":
        return _kind(_keys_of_flow(data))
    return _kind({key.decode("ascii") for key in _TOP_LEVEL_KEY.findall(data)})


def _kind(keys: set[str]) -> Kind | None:
    if "apiVersion" in keys and "kind" in keys:
        return "objects"
    if "charter_digest" in keys:
        return "manifest"
    if "teams" in keys and keys & {"version", "accountability"}:
        return "charter"
    if "version" in keys and "accountability" in keys:
        return "charter"
    if "groups" in keys:
        return "rules"
    if "route" in keys and "receivers" in keys:
        return "alertmanager"
    if keys & {"scrape_configs", "rule_files", "alerting"} and "tests" not in keys:
        return "prometheus"
    return None


def _keys_of_flow(data: bytes) -> set[str]:
    node, _ = parse_one(data, "")
    return {entry.key.text for entry in node} if isinstance(node, Mapping) else set()
