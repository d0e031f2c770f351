"""What reading an expression gives: its tree, or what is wrong and where."""

from __future__ import annotations

from dataclasses import dataclass

import promql_parser


@dataclass(frozen=True, slots=True)
class Expression:
    """A valid expression.

    Attributes:
        text: as the user wrote it.
        tree: promql-parser's.
        is_exact: whether the tree has all texts as they are meant. Where a regular expression is
            of RE2's syntax but not of that parser's, it has stand-ins for them; and where bytes
            are written that are no characters, it has others.
    """

    text: str
    tree: promql_parser.Expr
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class PromqlError:
    """Why a text is no expression, and where in it.

    Attributes:
        message: what is wrong, in words.
        start, length: the place in the expression, in code points from 0; a length of 0 where
            something is missing.
        hint: how to mend it, or None where nothing is obvious.
    """

    message: str
    start: int
    length: int
    hint: str | None = None
