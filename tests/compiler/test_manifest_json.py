"""``accountability.json`` survives the way to disk and back, and refuses what it cannot trust."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from buckstop.charter.model import Handover, Reroute
from buckstop.compiler import ManifestError, read_manifest, write_manifest
from buckstop.compiler.manifest import (
    Authority,
    Manifest,
    ManifestAlert,
    ManifestMatch,
    ManifestReceiver,
    ManifestTeam,
)

ROW = Authority(file="charter.yaml", line=23, text="when fault=drift: accountable data_mlops")
MANIFEST = Manifest(
    organization="Acme Lending ✓",
    charter_digest="sha256:" + "0" * 64,
    targets=(("alertmanager", "0.25"), ("prometheus", "2.42")),
    team_label="accountable_team",
    severities=("critical", "major"),
    incident_by=("accountable_team", "model", "fault"),
    teams=(
        ManifestTeam("data_mlops", "Data & MLOps", "li@acme.example", ("li@acme.example",)),
        ManifestTeam("default_ops", "Operations", None, ()),
    ),
    receivers=(
        ManifestReceiver("data_mlops", "data_mlops", "accountable"),
        ManifestReceiver("buckstop-ledger", None, "ledger"),
    ),
    alerts=(
        ManifestAlert(
            alert="ModelDriftHigh",
            labels=(("alertname", "ModelDriftHigh"), ("model", "credit-income")),
            team="data_mlops",
            inform=("data_engineering",),
            authority=ROW,
            rule_file="prometheus/rules/credit-income.yml",
            slo="ks-income",
        ),
    ),
    existing=(
        ManifestMatch((("alertname", "Watchdog"),), None, "dead man's switch", ROW),
        ManifestMatch((("namespace", "payments"),), "default_ops", None, ROW),
    ),
    default_team="default_ops",
    default_authority=ROW,
    handover=Handover(900.0),
)


def test_what_is_written_is_read_back_whole() -> None:
    """A build's statement of who answers reaches the ledger without loss."""
    assert read_manifest(write_manifest(MANIFEST)) == MANIFEST


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "an object was expected"),
        ("{}", "version"),
        ('{"version": 1}', "build again"),
        ('{"version": true}', "version"),
    ],
)
def test_what_is_no_manifest_is_refused_with_a_reason(text: str, said: str) -> None:
    """A ledger never starts on half a record."""
    with pytest.raises(ManifestError, match=said):
        read_manifest(text)


@pytest.mark.parametrize("field", list(json.loads(write_manifest(MANIFEST))))
def test_every_field_is_required_and_typed(field: str) -> None:
    """A field that is missing or of another type is named, whichever it is."""
    value = json.loads(write_manifest(MANIFEST))
    value[field] = False
    with pytest.raises(ManifestError, match=field):
        read_manifest(json.dumps(value))


def test_a_build_from_before_handovers_has_what_held_then() -> None:
    """A ledger that is upgraded starts on the build that is there."""
    value = json.loads(write_manifest(MANIFEST))
    del value["handover"]
    assert read_manifest(json.dumps(value)).handover == Handover()


@pytest.mark.parametrize(
    "handover", [{"answer_within_seconds": "9", "reroute": "off"}, {"reroute": "off"}]
)
def test_a_time_to_answer_is_a_number(handover: dict[str, str]) -> None:
    """A proposal never waits for a text."""
    value = {**json.loads(write_manifest(MANIFEST)), "handover": handover}
    with pytest.raises(ManifestError, match="answer_within_seconds: a number"):
        read_manifest(json.dumps(value))


def test_a_whole_number_of_seconds_is_one_too() -> None:
    """Other programs write 900 where this one writes 900.0."""
    text = write_manifest(MANIFEST).replace("900.0", "900")
    assert read_manifest(text) == MANIFEST


def test_a_reroute_that_is_not_known_is_refused() -> None:
    """An older ledger does not pass over what a newer build asks of it."""
    text = write_manifest(MANIFEST).replace('"reroute": "off"', '"reroute": "perhaps"')
    with pytest.raises(ManifestError, match="reroute"):
        read_manifest(text)


@pytest.mark.parametrize("reroute", ["off", "dry-run", "on"])
def test_what_becomes_of_an_accepted_handover_is_read_back(reroute: Reroute) -> None:
    """The ledger does what the charter says, not what an earlier one said."""
    manifest = replace(MANIFEST, handover=Handover(900.0, reroute))
    assert read_manifest(write_manifest(manifest)) == manifest


def test_an_unknown_role_is_refused() -> None:
    """A receiver whose role a reader does not know must not pass for nobody's."""
    text = write_manifest(MANIFEST).replace('"ledger"', '"watcher"')
    with pytest.raises(ManifestError, match="watcher"):
        read_manifest(text)
