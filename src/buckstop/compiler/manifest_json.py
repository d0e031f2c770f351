"""Write and read ``accountability.json``.

The JSON mirrors `Manifest` field by field; labels and matches are objects, since their order means
nothing to a reader. Writing is byte-deterministic.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from buckstop.charter.model import Handover, Reroute
from buckstop.compiler.manifest import (
    Authority,
    Manifest,
    ManifestAlert,
    ManifestMatch,
    ManifestReceiver,
    ManifestTeam,
    Role,
)

FORMAT_VERSION: Final = 2
"""Of the JSON's shape. Readers refuse any other."""

ROLES: Final[tuple[Role, ...]] = ("accountable", "informed", "ledger", "not_accountable")
REROUTES: Final[tuple[Reroute, ...]] = ("off", "dry-run", "on")

T = TypeVar("T")


class ManifestError(ValueError):
    """The text is no ``accountability.json`` of this version; the message says where and why."""


def write_manifest(manifest: Manifest) -> str:
    """`manifest` as JSON text, the same bytes every time, ending in a newline.

    An entry of a list is one line, so that a difference between two builds reads alert by alert.
    """
    value: dict[str, object] = {
        "version": FORMAT_VERSION,
        "organization": manifest.organization,
        "charter_digest": manifest.charter_digest,
        "targets": dict(manifest.targets),
        "team_label": manifest.team_label,
        "severities": list(manifest.severities),
        "incident_by": list(manifest.incident_by),
        "default_team": manifest.default_team,
        "default_authority": _authority_value(manifest.default_authority),
        "handover": {
            "answer_within_seconds": manifest.handover.answer_within_seconds,
            "reroute": manifest.handover.reroute,
        },
        "teams": [
            {"id": team.id, "name": team.name, "lead": team.lead, "members": list(team.members)}
            for team in manifest.teams
        ],
        "receivers": [
            {"name": receiver.name, "team": receiver.team, "role": receiver.role}
            for receiver in manifest.receivers
        ],
        "alerts": [
            {
                "alert": alert.alert,
                "labels": dict(alert.labels),
                "team": alert.team,
                "inform": list(alert.inform),
                "authority": _authority_value(alert.authority),
                "rule_file": alert.rule_file,
                "slo": alert.slo,
            }
            for alert in manifest.alerts
        ],
        "existing": [
            {
                "match": dict(entry.match),
                "team": entry.team,
                "reason": entry.reason,
                "authority": _authority_value(entry.authority),
            }
            for entry in manifest.existing
        ],
    }
    fields = ",\n".join(f'"{name}": {_lines(field)}' for name, field in value.items())
    return f"{{\n{fields}\n}}\n"


def _lines(field: object) -> str:
    # Without `indent`, which would cost five times the time of everything else here.
    if isinstance(field, list) and field and isinstance(field[0], dict):
        entries = ",\n  ".join(json.dumps(entry, ensure_ascii=False) for entry in field)
        return f"[\n  {entries}\n]"
    return json.dumps(field, ensure_ascii=False)


def read_manifest(text: str) -> Manifest:
    """The manifest that `text` holds.

    Raises:
        ManifestError: the text is no JSON, of another version, or lacks or mistypes a field.
    """
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"not JSON: {error}") from error
    root = _Fields(value, "accountability.json")
    version = root.whole("version")
    if version != FORMAT_VERSION:
        raise ManifestError(
            f"format version {version}, but this buckstop reads {FORMAT_VERSION}: build again"
        )
    return Manifest(
        organization=root.text("organization"),
        charter_digest=root.text("charter_digest"),
        targets=root.pairs("targets"),
        team_label=root.text("team_label"),
        severities=root.texts("severities"),
        incident_by=root.texts("incident_by"),
        teams=root.each("teams", _team),
        receivers=root.each("receivers", _receiver),
        alerts=root.each("alerts", _alert),
        existing=root.each("existing", _match),
        default_team=root.text("default_team"),
        default_authority=_authority(root.under("default_authority")),
        handover=_handover(root),
    )


class _Fields:
    """A JSON object whose fields are read with their types checked, and its path for messages."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise ManifestError(f"{path}: an object was expected")
        self._fields = cast("dict[str, Any]", value)
        self._path = path

    def text(self, name: str) -> str:
        return self._typed(name, str, "a string")

    def text_or_none(self, name: str) -> str | None:
        return None if self._fields.get(name) is None else self.text(name)

    def whole(self, name: str) -> int:
        return self._typed(name, int, "a whole number")

    def number(self, name: str) -> float:
        if isinstance(self._fields.get(name), int):
            return float(self.whole(name))
        return self._typed(name, float, "a number")

    def has(self, name: str) -> bool:
        return name in self._fields

    def texts(self, name: str) -> tuple[str, ...]:
        items = self._typed(name, list, "a list")
        if not all(isinstance(item, str) for item in items):
            raise ManifestError(f"{self._path}.{name}: a list of strings was expected")
        return tuple(items)

    def pairs(self, name: str) -> tuple[tuple[str, str], ...]:
        items = self._typed(name, dict, "an object")
        if not all(isinstance(item, str) for item in items.values()):
            raise ManifestError(f"{self._path}.{name}: values must be strings")
        return tuple(items.items())

    def under(self, name: str) -> _Fields:
        return _Fields(self._typed(name, dict, "an object"), f"{self._path}.{name}")

    def each(self, name: str, read: Callable[[_Fields], T]) -> tuple[T, ...]:
        items = self._typed(name, list, "a list")
        return tuple(
            read(_Fields(item, f"{self._path}.{name}[{index}]")) for index, item in enumerate(items)
        )

    def _typed(self, name: str, kind: type[T], said: str) -> T:
        value = self._fields.get(name)
        # A bool is an int to Python, never to a reader of JSON.
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ManifestError(f"{self._path}.{name}: {said} was expected")
        return value


def _authority_value(authority: Authority) -> dict[str, object]:
    return {"file": authority.file, "line": authority.line, "text": authority.text}


def _authority(fields: _Fields) -> Authority:
    return Authority(file=fields.text("file"), line=fields.whole("line"), text=fields.text("text"))


def _handover(root: _Fields) -> Handover:
    # Builds from before it was written have none; what they had holds.
    if not root.has("handover"):
        return Handover()
    fields = root.under("handover")
    said = fields.text("reroute")
    for known in REROUTES:
        if said == known:
            return Handover(fields.number("answer_within_seconds"), known)
    raise ManifestError(
        f"accountability.json.handover.reroute: {said!r} is not known; known: {', '.join(REROUTES)}"
    )


def _team(fields: _Fields) -> ManifestTeam:
    return ManifestTeam(
        id=fields.text("id"),
        name=fields.text("name"),
        lead=fields.text_or_none("lead"),
        members=fields.texts("members"),
    )


def _receiver(fields: _Fields) -> ManifestReceiver:
    role = fields.text("role")
    for known in ROLES:
        if role == known:
            return ManifestReceiver(
                name=fields.text("name"), team=fields.text_or_none("team"), role=known
            )
    raise ManifestError(f"unknown role {role!r} of a receiver; known: {', '.join(ROLES)}")


def _alert(fields: _Fields) -> ManifestAlert:
    return ManifestAlert(
        alert=fields.text("alert"),
        labels=fields.pairs("labels"),
        team=fields.text("team"),
        inform=fields.texts("inform"),
        authority=_authority(fields.under("authority")),
        rule_file=fields.text("rule_file"),
        slo=fields.text_or_none("slo"),
    )


def _match(fields: _Fields) -> ManifestMatch:
    return ManifestMatch(
        match=fields.pairs("match"),
        team=fields.text_or_none("team"),
        reason=fields.text_or_none("reason"),
        authority=_authority(fields.under("authority")),
    )
