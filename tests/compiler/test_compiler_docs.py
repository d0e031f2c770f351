"""Each finding of the compiler has a docs page whose examples are tried."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from buckstop.charter import read
from buckstop.compiler import Targets, build, codes
from buckstop.diagnostics import Code, Diagnostic, Level

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"
CODES = [value for value in vars(codes).values() if isinstance(value, Code)]


def findings(code: Code, kind: str) -> tuple[Diagnostic, ...]:
    page = (PAGES / f"{code.name}.md").read_text()
    found = re.search(rf"```yaml {kind}\n(.*?)```", page, re.DOTALL)
    assert found, f"{code.name}.md has no `{kind}` example"
    charter, wrong = read({"charter.yaml": found[1]}, date(2026, 1, 1))
    assert charter is not None, wrong
    return build(charter, Targets()).diagnostics


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_bad_example_is_found_at_its_line_and_good_one_builds(code: Code) -> None:
    """What a page calls wrong stops the build, at a line; its mend builds without a word."""
    bad = findings(code, "bad")
    assert {one.code for one in bad} == {code}
    assert all(one.span is not None and one.hint for one in bad)
    assert findings(code, "good") == ()


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_page_says_its_level(code: Code) -> None:
    """A finding's docs link leads to a page of that name and level."""
    page = (PAGES / f"{code.name}.md").read_text()
    assert page.startswith(f"# {code.name}\n")
    assert {Level.ERROR: "an error", Level.WARNING: "a warning"}[code.level] in page
