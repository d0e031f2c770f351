"""What findings quote of a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from buckstop.cli.excerpts import secrets_in, without_secrets
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
        ("routing_key: a b  # c", "routing_key: •••  # c"),
        ("routing_key: a#b", "routing_key: •••"),
        ("- routing_key=abc", "- routing_key=•••"),
        ("  api_url:https://x", "  api_url:•••••••••"),
        ("api_url secret", "api_url ••••••"),
        ("api_url: {secret", "api_url: {••••••"),
        ("[{routingKey: abc}]", "[{routingKey: •••}]"),
        ("authPassword: abc", "authPassword: •••"),
        ('["http://u:abc@am:9093"]', '["http://u:•••@am:9093"]'),
    ],
)
def test_secrets_are_unreadable_and_columns_stay(line: str, quoted: str) -> None:
    """Whoever reads the log of a build learns no key, and the marks still point right."""
    assert without_secrets(line) == quoted
    assert len(quoted) == len(line)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (
            "- password: |\n    a b\n\n    c\n  name: d\n",
            "- password: •\n    •••\n\n    •\n  name: d\n",
        ),
        ("password: >-\r\n  abc\r\nname: d", "password: ••\r\n  •••\r\nname: d"),
        ("  password: 'a\n    b'\n  name: d", "  password: ••\n    ••\n  name: d"),
        ("url: |\n  {{ .X }}\nname: d", "url: |\n  {{ .X }}\nname: d"),
        ("password:\n  a b\nname: c", "password:\n  •••\nname: c"),
        ("password: # of ops\n\n  'ab'\nname: c", "password: # of ops\n\n  ••••\nname: c"),
        ("- token:\n    ab\n    cd\n  name: c", "- token:\n    ••\n    ••\n  name: c"),
        ("apiURL:\n  name: pagers\n  key: url\n", "apiURL:\n  name: pagers\n  key: •••\n"),
        ("url: a\n  key: b\nname: c", "url: •\n  ••••••\nname: c"),
    ],
)
def test_a_secret_that_goes_on_below_its_key_is_unreadable_to_its_end(
    text: str, quoted: str
) -> None:
    """A block or a quoted text of several lines shows in the lines around a finding too."""
    assert without_secrets(text) == quoted


def test_what_a_finding_may_not_repeat_is_each_line_of_a_secret() -> None:
    found = secrets_in("password: |\n  first line\n  second one\nname: something\n")
    assert found == {"first line", "second one"}


@pytest.mark.parametrize(
    "line",
    [
        "service_key: '{{ .Secret.KEY }}'",
        "service_key_file: /etc/alertmanager/secrets/key",
        "receiver: infra",
        "matchers: ['key=\"x\"']",
        "# url without a value",
        "api_url: null",
        "apiURL: {name: pagers, optional: true}",
        "http://am:9093/@here",
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


SLIPS = {
    "alertmanager.yml": """\
route: {receiver: d}
receivers:
- name: d
  pagerduty_configs:
  - routing_key=TOPSECRET
""",
    "prometheus.yml": """\
alerting:
  alertmanagers:
  - static_configs: [{targets: ['http://u:TOPSECRET@am:9093']}]
""",
    "objects.yaml": """\
apiVersion: monitoring.coreos.com/v1beta1
kind: AlertmanagerConfig
metadata: {name: c, namespace: mon}
spec:
  route: {receiver: r}
  receivers:
  - name: r
    pagerdutyConfigs: [{routingKey: TOPSECRET}]
""",
}


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
@pytest.mark.parametrize("name", sorted(SLIPS))
def test_no_form_of_report_repeats_a_secret(name: str, form: str, tmp_path: Path) -> None:
    """A slip beside a key makes it part of a finding's words, which go into public logs too."""
    (tmp_path / name).write_text(SLIPS[name])
    (tmp_path / "rules.yml").write_text("groups: [{name: g, rules: [{alert: A, expr: up}]}]\n")
    result = CliRunner().invoke(root, ["check", "--format", form, str(tmp_path)])
    assert result.exit_code == 1
    assert "TOPSECRET" not in result.output
