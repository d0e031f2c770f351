"""What is loaded today, where owners are found by something else."""

from __future__ import annotations

from dataclasses import dataclass

from buckstop.alertmanager import Router


@dataclass(frozen=True, slots=True)
class Today:
    """What an Alertmanager has loaded, where that is not what owners are found by.

    Attributes:
        silent: its receivers that deliver nowhere.
    """

    router: Router
    silent: frozenset[str]
