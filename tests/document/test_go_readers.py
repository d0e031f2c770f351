"""What `parse` takes as YAML, the servers' own readers take too: go-yaml 2 and go-yaml 3."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from buckstop.diagnostics import Diagnostic, Level
from buckstop.document import parse
from buckstop.servers import Installation

ADMITTED = (
    "a: b?c",
    "a?b: c",
    "- why?",
    "[a, 'b?']",
    '{a: "b?"}',
    "[a] # why?",
    "{? a: b}",
    "- {m: ['severity=~\"criticals?\"'], r: b}\n- c?",
)
"""With a question mark where it is plain text to everybody, or no part of a value."""

PIECES = (*"aabb?:,-#&!|>%@\\'\"{}[]=~. ", " ", "\t", "\n ", ": ", ", ", "? ", "é", "!!str ")
PLACES = ("[%s]", "{a: %s}", "{%s: a}", "a: %s", "- %s", "%s: a", "a: [%s, b]", "- {m: [%s], r: b}")


def errors(text: str) -> list[Diagnostic]:
    return [found for found in parse(text, "f").diagnostics if found.code.name == "yaml-syntax"]


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ('[team="sre", s=~"c?"]', (1, 14), "quote it: 's=~\"c?\"'"),
        ("a:\n- {m: [it's?], r: b}", (2, 8), "quote it: 'it''s?'"),
        ("{a?: b}", (1, 2), "quote it: 'a?'"),
        ("{a: b ? c}", (1, 5), "quote it: 'b ? c'"),
        ("[[a],\n b?]", (2, 2), "quote it: 'b?'"),
    ],
)
def test_a_question_mark_in_an_unquoted_value_within_brackets_is_refused(
    text: str, place: tuple[int, int], hint: str
) -> None:
    """The place is the value, and the hint is the value as it can be written."""
    pytest.importorskip("yaml.cyaml", reason="PyYAML's own parser refuses it in its own words")
    (error,) = errors(text)
    assert parse(text, "f").root is None
    assert error.span is not None
    assert (error.span.line, error.span.column) == place
    assert error.hint == hint


@pytest.mark.parametrize("text", ADMITTED)
def test_a_question_mark_elsewhere_is_text(text: str) -> None:
    """Outside brackets, in quotes and in comments nobody stumbles over it."""
    assert not errors(text)


@pytest.mark.servers
def test_the_servers_refuse_what_is_refused_and_read_what_is_read(
    each_installation: Installation, tmp_path: Path
) -> None:
    """Over generated snippets: no syntax error of the servers that `parse` does not report.

    And each question mark that `parse` refuses, the servers do refuse.
    """
    chance = random.Random(2027)
    texts = list(ADMITTED)
    while len(texts) < 1_500:
        value = "".join(chance.choices(PIECES, k=chance.randint(1, 6)))
        texts.append(chance.choice(PLACES) % value)
    files = [tmp_path / f"{i}.yml" for i in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text + "\n", newline="", encoding="utf-8")
    amtool = _syntax_errors(
        each_installation, each_installation.amtool, "check-config", files=files
    )
    promtool = _syntax_errors(
        each_installation, each_installation.promtool, "check", "rules", files=files
    )
    assert amtool
    assert promtool
    for file, text in zip(files, texts, strict=True):
        parsed = parse(text, "f")
        refusals = {str(file) in amtool, str(file) in promtool}
        if any(refusals):
            assert any(found.code.level is Level.ERROR for found in parsed.diagnostics), text
        if any(found.message.startswith("a '?' in") for found in parsed.diagnostics):
            assert all(refusals), text


def _syntax_errors(
    installation: Installation, program: Path, *arguments: str, files: Sequence[Path]
) -> set[str]:
    """Those of `files` that are no YAML to `program`, whatever it thinks of their keys."""
    done = subprocess.run(
        [str(program), *arguments, *map(str, files)],
        cwd=installation.working_folder,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    said = re.findall(
        r"^(?:Checking ')?(/[^:']+\.yml)(?:'  FAILED)?: yaml: (?!unmarshal errors)",
        done.stdout + "\n" + done.stderr,
        re.MULTILINE,
    )
    return set(said)
