"""One kind of integration: its name, its table, and since when there is one."""

from __future__ import annotations

from dataclasses import dataclass

from buckstop.document.tables import Table
from buckstop.document.versions import Version


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of integration.

    Attributes:
        name: without the ``_configs``.
        since: the first version that has it.
    """

    name: str
    table: Table
    since: Version = (0,)
