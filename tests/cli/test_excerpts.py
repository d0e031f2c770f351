"""What findings quote of a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from buckstop.cli.excerpts import without_secrets
from buckstop.cli.main import root


@pytest.mark.parametrize(
    ("line", "quoted"),
    [
        ("  - service_key: s3cr3t", "  - service_key: ••••••"),
        ("api_url: 'https://hooks/T0'", "api_url: ••••••••••••••••••"),
        ('{routing_key: "a\\"b", x: y}', "{routing_key: ••••••, x: y}"),
        ("{password: a b, user: c}", "{password: •••, user: c}"),
        ("http_config: {bearer_token: t}", "http_config: {bearer_token: •}"),
        ("smtp_auth_password: 'open", "smtp_auth_password: •••••"),
    ],
)
def test_secrets_are_unreadable_and_columns_stay(line: str, quoted: str) -> None:
    """Whoever reads the log of a build learns no key, and the marks still point right."""
    assert without_secrets(line) == quoted
    assert len(quoted) == len(line)


@pytest.mark.parametrize(
    "line",
    [
        "service_key: '{{ .Secret.KEY }}'",
        "service_key_file: /etc/alertmanager/secrets/key",
        "receiver: infra",
        "matchers: ['key=\"x\"']",
        "# url without a value",
        "api_url: null",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    """The line that a finding speaks of can be read."""
    assert without_secrets(line) == line


def test_check_never_prints_a_key(tmp_path: Path) -> None:
    """A finding on the very line of a key shows the line without it."""
    (tmp_path / "alertmanager.yml").write_text(
        "route: {receiver: a}\n"
        "receivers:\n"
        "- name: a\n"
        "  pagerduty_configs: [{service_key: s3cr3t, description: '{{ .Nope }}'}]\n"
    )
    result = CliRunner().invoke(root, ["check", "-v", str(tmp_path)])
    assert "template-cannot-execute" in result.stdout
    assert "{{ .Nope }}" in result.stdout
    assert "s3cr3t" not in result.stdout
