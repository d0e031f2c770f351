"""``accountability.json`` survives the way to disk and back, and refuses what it cannot trust."""

from __future__ import annotations

import json

import pytest

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


def test_an_unknown_role_is_refused() -> None:
    """A receiver whose role a reader does not know must not pass for nobody's."""
    text = write_manifest(MANIFEST).replace('"ledger"', '"watcher"')
    with pytest.raises(ManifestError, match="watcher"):
        read_manifest(text)
