"""YAML in, as a tree with positions; YAML out, byte for byte the same every time."""

from buckstop.document.collector import collection_paused
from buckstop.document.emit import Emittable, emit
from buckstop.document.fields import Fields
from buckstop.document.files import (
    NotWrittenError,
    load,
    staged,
    unreadable,
    write_atomically,
)
from buckstop.document.inside import inside
from buckstop.document.parse import MoveSpan, Parsed, parse, parse_one
from buckstop.document.place import locate
from buckstop.document.plain import Plain, to_plain
from buckstop.document.rewriting import rewritten
from buckstop.document.tables import Field, Table, finish_section, given, texts
from buckstop.document.text import shown_text
from buckstop.document.tree import Entry, Mapping, Node, Scalar, Sequence
from buckstop.document.values import (
    as_bool,
    as_float,
    as_int,
    as_text,
    has_text,
    is_nothing,
    wrong_type,
)

__all__ = [
    "Emittable",
    "Entry",
    "Field",
    "Fields",
    "Mapping",
    "MoveSpan",
    "Node",
    "NotWrittenError",
    "Parsed",
    "Plain",
    "Scalar",
    "Sequence",
    "Table",
    "as_bool",
    "as_float",
    "as_int",
    "as_text",
    "collection_paused",
    "emit",
    "finish_section",
    "given",
    "has_text",
    "inside",
    "is_nothing",
    "load",
    "locate",
    "parse",
    "parse_one",
    "rewritten",
    "shown_text",
    "staged",
    "texts",
    "to_plain",
    "unreadable",
    "write_atomically",
    "wrong_type",
]
