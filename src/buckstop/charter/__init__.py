"""Teams, models, objectives and the decision table: what an organisation declares."""

from buckstop.charter.json_schema import json_schema
from buckstop.charter.load import Loaded, load, read, rooted
from buckstop.charter.model import Charter, Decision, Model, Row
from buckstop.charter.rows import describe
from buckstop.charter.sli import SLIS, STANDARD_FAULTS, SliDefinition
from buckstop.charter.table import Table

__all__ = [
    "SLIS",
    "STANDARD_FAULTS",
    "Charter",
    "Decision",
    "Loaded",
    "Model",
    "Row",
    "SliDefinition",
    "Table",
    "describe",
    "json_schema",
    "load",
    "read",
    "rooted",
]
