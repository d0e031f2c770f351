"""What the generated files must run on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from buckstop.alertmanager import versions as alertmanager
from buckstop.charter.model import Secret
from buckstop.prometheus import versions as prometheus
from buckstop.prometheus.versions import dotted

_ALERTMANAGER: Final = dotted(alertmanager.OLDEST)
_PROMETHEUS: Final = dotted(prometheus.OLDEST)
SECRETS_FOLDER: Final = "/etc/alertmanager/secrets"


@dataclass(frozen=True, slots=True)
class Targets:
    """Versions and paths on the machines that will run the files.

    Attributes:
        alertmanager, prometheus: versions, such as ``0.28``; the patch level says nothing.
        secrets_folder: where Alertmanager finds the secrets that the charter refers to.
    """

    alertmanager: str = _ALERTMANAGER
    prometheus: str = _PROMETHEUS
    secrets_folder: str = SECRETS_FOLDER


def targets_for(
    alertmanager: str | None, prometheus: str | None, *, secrets_folder: str = SECRETS_FOLDER
) -> Targets:
    """The versions aimed at; None stands for the oldest that is supported."""
    return Targets(alertmanager or _ALERTMANAGER, prometheus or _PROMETHEUS, secrets_folder)


def secret_path(secret: Secret, targets: Targets) -> str:
    """The file in which the server finds `secret`; one from the environment is named after it.

    Absolute names stay as they are.
    """
    return str(PurePosixPath(targets.secrets_folder) / secret.name)
