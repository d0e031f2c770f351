"""Each finding about Kubernetes objects has a docs page, whose examples are tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from buckstop.diagnostics import Code, Diagnostic, Level
from buckstop.kubernetes import Choice, Stream, codes, read_manifests

PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"
CODES = [value for value in vars(codes).values() if isinstance(value, Code)]
LEVELS = {Level.ERROR: "an error", Level.WARNING: "a warning", Level.INFO: "a note"}


def findings(code: Code, kind: str) -> list[Diagnostic]:
    page = (PAGES / f"{code.name}.md").read_text(encoding="utf-8")
    found = re.search(rf"```yaml {kind}\n(.*?)```", page, re.DOTALL)
    assert found, f"{code.name}.md has no `{kind}` example"
    choice = Choice(prometheus="k8s" if code is codes.KUBERNETES_RUN_ELSEWHERE else None)
    read = read_manifests([Stream(found[1].encode(), "manifests.yaml")], choice=choice)
    rules = [one for rule in read.rules for one in rule.findings]
    return [*read.findings, *rules, *(one for routed in read.routed for one in routed.findings)]


@pytest.mark.parametrize(
    "code",
    # Its example would be a folder: tests/cli/test_objects.py has one.
    [code for code in CODES if code is not codes.KUBERNETES_CHART_UNRENDERED],
    ids=lambda code: code.name,
)
def test_bad_example_has_this_finding_alone_and_good_one_none(code: Code) -> None:
    """What a page calls wrong is found at a line; its mend leaves nothing to say."""
    bad = findings(code, "bad")
    assert {found.code for found in bad} == {code}
    assert all(found.span is not None for found in bad)
    assert findings(code, "good") == []


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_page_has_the_name_of_the_finding(code: Code) -> None:
    """The link that is shown with a finding leads to its page, which says its level."""
    page = (PAGES / f"{code.name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code.name}\n")
    assert LEVELS[code.level] in page
    assert code.why in page
