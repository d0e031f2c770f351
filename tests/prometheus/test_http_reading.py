"""How a ``prometheus.yml`` says that Alertmanagers are reached is taken as promtool takes it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from buckstop.prometheus import read_config
from buckstop.servers import Installation

OAUTH2 = "client_id: a, client_secret: c, token_url: b"
SECTIONS = (
    *("basic_auth: {username: u}", "basic_auth: {username: u, pasword: x}", "basic_auth: {}"),
    *("basic_auth: {username_file: u}", "basic_auth: {password: u, password_file: x}"),
    *("basic_auth: {password_ref: x}", "basic_auth: [x]", "basic_auth: x", "basic_auth: ~"),
    *("authorization: {type: Basic}", "authorization: {type: x}", "authorization: {typ: x}"),
    *("authorization: {credentials: a, credentials_file: b}", "authorization: {}"),
    *("authorization: {credentials_ref: a}", "tls_config: {ca: x}", "tls_config: {ca_file: x}"),
    *("tls_config: {min_version: TLS9}", "tls_config: {min_version: TLS12}"),
    *("tls_config: {ca: x, ca_file: y}", "tls_config: {foo: x}", "tls_config: {ca_ref: x}"),
    *("tls_config: {insecure_skip_verify: 1}", "oauth2: {}", "oauth2: {client_id: a}"),
    *(f"oauth2: {{{OAUTH2}}}", f"oauth2: {{{OAUTH2}, foo: x}}", f"oauth2: {{{OAUTH2}, iss: x}}"),
    f"oauth2: {{{OAUTH2}, scopes: [a], tls_config: {{foo: b}}}}",
    f"oauth2: {{{OAUTH2}, proxy_from_environment: true}}",
    f"oauth2: {{{OAUTH2}, grant_type: x}}",
    "basic_auth: {username: a}\n    authorization: {credentials: x}",
    "bearer_token: a\n    bearer_token_file: b",
    "basic_auth: {username: a}\n    sigv4: {region: b}",
    "proxy_url: http://a\n    proxy_from_environment: true",
    *("http_headers: {a: {values: [b]}}", "http_headers: {a: {valuess: [b]}}"),
    "http_headers: {a: b}",
)
JOBS = (
    *("[{job_name: a}, {job_name: b}]", "[{job_name: a}, {job_name: a}]", "[{job_name: ''}]"),
    *("[{}]", "[{job_name: 5}]", "[~]", "[{job_name: a}, {job_name: b}, {job_name: a}]"),
)


def config(section: str) -> str:
    targets = "static_configs: [{targets: ['am:9093']}]"
    return f"alerting:\n  alertmanagers:\n  - {targets}\n    {section}\n"


def test_a_job_name_that_is_given_twice_shows_both_places() -> None:
    """The server refuses the file, and with it all rules."""
    text = "scrape_configs:\n- job_name: a\n- job_name: a\n"
    (found,) = read_config(text, "p.yml")[1]
    assert found.message == "the job name 'a' is given twice"
    assert found.span is not None
    assert (found.span.line, [one.span.line for one in found.related]) == (3, [2])


@pytest.mark.servers
def test_promtool_takes_what_is_taken_here(each_installation: Installation, tmp_path: Path) -> None:
    """Sections about HTTP and names of jobs, in each supported version."""
    file = tmp_path / "p.yml"
    texts = [*map(config, SECTIONS), *(f"scrape_configs: {jobs}\n" for jobs in JOBS)]
    for text in texts:
        file.write_text(text)
        done = subprocess.run(
            [str(each_installation.promtool), "check", "config", "--syntax-only", str(file)],
            capture_output=True,
            check=False,
        )
        _, diagnostics = read_config(text, "p.yml", each_installation.prometheus_version)
        assert (not diagnostics) == (done.returncode == 0), (text, done.stderr, diagnostics)
