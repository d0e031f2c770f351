"""What can be wrong with a file before anybody asks what it means."""

from __future__ import annotations

from buckstop.diagnostics import Code, Level

_UNREAD = "What cannot be read decides nothing: nobody is accountable for what stands in it."
_TWO_READINGS = (
    "Two readers of the same file may see two different owners; accountability needs one."
)

FILE_UNREADABLE = Code("file-unreadable", Level.ERROR, "A file cannot be read", _UNREAD)
FILE_TOO_LARGE = Code(
    "file-too-large", Level.ERROR, "A file is larger than will be read at once", _UNREAD
)
FILE_NOT_TEXT = Code(
    "file-not-text", Level.ERROR, "A file is not UTF-8 text, or holds control characters", _UNREAD
)
YAML_SYNTAX = Code("yaml-syntax", Level.ERROR, "A file is not YAML", _UNREAD)
YAML_TAB = Code("yaml-tab", Level.ERROR, "A tab is used for indentation", _UNREAD)
YAML_EMPTY = Code(
    "yaml-empty",
    Level.WARNING,
    "A file says nothing",
    "An empty file is accepted by the servers without a word; whatever stood there is gone.",
)
YAML_SEVERAL_DOCUMENTS = Code(
    "yaml-several-documents",
    Level.ERROR,
    "A file holds several documents where one is read",
    "The servers read the first document and ignore the rest without a word.",
)
YAML_DUPLICATE_KEY = Code(
    "yaml-duplicate-key", Level.ERROR, "A key is given twice in one mapping", _TWO_READINGS
)
YAML_KEY_NOT_SCALAR = Code(
    "yaml-key-not-scalar", Level.ERROR, "A key is itself a list or a mapping", _UNREAD
)
YAML_ALIAS = Code(
    "yaml-alias", Level.ERROR, "An alias has no anchor, or an anchor contains itself", _UNREAD
)
YAML_MERGE = Code(
    "yaml-merge",
    Level.ERROR,
    "A merge key (<<) that readers of YAML do not agree on",
    _TWO_READINGS,
)
YAML_LIMIT = Code(
    "yaml-limit", Level.ERROR, "A document is deeper or larger than will be read", _UNREAD
)
KEY_UNKNOWN = Code(
    "key-unknown",
    Level.ERROR,
    "A key that is not known here",
    "A misspelt key does nothing, and the servers refuse a file that has one.",
)
KEY_MISSING = Code(
    "key-missing",
    Level.ERROR,
    "A required key is missing",
    "Without it the rest of the section cannot be decided.",
)
TYPE_WRONG = Code(
    "type-wrong", Level.ERROR, "A value of the wrong kind", "The servers refuse to load the file."
)
VALUE_INVALID = Code(
    "value-invalid",
    Level.ERROR,
    "A value that cannot be read as what it should be",
    "The servers refuse to load the file, or read something else than was meant.",
)
PATTERN_DEPENDS_ON_BUILD = Code(
    "pattern-depends-on-build",
    Level.WARNING,
    "A regular expression that one build of the server takes and another refuses",
    "Where the server refuses it, it refuses the whole file: at start nobody is told anything.",
)

UNOPENED = frozenset({FILE_UNREADABLE, FILE_TOO_LARGE})
"""Findings for which a command that was asked to read the file exits with 2."""

UNREAD = UNOPENED | {FILE_NOT_TEXT, YAML_SYNTAX, YAML_TAB, YAML_LIMIT}
"""Findings after which a document is not there: nothing else should be said to be missing."""
