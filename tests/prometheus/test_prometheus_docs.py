"""Each finding about Prometheus's files has a docs page, whose examples are tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from buckstop.diagnostics import Code, Diagnostic, Level
from buckstop.document import parse_one
from buckstop.prometheus import codes, looks_like_prometheus, read_config, read_rules

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"
CODES = [
    value
    for value in vars(codes).values()
    # Whether a file is there is no matter of reading; the project's own test tries that page.
    if isinstance(value, Code) and value is not codes.RULE_GLOB_EMPTY
]


def findings(code: Code, kind: str) -> tuple[Diagnostic, ...]:
    """About the example of a page; its first line may name the version that it is read for."""
    page = (PAGES / f"{code.name}.md").read_text(encoding="utf-8")
    found = re.search(rf"```yaml {kind}\n(.*?)```", page, re.DOTALL)
    assert found, f"{code.name}.md has no `{kind}` example"
    target = re.match(r"# target: prometheus=(\S+)", found[1])
    version = None if target is None else target[1]
    if looks_like_prometheus(parse_one(found[1], "")[0]):
        return read_config(found[1], "prometheus.yml", version)[1]
    return read_rules(found[1], "rules.yml", version)[1]


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
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
    assert ("an error" if code.level is Level.ERROR else "a warning") in page
    assert code.why in page
