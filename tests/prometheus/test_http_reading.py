"""What is said of how Alertmanagers are reached, and of what is scraped.

What is taken and what is refused, ``tests/differential`` compares with the servers.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from buckstop.prometheus import read_config
from buckstop.servers import Installation

JOBS = (
    *("[{job_name: a}, {job_name: b}]", "[{job_name: a}, {job_name: a}]", "[{job_name: ''}]"),
    *("[{}]", "[{job_name: 5}]", "[~]", "[{job_name: a}, {job_name: b}, {job_name: a}]"),
)


def findings(group: str, version: str | None) -> list[tuple[str, int]]:
    """What is said of a group of Alertmanagers, each with its line."""
    text = f"alerting:\n  alertmanagers:\n  - static_configs: [{{targets: ['am:9093']}}]\n{group}"
    found = read_config(text, "p.yml", version)[1]
    return [(one.message, one.span.line) for one in found if one.span is not None]


@pytest.mark.parametrize("version", [None, "2.42", "3.5"])
def test_a_certificate_without_its_key_is_said_once(version: str | None) -> None:
    """Also of 2.42, where promtool passes what keeps the server from starting."""
    ((message, line),) = findings("    tls_config:\n      cert_file: a.pem\n", version)
    assert message == "a client certificate needs both halves: 'cert' is given, 'key' is not"
    assert line == 5


def test_the_higher_end_below_the_lower_is_shown_at_the_higher() -> None:
    """promtool passes it; the server does not start."""
    tls = "    tls_config:\n      min_version: TLS13\n      max_version: TLS12\n"
    assert findings(tls, None) == [("'max_version' is below 'min_version'", 6)]


def test_a_reference_to_a_secret_is_refused_where_the_version_is_known_to_keep_none() -> None:
    """A later version may have a place for secrets; of it nothing is said."""
    group = "    basic_auth: {username: a, password_ref: b}\n"
    said = "'password_ref' refers to a secret, and Prometheus keeps none"
    assert findings(group, "3.5") == [(said, 4)]
    assert findings(group, "3.6") == []
    assert findings(group, None) == []


def test_a_secret_in_the_place_of_a_key_is_not_repeated() -> None:
    """Findings are read by more people than the file."""
    ((message, _),) = findings("    tls_config: {cert_file: a, key: hunter2}\n", "3.5")
    assert message == "'key' holds no private key"


def test_a_job_name_that_is_given_twice_shows_both_places() -> None:
    """The server refuses the file, and with it all rules."""
    text = "scrape_configs:\n- job_name: a\n- job_name: a\n"
    (found,) = read_config(text, "p.yml")[1]
    assert found.message == "the job name 'a' is given twice"
    assert found.span is not None
    assert (found.span.line, [one.span.line for one in found.related]) == (3, [2])


@pytest.mark.servers
def test_promtool_takes_what_is_taken_here(each_installation: Installation, tmp_path: Path) -> None:
    """Names of jobs, in each supported version."""
    file = tmp_path / "p.yml"
    for jobs in JOBS:
        text = f"scrape_configs: {jobs}\n"
        file.write_text(text)
        done = subprocess.run(
            [str(each_installation.promtool), "check", "config", "--syntax-only", str(file)],
            capture_output=True,
            check=False,
        )
        _, diagnostics = read_config(text, "p.yml", each_installation.prometheus_version)
        assert (not diagnostics) == (done.returncode == 0), (text, done.stderr, diagnostics)
