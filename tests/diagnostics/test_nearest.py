"""Slips are recognised, and guesses are not made where nothing is near."""

from __future__ import annotations

import pytest

from buckstop.diagnostics import did_you_mean, nearest

TEAMS = ("default_ops", "infra_sre", "data_mlops", "risk", "ops")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("infra_sre", "infra_sre"),
        ("Infra_SRE", "infra_sre"),
        ("infra-sre", "infra_sre"),
        ("INFRA SRE", "infra_sre"),
        ("infra_ser", "infra_sre"),
        ("infrasre", "infra_sre"),
        ("infra_srre", "infra_sre"),
        ("data_mlop", "data_mlops"),
        ("rsik", "risk"),
        ("opps", "ops"),
        ("payments", None),
        ("x", None),
        ("", None),
        ("i" * 10_000, None),
    ],
)
def test_the_word_that_was_meant(word: str, meant: str | None) -> None:
    """Case, hyphens and one slip in three characters are forgiven; other words are not guessed."""
    assert nearest(word, TEAMS) == meant


def test_the_nearest_wins_and_the_first_of_equals() -> None:
    """The hint is the same in every run."""
    assert nearest("teams", ["beams", "team", "teams_a", "tea"]) == "beams"
    assert nearest("sevrity", ["security", "severity"]) == "severity"


def test_hint_names_the_word() -> None:
    """The sentence that a finding ends with."""
    assert did_you_mean("recevier", ["receiver"]) == "did you mean 'receiver'?"
    assert did_you_mean("zzz", ["receiver"]) is None
