"""What is said of a route tree, word for word: people act on it at three in the morning.

``BUCKSTOP_UPDATE_GOLDEN=1 pytest tests/prover/test_wordings.py`` writes it anew: read the
difference as somebody would who is paged by it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tests.project.test_diagnostics_pages import blocks, report_on
from tests.prover.test_planted_defects import PLANTED, Tree, examined

from buckstop.diagnostics import Code, Diagnostic
from buckstop.prover import codes as prover_codes

GOLDEN = Path(__file__).parents[1] / "golden" / "findings.txt"
UPDATE = "BUCKSTOP_UPDATE_GOLDEN"

OTHERS = {
    "two observers hide the root": Tree("""
  - {receiver: a, continue: true}
  - {receiver: c, continue: true}
  - {matchers: ['team="b"'], receiver: b}
"""),
    "a matcher that every alert with the label meets": Tree("""
  - {matchers: ['team=~".+"', 'zone=~"x|.+"', 'env=~"x|.*"'], receiver: a}
  - {matchers: ['team="b"'], receiver: b}
"""),
    "a reserved label": Tree(
        "\n  - {matchers: ['team=\"a\"'], receiver: a}\n",
        rules="""
  - {alert: Down, expr: up == 0, labels: {team: a, buckstop_incident: x, alertname: Other}}
""",
    ),
    "equal labels that neither side has": Tree(
        "\n  - {matchers: ['team=\"a\"'], receiver: a}\n",
        rules="""
  - {alert: Down, expr: sum(up) == 0, labels: {team: a, severity: critical}}
  - {alert: Slow, expr: sum(up) == 1, labels: {team: a, severity: minor}}
""",
        inhibit="""
- source_matchers: ['severity="critical"']
  target_matchers: ['severity="minor"']
  equal: [team, zone, cluster]
""",
    ),
}
"""Trees that say what no planted defect and no page says."""


def said(found: Diagnostic) -> str:
    """A finding with all its words."""
    words = (found.message, found.hint, *(one.message for one in found.related))
    lines = [f"  {found.span}: {found.level.value}[{found.code.name}]"]
    return "\n".join([*lines, *(f"    {text}" for text in words if text)])


def of_trees() -> Iterator[str]:
    trees = {name: defective for name, (_, defective, _) in PLANTED.items()} | OTHERS
    for name, tree in trees.items():
        yield "\n".join([f"## {name}", *map(said, examined(tree).diagnostics)])
        yield "\n".join(
            f"  {answer.alert}: {answer.verdict.value}, {answer.cause}: {answer.reason}"
            for answer in examined(tree).verdicts
        )


def of_pages(folder: Path) -> Iterator[str]:
    own = {code.name for code in vars(prover_codes).values() if isinstance(code, Code)}
    for code, texts in blocks("bad"):
        if code not in own:
            continue
        place = folder / code
        place.mkdir()
        report = report_on(texts, place)
        lines = [f"## {code}"]
        for found in report["diagnostics"]:
            lines.append(f"  {found['file']}:{found['line']}:{found['column']}: {found['code']}")
            words = [found["message"], found["hint"], *(one["message"] for one in found["related"])]
            lines += [f"    {text}" for text in words if text]
        yield "\n".join(lines).replace(f"{place}/", "").replace(f"{folder}/", "")


def test_findings_are_said_in_these_words(tmp_path: Path) -> None:
    """Message, hint, place and level of every planted defect and every page's bad example."""
    made = "\n\n".join(one for one in (*of_trees(), *of_pages(tmp_path)) if one) + "\n"
    if os.environ.get(UPDATE):
        GOLDEN.write_text(made, encoding="utf-8")
    assert made == GOLDEN.read_text(encoding="utf-8")
