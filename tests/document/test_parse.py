"""`document.parse` keeps every place, and answers whatever it is given."""

from __future__ import annotations

import sys
import tracemalloc

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from buckstop.diagnostics import Diagnostic, Level, Span
from buckstop.diagnostics.source import source_lines
from buckstop.document import Mapping, Node, Parsed, Scalar, Sequence, parse, parse_one, to_plain
from buckstop.document import compose as compose_module
from buckstop.document import text as text_module
from buckstop.document.limits import MAX_DEPTH
from buckstop.document.parse import MAX_SYNTAX_ERRORS


def codes(parsed: Parsed) -> list[str]:
    return [diagnostic.code.name for diagnostic in parsed.diagnostics]


def mapping(node: Node | None) -> Mapping:
    assert isinstance(node, Mapping)
    return node


def at(span: Span | None) -> str:
    assert span is not None
    return f"{span.line}:{span.column}-{span.end_line}:{span.end_column}"


def spans(node: Node) -> list[Span]:
    match node:
        case Scalar():
            return [node.span]
        case Sequence():
            return [node.span, *(span for item in node.items for span in spans(item))]
        case Mapping():
            return [
                node.span,
                *(span for entry in node.entries for span in (entry.key.span, *spans(entry.value))),
            ]


@pytest.fixture(params=["libyaml", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both parsers: libyaml's, and PyYAML's own where libyaml is missing."""
    if request.param == "pure":
        monkeypatch.setitem(sys.modules, "yaml.cyaml", None)
    return str(request.param)


def test_every_scalar_knows_where_it_stands(parser: str) -> None:
    """Columns count code points from 1, wide characters and quotes included."""
    root = mapping(parse("team: infra\n说明: [模型, 'a b']\n", "f").root)
    assert [at(entry.key.span) for entry in root] == ["1:1-1:5", "2:1-2:3"]
    listed = root.get("说明")
    assert isinstance(listed, Sequence)
    assert at(listed.span) == "2:5-2:16"
    assert [at(item.span) for item in listed.items] == ["2:6-2:8", "2:10-2:15"]
    assert at(root.span) == "1:1-2:16"


def test_block_ends_at_its_last_value_not_at_the_next_token(parser: str) -> None:
    """A finding about a rule does not run on over blank lines and comments below it."""
    root = mapping(parse("a:\n  b: 1\n\n# about c\n\nc: 2\n", "f").root)
    inner = root.get("a")
    assert inner is not None
    assert at(inner.span) == "2:3-2:7"


def test_style_and_tag_are_kept(parser: str) -> None:
    """Whether ``no`` was quoted decides what it means, so the tree keeps it."""
    root = parse("[a, 'b', \"c\", !!str 5, !own x]", "f").root
    assert isinstance(root, Sequence)
    assert [(item.style, item.tag) for item in root.items if isinstance(item, Scalar)] == [
        ("plain", None),
        ("single", None),
        ("double", None),
        ("plain", "!!str"),
        ("plain", "!own"),
    ]
    blocks = mapping(parse("a: |\n  x\n  y\nb: >\n  x\n  y\n", "f").root)
    assert [(e.value.style, e.value.text) for e in blocks if isinstance(e.value, Scalar)] == [
        ("literal", "x\ny\n"),
        ("folded", "x y\n"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_any_system_count_lines_alike(parser: str, end: str) -> None:
    """A file from Windows is read, and its places are what the editor shows."""
    parsed = parse(f"a: 1{end}b:{end}  - x{end}".encode(), "f")
    assert parsed.diagnostics == ()
    entry = mapping(parsed.root).entry("b")
    assert entry is not None
    assert at(entry.key.span) == "2:1-2:2"


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_unicode_line_separators_do_not_shift_places(parser: str, separator: str) -> None:
    """YAML 1.1 breaks lines there and editors do not: places are the editor's."""
    root = mapping(parse(f"a: 'x{separator}y'\nb: 2\n", "f").root)
    assert at(root.entries[1].key.span) == "2:1-2:2"


def test_byte_order_mark_is_accepted_and_takes_no_column(parser: str) -> None:
    """A file saved by an editor that adds a BOM is an ordinary file."""
    parsed = parse(b"\xef\xbb\xbfa: 1\n", "f")
    assert parsed.diagnostics == ()
    assert at(mapping(parsed.root).entries[0].key.span) == "1:1-1:2"


def test_alias_shares_the_node_of_its_anchor(parser: str) -> None:
    """An alias is the anchored value itself, at the place where it was written."""
    root = mapping(parse("a: &x [1, 2]\nb: *x\n", "f").root)
    assert root.get("a") is root.get("b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("base: &b {x: 1, y: 2}\nm:\n  <<: *b\n  y: 3\n", {"x": 1, "y": 3}),
        (
            "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nm:\n  <<: [*a, *b]\n",
            {"x": 1, "y": 2},
        ),
        ("m:\n  <<: {x: 1}\n", {"x": 1}),
        ("m:\n  '<<': 1\n", {"<<": 1}),
    ],
)
def test_merges_are_resolved(parser: str, text: str, expected: dict[str, int]) -> None:
    """A later key overrides a merged one, an earlier source a later one; quoted it is no merge."""
    parsed = parse(text, "f")
    assert parsed.diagnostics == ()
    merged = mapping(parsed.root).get("m")
    assert merged is not None
    assert to_plain(merged) == expected


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)
MERGE_BOMB = "m0: &m0 {k0: v}\n" + "".join(
    f"m{i}: &m{i}\n  <<: *m{i - 1}\n  k{i}: v\n" for i in range(1, 2000)
)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", "yaml-duplicate-key", "3:1", id="duplicate"),
        pytest.param("{a: 1, a: 2}", "yaml-duplicate-key", "1:8", id="duplicate in braces"),
        pytest.param("1: x\n'1': y\n", "yaml-duplicate-key", "2:1", id="duplicate, quoted"),
        pytest.param("<<: {a: 1}\n<<: {b: 1}", "yaml-duplicate-key", "2:1", id="two merges"),
        pytest.param("v: {{ $value }}", "yaml-key-not-scalar", "1:5", id="template unquoted"),
        pytest.param("? [a]\n: b", "yaml-key-not-scalar", "1:3", id="list as key"),
        pytest.param("a: *x", "yaml-alias", "1:4", id="alias without anchor"),
        pytest.param("a: &x [*x]", "yaml-alias", "1:8", id="anchor within itself"),
        pytest.param("<<: 3", "yaml-merge", "1:5", id="merge of a number"),
        pytest.param("<<: [{a: 1}, 3]", "yaml-merge", "1:14", id="merge of a list with a number"),
        pytest.param("a: 1\n<<: {a: 2}", "yaml-merge", "1:1", id="merge after the key"),
        pytest.param("[" * 100_000, "yaml-limit", "1:129", id="deep brackets"),
        pytest.param("- " * 2_000 + "x", "yaml-limit", "1:257", id="deep dashes"),
        pytest.param(BOMB, "yaml-limit", None, id="alias bomb"),
        pytest.param(MERGE_BOMB, "yaml-limit", None, id="merge bomb"),
        pytest.param("a: b: c", "yaml-syntax", "1:5", id="two colons"),
        pytest.param("a: 'x\nb: y\n", "yaml-syntax", "1:4", id="unclosed quote"),
        pytest.param('a: "x\nb: y\n', "yaml-syntax", "1:4", id="unclosed double quote"),
        pytest.param("a: 'b' c", "yaml-syntax", "1:8", id="text after a quote"),
        pytest.param("a: [b?]", "yaml-syntax", None, id="question mark in brackets"),
        pytest.param("a: [1, 2", "yaml-syntax", "1:9", id="unclosed bracket"),
        pytest.param("a: {b: 1\n", "yaml-syntax", None, id="unclosed brace"),
        pytest.param("a: @b", "yaml-syntax", "1:4", id="reserved character"),
        pytest.param('a: "\\d"', "yaml-syntax", None, id="unknown escape"),
        pytest.param('a: "\\UFFFFFFFF"', "yaml-syntax", None, id="escape beyond Unicode"),
        pytest.param("%YAML 9.1\n---\na", "yaml-syntax", "1:1", id="another YAML"),
        pytest.param("%YAML " + "9" * 5000 + ".1\n---\na", "yaml-syntax", None, id="long version"),
        pytest.param("a:\n  b: 1\n c: 2\n", "yaml-syntax", "3:2", id="indentation between"),
        pytest.param("word\nkey: value\n", "yaml-syntax", None, id="a line without colon"),
        pytest.param("a:\n\tb: 1\n", "yaml-tab", "2:1", id="tab before a key"),
        pytest.param("\ta: 1\n", "yaml-tab", "1:1", id="tab at the start"),
        pytest.param("a:\n  - b\n\t- c\n", "yaml-tab", "3:1", id="tab before a dash"),
        pytest.param(b"a: \xff\n", "file-not-text", "1:4", id="not UTF-8"),
        pytest.param("a: é\n".encode("latin-1"), "file-not-text", "1:4", id="latin-1"),
        pytest.param(b"\xff\xfea\0:\0\n\0b", "file-not-text", "2:1", id="half of UTF-16"),
        pytest.param(b"\xfe\xff\0a\xd8\0\0b", "file-not-text", "1:2", id="half a pair"),
        pytest.param("a: 1\n".encode("utf-32"), "file-not-text", "1:1", id="UTF-32"),
        pytest.param("a: 1\n".encode("utf-16-le"), "file-not-text", "1:2", id="UTF-16 unmarked"),
        pytest.param(b"a: b\0c", "file-not-text", "1:5", id="NUL"),
        pytest.param(b"\x7fELF\2\1\1\0\0\0\xff\xfe", "file-not-text", None, id="binary"),
        pytest.param("a: \x1b[31mred", "file-not-text", "1:4", id="terminal escape"),
        pytest.param("a: \ud800", "file-not-text", "1:4", id="half a character"),
        pytest.param('a: "\\ud800"', None, None, id="half a character as an escape"),
        pytest.param("", "yaml-empty", "1:1", id="empty"),
        pytest.param(b"\xef\xbb\xbf", "yaml-empty", "1:1", id="a BOM alone"),
        pytest.param("# only a comment\n\n", "yaml-empty", "1:1", id="only a comment"),
    ],
)
def test_bad_input_is_answered(
    parser: str, text: str | bytes, code: str | None, place: str | None
) -> None:
    """Each mistake gives its finding at its place, with both parsers; none raises."""
    parsed = parse(text, "f")
    if code is None:
        assert parsed.diagnostics
    else:
        assert code in codes(parsed)
    first = parsed.diagnostics[0]
    assert first.span is not None
    if place is not None:
        assert f"{first.span.line}:{first.span.column}" == place
    assert first.hint or code in {"yaml-alias", "yaml-empty"}


def test_tab_finding_says_that_tabs_are_not_allowed() -> None:
    """The commonest invisible mistake is named, not described as an unexpected token."""
    (finding,) = parse("groups:\n- name: x\n\trules: []\n", "f").diagnostics
    assert "YAML does not allow tabs" in finding.message
    assert at(finding.span) == "3:1-3:2"


def test_duplicate_key_names_both_places() -> None:
    """Whoever reads the finding can decide which of the two to keep."""
    (finding,) = parse("a: 1\nb: 2\na: 3\n", "f").diagnostics
    assert at(finding.span) == "3:1-3:2"
    assert [at(related.span) for related in finding.related] == ["1:1-1:2"]


def test_unclosed_bracket_names_where_it_was_opened() -> None:
    """The place where the parser gave up is rarely the place of the mistake."""
    (finding,) = parse("a: [1, 2\nb: 3\nc: 4\n", "f").diagnostics
    assert [at(related.span)[:3] for related in finding.related] == ["1:4"]


def test_reading_goes_on_in_the_next_document_after_a_syntax_error(parser: str) -> None:
    """One broken document does not hide the findings of the others."""
    parsed = parse("a: b: c\n---\nx: 1\nx: 2\n---\ny: @\n", "f")
    assert [(d.code.name, at(d.span)[:3]) for d in parsed.diagnostics] == [
        ("yaml-syntax", "1:5"),
        ("yaml-duplicate-key", "4:1"),
        ("yaml-syntax", "6:4"),
    ]
    assert [root is None for root in parsed.roots] == [True, False, True]


def test_one_document_is_asked_for_and_several_are_refused() -> None:
    """What stands after the first ``---`` would be ignored by the servers without a word."""
    root, diagnostics = parse_one("a: 1\n---\nb: 2\n", "f")
    assert root is not None
    assert [(d.code.name, at(d.span)[:3]) for d in diagnostics] == [
        ("yaml-several-documents", "3:1")
    ]


def test_empty_file_is_a_warning() -> None:
    """Prometheus loads an empty rule file; it is worth a word, but no error."""
    parsed = parse(b"", "f")
    assert parsed.roots == ()
    assert [d.level for d in parsed.diagnostics] == [Level.WARNING]


def test_too_large_file_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log or an image given by mistake does not eat the machine."""
    monkeypatch.setattr(text_module, "MAX_BYTES", 10)
    assert codes(parse(b"a: 12345678", "f")) == ["file-too-large"]
    assert codes(parse("a: 12345678", "f")) == ["file-too-large"]
    assert codes(parse(b"a: 1", "f")) == []


def test_too_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of values is bounded, so that memory is."""
    monkeypatch.setattr(compose_module, "MAX_NODES", 10)
    assert codes(parse("[1, 2, 3, 4, 5, 6, 7, 8, 9]", "f")) == []
    parsed = parse("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", "f")
    assert codes(parsed) == ["yaml-limit"]
    assert parsed.roots == (None,)


def test_nesting_is_allowed_up_to_the_limit() -> None:
    """The bound is exact, and a tree at the bound can be walked without Python's own limit."""
    deepest = MAX_DEPTH
    parsed = parse("[" * deepest + "]" * deepest, "f")
    assert parsed.diagnostics == ()
    assert parsed.root is not None
    to_plain(parsed.root)
    assert codes(parse("[" * (deepest + 1) + "]" * (deepest + 1), "f")) == ["yaml-limit"]


def test_depth_counts_through_aliases() -> None:
    """Aliases cannot be stacked to a depth that brackets cannot reach."""
    levels = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 200))
    assert codes(parse(levels, "f")) == ["yaml-limit"]


def test_values_repeated_by_aliases_are_bounded() -> None:
    """A few lines cannot stand for billions of values; the finding says which limit it was."""
    levels = "a0: &a0 [x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9)
    )
    parsed = parse(levels, "f")
    assert parsed.roots == (None,)
    (finding,) = parsed.diagnostics
    assert finding.code.name == "yaml-limit"
    assert finding.message == "aliases repeat more than 200,000 values"
    assert at(finding.span).startswith("6:")


def test_findings_about_one_file_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is wrong in every line is no reason to fill the memory with findings."""
    monkeypatch.setattr(compose_module, "MAX_DIAGNOSTICS", 5)
    assert len(parse("a: 1\n" * 50, "f").diagnostics) == 5
    assert len(parse("--- [\n" * 500, "f").diagnostics) <= MAX_SYNTAX_ERRORS


def test_memory_grows_by_a_known_amount_a_value() -> None:
    """The limit on values bounds the memory: a tree takes less than 260 bytes for each."""
    rules = "".join(
        f"- alert: A{i}\n  expr: up{{job='{i}'}} == 0\n  labels:\n    team: t\n"
        for i in range(2_000)
    )
    values = 2_000 * 10 + 1
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        parsed = parse(rules, "f")
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert parsed.diagnostics == ()
    assert (after - before) / values < 260


def test_columns_right_of_wide_text_are_counted_in_characters(parser: str) -> None:
    """Beside the article's Chinese summaries places are those that an editor shows."""
    line = "summary: {text: '模型P95推理延迟超过500ms,服务性能受损。', team: infra_sre}"
    summary = mapping(mapping(parse(line, "f").root).get("summary"))
    texts = [(entry.key.span, entry.value.span) for entry in summary]
    shown = [line[span.column - 1 : span.end_column - 1] for pair in texts for span in pair]
    assert shown == ["text", "'模型P95推理延迟超过500ms,服务性能受损。'", "team", "infra_sre"]


def _inside(parsed: Parsed, text: str) -> bool:
    lines = source_lines(text)

    def is_inside(span: Span) -> bool:
        return (
            1 <= span.line <= span.end_line <= len(lines)
            and 1 <= span.column <= len(lines[span.line - 1]) + 1
            and 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1
        )

    found: list[Span] = [span for root in parsed.roots if root for span in spans(root)]
    for diagnostic in parsed.diagnostics:
        assert isinstance(diagnostic, Diagnostic)
        assert diagnostic.span is not None
        found += [diagnostic.span, *(related.span for related in diagnostic.related)]
    outside = [str(span) for span in found if not is_inside(span)]
    assert not outside, outside
    return True


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_raise(raw: bytes) -> None:
    """Whatever is at the path given, the answer is a tree or findings inside the file."""
    parsed = parse(raw, "f")
    assert parsed.roots or parsed.diagnostics
    assert _inside(parsed, raw.decode("utf-8", errors="replace"))


CHARACTERS = "ab-:?[]{},#&*!|>'\"%@`\t\n\r 0~模😀\x85\u2028\ufeff\\"
PIECES = ("\r\n", "---", "...", ": ", "- ", "\n  ", "<<: ", "&x", "*x", "\\u", "!!str ", "|2-\n")
YAMLISH = st.lists(st.sampled_from((*CHARACTERS, *PIECES)), max_size=60).map("".join)


@given(YAMLISH)
def test_almost_yaml_never_raises_and_stays_inside_the_file(text: str) -> None:
    """Spans of values and findings can always be shown, however broken the text is."""
    parsed = parse(text, "f")
    assert _inside(parsed, text)
    has_error = any(d.level is Level.ERROR for d in parsed.diagnostics)
    assert has_error or None not in parsed.roots


@given(YAMLISH)
def test_pure_parser_never_raises_either(text: str) -> None:
    """Without libyaml the same promise holds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "yaml.cyaml", None)
        assert _inside(parse(text, "f"), text)


@given(YAMLISH)
def test_what_is_accepted_is_what_pyyaml_reads(text: str) -> None:
    """Values are PyYAML's own, wherever it accepts the file too."""
    parsed = parse(text, "f")
    if parsed.diagnostics or len(parsed.roots) != 1 or "<<" in text:
        return
    assert parsed.root is not None
    try:
        expected = yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError:
        return  # its own parser refuses a few things that libyaml accepts, such as "a" and a tab
    assert _texts(parsed.root) == expected


def _texts(node: Node) -> object:
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [_texts(item) for item in node.items]
        case Mapping():
            return {entry.key.text: _texts(entry.value) for entry in node.entries}


def test_texts_that_say_the_same_are_one_text_in_memory() -> None:
    """A million lines name the same few fields; the tree holds each name once."""
    root = parse("- team: infra\n- team: infra\n", "f").root
    assert isinstance(root, Sequence)
    (first,), (second,) = (mapping(item).entries for item in root.items)
    assert first.key.text is second.key.text
    assert isinstance(first.value, Scalar)
    assert isinstance(second.value, Scalar)
    assert first.value.text is second.value.text
    assert (first.key.line, second.key.line) == (1, 2)
