"""A section is checked by the table that declares it."""

from __future__ import annotations

from buckstop.diagnostics import Diagnostic, Span
from buckstop.document import Field, Fields, Table, finish_section, parse_one
from buckstop.document.codes import VALUE_INVALID
from buckstop.document.versions import Version

TABLE = Table(
    "a thing",
    (
        Field("old"),
        Field("changed", "url", since=(2, 0), until=(3, 0)),
        Field("changed", "secret_url", since=(3, 0)),
        Field("gone", until=(3, 0)),
    ),
)


def findings(text: str, version: Version) -> list[str]:
    """What is said of `text`; each fault of a version in the words of its bounds."""

    def fault_of(name: str, since: Version, until: Version | None, span: Span) -> Diagnostic | None:
        is_known = since <= version and (until is None or version < until)
        return None if is_known else Diagnostic(VALUE_INVALID, f"{name} {since} {until}", span)

    node, _ = parse_one(text, "thing.yml")
    assert node is not None
    found: list[Diagnostic] = []
    fields = Fields.of(node, TABLE.what, found)
    assert fields is not None
    finish_section(fields, TABLE, fault_of)
    return [one.message for one in found]


def test_a_field_lives_from_its_first_shape_to_its_last() -> None:
    """Where only the shape changes the field is there all along; no version has a gap."""
    text = "{old: 1, changed: 2, gone: 3}"
    assert findings(text, (1, 9)) == ["changed (2, 0) None"]
    assert findings(text, (2, 9)) == []
    assert findings(text, (3, 0)) == ["gone (0,) (3, 0)"]


def test_a_key_that_no_version_has_is_unknown() -> None:
    """It is told once, by its name, beside what the version lacks."""
    assert findings("{other: 1}", (3, 0)) == ["a thing has no field 'other'"]
