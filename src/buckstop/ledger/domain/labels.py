"""Which alert is which: identity from labels alone, never from when it started."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from buckstop.alertmanager.copies import RESERVED_PREFIX

LEDGER_LABEL_PREFIX = RESERVED_PREFIX
"""Labels that begin so belong to the ledger (the copies of a handover); no identity has them."""

DEFAULT_REPLICA_LABELS = ("__replica__", "prometheus_replica")
"""Labels that tell one replica of a Prometheus from another; both see the same trouble."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which alert a label set is.

    Attributes:
        fingerprint: over the canonical labels without replica labels, the team label and the
            ledger's own labels. It stays when accountability moves to another team.
        member: the same with the team label: two rules that differ only by team are two members.
        label_set: over all labels as sent: one stream of one source.
    """

    fingerprint: str
    member: str
    label_set: str


@dataclass(frozen=True, slots=True)
class IdentityRule:
    """What to leave out of an alert's identity.

    Attributes:
        team_label: the label that names the accountable team.
        replica_labels: labels that differ between replicas of one Prometheus.
    """

    team_label: str
    replica_labels: tuple[str, ...] = DEFAULT_REPLICA_LABELS

    def tells(self, name: str) -> bool:
        """Whether the label tells one alert from another."""
        return name not in self.replica_labels and not name.startswith(LEDGER_LABEL_PREFIX)

    def identify(self, labels: Mapping[str, str]) -> Identity:
        """The identity of the alert that carries `labels`; an empty value is no label."""
        carried = {name: value for name, value in labels.items() if value != ""}
        telling = {name: value for name, value in carried.items() if self.tells(name)}
        teamless = {name: value for name, value in telling.items() if name != self.team_label}
        member = label_digest(telling)
        return Identity(
            fingerprint=label_digest(teamless),
            member=member,
            label_set=member if len(telling) == len(carried) else label_digest(carried),
        )


_COMPACT = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


def label_digest(labels: Mapping[str, str]) -> str:
    """32 hexadecimal digits that stand for exactly these labels, whatever their order."""
    canonical = _COMPACT.encode(sorted(labels.items()))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()[:32]
