"""`Fields` reads on after a mistake, so that one run shows all of them."""

from __future__ import annotations

from buckstop.diagnostics import Diagnostic
from buckstop.document import Fields, as_int, parse_one

ROUTE = """\
recevier: x
continue: "yes"
group_by: a
routes: {a: 1}
match: [team]
interval: [1]
weight: many
"""


def fields_of(text: str) -> tuple[Fields, list[Diagnostic]]:
    findings: list[Diagnostic] = []
    root, diagnostics = parse_one(text, "f")
    assert diagnostics == ()
    assert root is not None
    fields = Fields.of(root, "a route", findings)
    assert fields is not None
    return fields, findings


def shown(findings: list[Diagnostic]) -> list[str]:
    return [f"{d.span} {d.code.name}: {d.message} ({d.hint})" for d in findings]


def test_all_mistakes_of_a_mapping_are_found_in_one_run() -> None:
    """A misspelt and five wrongly typed fields: six findings, each at its place."""
    fields, findings = fields_of(ROUTE)
    assert fields.text("receiver") is None
    assert fields.boolean("continue") is None
    assert fields.scalars("group_by", "label names") == ()
    assert fields.sequence("routes", "routes") == ()
    assert fields.pairs("match", "labels") == ()
    assert fields.text("interval", "a duration") is None
    assert fields.read("weight", as_int) is None
    fields.finish()
    assert shown(findings) == [
        "f:2:11 type-wrong: expected true or false, found the text 'yes' (take the quotes away)",
        "f:3:11 type-wrong: expected a list of label names, found 'a' (start each item with '- ')",
        "f:4:9 type-wrong: expected a list of routes, found a mapping (start each item with '- ')",
        "f:5:8 type-wrong: expected a mapping of labels, found a list (None)",
        "f:6:11 type-wrong: expected a duration, found a list (None)",
        "f:7:9 type-wrong: expected a whole number, found 'many' (None)",
        "f:1:1 key-unknown: a route has no field 'recevier' (did you mean 'receiver'?)",
    ]


def test_right_values_are_read() -> None:
    """Each reader returns the value, and nothing is found."""
    fields, findings = fields_of(
        "name: n\non: yes\ncount: 3\nshare: 0.5\nlist: [a, b]\nmap: {k: v}\nsub: {x: 1}\nnone:\n"
    )
    assert fields.text("name") == "n"
    assert fields.boolean("on") is True
    assert fields.integer("count") == 3
    assert fields.number("share") == 0.5
    assert [item.text for item in fields.scalars("list", "words") or ()] == ["a", "b"]
    assert [(k.text, v.text) for k, v in fields.pairs("map", "words")] == [("k", "v")]
    inner = fields.fields("sub", "a part")
    assert inner is not None
    assert inner.integer("x") == 1
    inner.finish()
    assert fields.text("none") is None
    assert fields.scalars("absent", "words") is None
    fields.finish()
    assert findings == []


def test_items_of_the_wrong_kind_are_each_found() -> None:
    """The good items of a list, and the good pairs of a mapping, are still read."""
    fields, findings = fields_of("words: [a, [b], c]\nlabels: {x: 1, y: [2]}\n")
    assert [item.text for item in fields.scalars("words", "words") or ()] == ["a", "c"]
    assert [key.text for key, _ in fields.pairs("labels", "labels")] == ["x"]
    assert [f"{d.span}" for d in findings] == ["f:1:12", "f:2:19"]


def test_unknown_key_without_likeness_lists_what_is_known() -> None:
    """Who guesses at a field learns which there are; long lists are left to the docs page."""
    fields, findings = fields_of("colour: red\n")
    fields.text("receiver")
    fields.finish(also_known=["routes"])
    assert findings[0].hint == "known here: receiver, routes"
    fields, findings = fields_of("colour: red\n")
    fields.finish(also_known=[f"field_{i}" for i in range(50)])
    assert findings[0].hint is None


def test_a_key_that_is_already_there_is_not_proposed() -> None:
    """``routes`` and ``route``: the slip is not mended by a key that stands beside it."""
    fields, findings = fields_of("routes: []\nroute: x\n")
    fields.sequence("routes", "routes")
    fields.finish()
    assert "did you mean" not in (findings[0].hint or "")


def test_no_mapping_is_a_finding() -> None:
    """A list where a mapping belongs is named with what was expected."""
    findings: list[Diagnostic] = []
    root, _ = parse_one("- a", "f")
    assert root is not None
    assert Fields.of(root, "a route", findings) is None
    assert shown(findings) == [
        "f:1:1 type-wrong: expected a route (a mapping), found a list (None)"
    ]
