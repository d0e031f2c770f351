"""PromQL: whether an expression parses, and what it says about labels."""

from buckstop.promql.parsing import Expression, PromqlError, parse

__all__ = ["Expression", "PromqlError", "parse"]
