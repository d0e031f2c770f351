"""What is known of the labels of alerts that are judged alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the labels of alerts that are judged alike.

    Attributes:
        labels: name to the value that all of them have.
        absent: names that none of them has.
        team: the value of the team label, or one that stands for all that no route and no file
            names; None where it is absent.
        is_team_external: whether the server's external labels give that value, not the rule.
    """

    labels: Mapping[str, str]
    absent: frozenset[str]
    team: str | None
    is_team_external: bool = False
