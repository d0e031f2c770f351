"""The fields of ``alertmanager.yml`` as tables, one file a kind of integration."""

from buckstop.alertmanager.kinds.every import KINDS, kind
from buckstop.alertmanager.kinds.settings import GLOBAL
from buckstop.alertmanager.kinds.table import Field, Inherited, Kind, Shape, Table, Version

__all__ = ["GLOBAL", "KINDS", "Field", "Inherited", "Kind", "Shape", "Table", "Version", "kind"]
