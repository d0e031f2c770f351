"""Each finding about an ``alertmanager.yml`` has a docs page, whose examples are tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from buckstop.alertmanager import codes, read
from buckstop.diagnostics import Code, Diagnostic

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"
CODES = [value for value in vars(codes).values() if isinstance(value, Code)]


def findings(code: Code, kind: str) -> tuple[Diagnostic, ...]:
    page = (PAGES / f"{code.name}.md").read_text(encoding="utf-8")
    found = re.search(rf"```yaml {kind}\n(.*?)```", page, re.DOTALL)
    assert found, f"{code.name}.md has no `{kind}` example"
    return read(found[1], "alertmanager.yml", version="0.25")[1]


@pytest.mark.parametrize(
    "code", [code for code in CODES if code is not codes.FIELD_TOO_NEW], ids=lambda code: code.name
)
def test_bad_example_has_this_finding_alone_and_good_one_none(code: Code) -> None:
    """What a page calls wrong is found at a line; its mend loads."""
    bad = findings(code, "bad")
    assert {found.code for found in bad} == {code}
    assert all(found.span is not None for found in bad)
    assert findings(code, "good") == ()


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_page_has_the_name_of_the_finding(code: Code) -> None:
    """The link that is shown with a finding leads to its page, which says its level."""
    page = (PAGES / f"{code.name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code.name}\n")
    assert "an error" in page
    assert code.why in page


def test_page_on_newer_fields_shows_one_and_how_to_do_without() -> None:
    """Its examples are judged for the version that the page names, not for any."""
    page = (PAGES / "field-too-new.md").read_text(encoding="utf-8")
    bad, good = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert [found.code for found in read(bad, "a.yml", version="0.25")[1]] == [codes.FIELD_TOO_NEW]
    assert read(bad, "a.yml", version="0.26")[1] == read(good, "a.yml", version="0.25")[1] == ()
