"""Which label names the team: given, the convention, or the one that the files use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from buckstop.alertmanager import walk_routes
from buckstop.alertmanager.model import AlertmanagerConfig

if TYPE_CHECKING:
    from buckstop.prometheus.model import RuleFile

DEFAULT_TEAM_LABEL: Final = "accountable_team"

CANDIDATES: Final = (
    DEFAULT_TEAM_LABEL,
    "team",
    "owner",
    "squad",
    "owner_team",
    "owning_team",
    "team_name",
    "service_owner",
    "responsible_team",
    "responsible",
    "tribe",
    "crew",
)
"""Label names that people give to the team, the likelier first."""

Source = Literal["given", "manifest", "found", "guessed", "assumed"]


@dataclass(frozen=True, slots=True)
class TeamLabel:
    """The label that names the team.

    Attributes:
        source: ``given`` on the command line, by a ``manifest``, ``found`` (the convention's own
            name is used), ``guessed`` (the most frequent candidate), ``assumed`` (no candidate
            occurs; the convention's name is taken).
        uses: how many rules and matchers use it; 0 when not counted.
    """

    name: str
    source: Source
    uses: int = 0


def guess_team_label(
    rule_files: Iterable[RuleFile], configs: Iterable[AlertmanagerConfig]
) -> TeamLabel:
    """The candidate that rules and matchers use; `DEFAULT_TEAM_LABEL` wins where it occurs."""
    counted: Counter[str] = Counter()
    for rule_file in rule_files:
        for rule in rule_file.alerts:
            counted.update(name for name, _ in rule.labels if name in CANDIDATES)
    for config in configs:
        for route in walk_routes(config.route):
            counted.update(m.name for m in route.matchers if m.name in CANDIDATES)
    if counted[DEFAULT_TEAM_LABEL]:
        return TeamLabel(DEFAULT_TEAM_LABEL, "found", counted[DEFAULT_TEAM_LABEL])
    if not counted:
        return TeamLabel(DEFAULT_TEAM_LABEL, "assumed")
    best = max(CANDIDATES, key=lambda name: (counted[name], -CANDIDATES.index(name)))
    return TeamLabel(best, "guessed", counted[best])
