"""YAML in, as a tree with positions; YAML out, byte for byte the same every time."""

from buckstop.document.parse import Parsed, parse, parse_one
from buckstop.document.tree import Entry, Mapping, Node, Scalar, Sequence

__all__ = ["Entry", "Mapping", "Node", "Parsed", "Scalar", "Sequence", "parse", "parse_one"]
