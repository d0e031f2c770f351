"""Which labels the series that an expression gives may have."""

from buckstop.language.domains import Domain
from buckstop.promql.domains.algebra import ANY_LABELS, NO_LABELS
from buckstop.promql.domains.naming import labels_named, series_followed
from buckstop.promql.domains.reading import domain
from buckstop.promql.domains.recordings import RecordedDomains, Recording
from buckstop.promql.domains.shapes import ExpressionDomains

__all__ = [
    "ANY_LABELS",
    "NO_LABELS",
    "Domain",
    "ExpressionDomains",
    "RecordedDomains",
    "Recording",
    "domain",
    "labels_named",
    "series_followed",
]
