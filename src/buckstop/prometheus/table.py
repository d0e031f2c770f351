"""The fields of Prometheus's files as data: one table a section, each field with its versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from buckstop.document import Fields
from buckstop.prometheus.versions import Version, version_fault

Shape = Literal[
    "text",
    "secret",
    "boolean",
    "integer",
    "natural",
    "size",
    "duration",
    "expression",
    "pattern",
    "labels",
    "texts",
    "list",
    "section",
]
"""What a value looks like; a ``section`` and a ``list`` of sections have tables of their own or
are left to Prometheus."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        since: the first version that knows it; ``(0, 0)`` for those not newer than 2.42.
        until: the first version that knows it no longer, or None.
    """

    name: str
    shape: Shape = "text"
    since: Version = (0, 0)
    until: Version | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One section.

    Attributes:
        where: its place in the file, for the reference: ``alerting.alertmanagers[]``.
        what: it in words, with its article, for messages.
    """

    where: str
    what: str
    fields: tuple[Field, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of all fields."""
        return frozenset(field.name for field in self.fields)

    def finish(self, fields: Fields, version: Version | None) -> None:
        """Report the fields that no Prometheus has here, and those that `version` has not."""
        for field in self.fields:
            entry = fields.entry(field.name)
            if entry is None:
                continue
            fault = version_fault(
                f"'{field.name}'", version, entry.key.span, since=field.since, until=field.until
            )
            if fault is not None:
                fields.findings.append(fault)
        fields.finish()
