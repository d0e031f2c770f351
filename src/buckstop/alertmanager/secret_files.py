"""Which secrets Alertmanager can read from a file, by version."""

from __future__ import annotations

from buckstop.alertmanager.kinds import GLOBAL, kind
from buckstop.alertmanager.versions import parse_version


def secret_field(kind_name: str, field: str, version: str) -> str | None:
    """The field that names the file in which Alertmanager `version` finds a secret.

    Args:
        kind_name: ``slack``, ``pagerduty``, …, or ``global``.
        field: the secret itself, such as ``api_url``.
        version: ``major.minor``; a patch level is ignored.

    Returns:
        For example ``api_url_file``; None where that version can only hold the secret inline, or
        where the kind or the field is not known to it.

    Raises:
        ValueError: if `version` is none.
    """
    known = kind(kind_name)
    table = GLOBAL if kind_name == "global" else None if known is None else known.table
    found = None if table is None else table.field(f"{field}_file")
    aimed = parse_version(version)
    if found is None or found.since > aimed or (known is not None and known.since > aimed):
        return None
    return found.name
