"""PromQL: whether an expression parses, what it gives, and what it says about labels."""

from buckstop.promql.features import Feature, Use, uses
from buckstop.promql.outcomes import Expression, PromqlError
from buckstop.promql.parsing import fault_of, parse
from buckstop.promql.quantiles import QuantileThreshold, quantile_thresholds
from buckstop.promql.rewriting import fill, placeholders, without_comments
from buckstop.promql.skeletons import MAX_SKELETONS, skeleton_of
from buckstop.promql.values import ValueType, filters_by_comparison, value_type

__all__ = [
    "MAX_SKELETONS",
    "Expression",
    "Feature",
    "PromqlError",
    "QuantileThreshold",
    "Use",
    "ValueType",
    "fault_of",
    "fill",
    "filters_by_comparison",
    "parse",
    "placeholders",
    "quantile_thresholds",
    "skeleton_of",
    "uses",
    "value_type",
    "without_comments",
]
