"""The ways in which a stretch of a template may end, and what its variables hold then."""

from __future__ import annotations

from dataclasses import dataclass

from buckstop.gotemplate.evaluation import Variables, merged
from buckstop.gotemplate.failures import Failure


@dataclass(frozen=True, slots=True)
class Ways:
    """How statements may end: with which variables; None where that way is not taken.

    Attributes:
        failure: one that explains why no way is left.
    """

    through: Variables | None = None
    broken: Variables | None = None
    continued: Variables | None = None
    failure: Failure | None = None

    def joined(self, other: Ways) -> Ways:
        """Either of the two."""
        return Ways(
            either(self.through, other.through),
            either(self.broken, other.broken),
            either(self.continued, other.continued),
            self.failure or other.failure,
        )

    def cut(self, mark: int) -> Ways:
        """Without the variables that were declared after the first `mark`."""
        return Ways(
            None if self.through is None else self.through[:mark],
            None if self.broken is None else self.broken[:mark],
            None if self.continued is None else self.continued[:mark],
            self.failure,
        )


def either(left: Variables | None, right: Variables | None) -> Variables | None:
    """The variables where one of two ways was taken, and it is open which."""
    if left is None or right is None:
        return left if right is None else right
    return merged(left, right)
