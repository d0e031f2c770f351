"""Sets of strings as the servers' regular expressions describe them, and what follows from them."""

from buckstop.language.concatenation import concatenation
from buckstop.language.deciding import MAX_STATES, equal, example, includes, is_empty
from buckstop.language.fixed_ends import fixed_start
from buckstop.language.patterns import PatternError, compile_pattern, listed_values
from buckstop.language.reading import matching
from buckstop.language.regions import ABSENT, ALL_LABEL_SETS, Region, region
from buckstop.language.sets import EVERYTHING, NOTHING, Language, only
from buckstop.language.undecided import Undecided

__all__ = [
    "ABSENT",
    "ALL_LABEL_SETS",
    "EVERYTHING",
    "MAX_STATES",
    "NOTHING",
    "Language",
    "PatternError",
    "Region",
    "Undecided",
    "compile_pattern",
    "concatenation",
    "equal",
    "example",
    "fixed_start",
    "includes",
    "is_empty",
    "listed_values",
    "matching",
    "only",
    "region",
]
