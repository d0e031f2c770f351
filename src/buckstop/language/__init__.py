"""Sets of strings as the servers' regular expressions describe them."""

from buckstop.language.patterns import UNIVERSAL_PATTERNS, PatternError, compile_pattern

__all__ = ["UNIVERSAL_PATTERNS", "PatternError", "compile_pattern"]
