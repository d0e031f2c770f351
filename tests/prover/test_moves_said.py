"""What a change of routes or rules moves, word for word: it is read before it is loaded.

``BUCKSTOP_UPDATE_GOLDEN=1 pytest tests/prover/test_moves_said.py`` writes it anew: read the
difference as a reviewer of the change would.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.prover.test_planted_defects import PLANTED, RULES_OF_TWO, TWO_TEAMS, Tree

from buckstop.cli.main import root

GOLDEN = Path(__file__).parents[1] / "golden" / "moves.txt"
UPDATE = "BUCKSTOP_UPDATE_GOLDEN"

Files = Mapping[str, str]


def files(tree: Tree, **others: str) -> Files:
    """The files of a state; the keywords are names of further files, without ``.yml``."""
    own = {"alertmanager.yml": tree.config}
    if tree.rules:
        own["rules.yml"] = f"groups:\n- name: g\n  rules:{tree.rules}"
    return own | {f"{name}.yml": text for name, text in others.items()}


PLAIN = Tree(TWO_TEAMS, rules=RULES_OF_TWO)
DROPPING = """
rule_files: [rules.yml]
alerting:
  alert_relabel_configs: [{source_labels: [severity], regex: minor, action: drop}]
  alertmanagers: [{static_configs: [{targets: [127.0.0.1:9093]}]}]
"""
SENDING = DROPPING.replace("regex: minor", "regex: none")

CHANGES: dict[str, tuple[Files, Files]] = {
    **{
        f"the mend of {name}": (files(defective), files(sound))
        for name, (_, defective, sound) in PLANTED.items()
    },
    "nothing": (files(PLAIN), files(PLAIN)),
    "a rule that is added, and one that is removed": (
        files(PLAIN),
        files(
            Tree(
                TWO_TEAMS,
                rules=RULES_OF_TWO.replace("alert: Slow", "alert: Late"),
            )
        ),
    ),
    "a rule that another team answers for": (
        files(PLAIN),
        files(Tree(TWO_TEAMS, rules=RULES_OF_TWO.replace("team: b", "team: a"))),
    ),
    "a receiver beside the team's own": (
        files(PLAIN),
        files(Tree(TWO_TEAMS + "  - {receiver: c}\n", rules=RULES_OF_TWO)),
    ),
    "an observer before all": (
        files(PLAIN),
        files(Tree("\n  - {receiver: c, continue: true}" + TWO_TEAMS, rules=RULES_OF_TWO)),
    ),
    "when a team is told": (
        files(PLAIN),
        files(
            Tree(
                TWO_TEAMS.replace("receiver: b}", "receiver: b, group_wait: 5m}"),
                root="  repeat_interval: 2h\n",
                rules=RULES_OF_TWO,
            )
        ),
    ),
    "alerts that are not sent any more": (
        files(PLAIN, prometheus=SENDING),
        files(PLAIN, prometheus=DROPPING),
    ),
    "alerts that are sent from now on": (
        files(PLAIN, prometheus=DROPPING),
        files(PLAIN, prometheus=SENDING),
    ),
    "values that move from one team to the other": (
        files(
            Tree("""
  - {matchers: ['zone=~"x|y|z"'], receiver: a}
  - {matchers: ['zone=~".+"'], receiver: b}
""")
        ),
        files(
            Tree("""
  - {matchers: ['zone=~"x|y"', 'severity!~"minor|info"'], receiver: a}
  - {matchers: ['zone=~".+"'], receiver: b}
""")
        ),
    ),
}


def said(folder: Path) -> Iterator[str]:
    for index, (name, (before, after)) in enumerate(CHANGES.items()):
        for side, texts in (("before", before), ("after", after)):
            place = folder / str(index) / side
            place.mkdir(parents=True)
            for file, text in texts.items():
                (place / file).write_text(text, encoding="utf-8")
        sides = [str(folder / str(index) / side) for side in ("before", "after")]
        asked = ["diff", "--team-label", "team", *sides]
        for options in ([], ["--routes"]):
            result = CliRunner().invoke(root, [*asked, "-v", *options])
            assert result.exit_code in {0, 1}, result.output
            text = result.output.replace(f"{folder / str(index)}/", "")
            title = f"## {name}{', by the routes alone' if options else ''} → {result.exit_code}"
            yield f"{title}\n{text}"


def test_moves_are_said_in_these_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who answered and who will, who is told else and when, with the alerts that show it."""
    monkeypatch.setenv("COLUMNS", "200")
    made = "\n".join(line.rstrip() for line in "\n".join(said(tmp_path)).splitlines()) + "\n"
    if os.environ.get(UPDATE):
        GOLDEN.write_text(made, encoding="utf-8")
    assert made == GOLDEN.read_text(encoding="utf-8")
