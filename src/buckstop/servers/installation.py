"""Four programs that belong together: Prometheus, Alertmanager and their tools."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the programs are, and their versions.

    Attributes:
        prometheus_version, alertmanager_version: ``2.42.0``.
        working_folder: the folder that the programs must run in because they read files relative
            to it, or None where any will do.
    """

    prometheus: Path
    alertmanager: Path
    promtool: Path
    amtool: Path
    prometheus_version: str
    alertmanager_version: str
    working_folder: Path | None = None

    def __str__(self) -> str:
        return f"Prometheus {self.prometheus_version}, Alertmanager {self.alertmanager_version}"
