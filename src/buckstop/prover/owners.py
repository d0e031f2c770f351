"""Whose the receivers of what is given are, and which label names the team."""

from __future__ import annotations

from buckstop.prover.given import Given
from buckstop.prover.ownership import Ownership, declare, infer, of_manifest
from buckstop.prover.team_label import TeamLabel, guess_team_label


def team_label_of(given: Given) -> TeamLabel:
    """The label that is asked for, else the manifest's, else one that the files use."""
    if given.team_label is not None:
        return TeamLabel(given.team_label, "given")
    if given.manifest is not None:
        return TeamLabel(given.manifest.team_label, "manifest")
    return guess_team_label(given.rule_files, () if given.config is None else (given.config,))


def ownership_of(given: Given, team_label: str) -> Ownership:
    """By the manifest, else by what the routes ask of `team_label`; a teams file has its way."""
    if given.manifest is not None:
        found = of_manifest(given.manifest, given.manifest_source)
    elif given.config is not None:
        found = infer(given.config, team_label)
    else:
        found = Ownership(source=None, declared={}, led_to={}, teams=())
    if given.declared is not None:
        found = declare(found, given.declared.source, given.declared.holders)
    return found
