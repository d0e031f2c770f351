"""The file that says which receiver is whose."""

from __future__ import annotations

import pytest

from buckstop.prover.ownership import Holder
from buckstop.prover.teams_file import read_teams


def test_a_teams_file_names_roles() -> None:
    """Who answers, who is only informed, and where nobody needs to."""
    text = "accountable: {rest: ops}\ninformed: [channel]\nnot_accountable: ['null']\n"
    holders, found = read_teams(text, "teams.yaml")
    assert found == ()
    assert holders == {
        "rest": Holder("accountable", "ops"),
        "channel": Holder("informed"),
        "null": Holder("not accountable"),
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("acountable: {rest: ops}\n", "key-unknown"),
        ("accountable: [rest]\n", "type-wrong"),
        ("accountable: {rest: [ops]}\n", "type-wrong"),
        ("informed: {a: b}\n", "type-wrong"),
        ("- rest\n", "type-wrong"),
        ("accountable: {rest: ops\n", "yaml-syntax"),
        ("accountable: {rest: ''}\n", "value-invalid"),
        ("accountable: {rest: }\n", "value-invalid"),
        ("accountable: {rest: ops}\ninformed: [rest]\n", "value-invalid"),
    ],
)
def test_a_slip_in_a_teams_file_is_a_finding(text: str, code: str) -> None:
    """A misspelt key or a missing name would leave receivers without an owner."""
    assert [one.code.name for one in read_teams(text, "teams.yaml")[1]] == [code]
