"""Globs, patterns and durations that Go refuses are refused as amtool refuses them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from buckstop.alertmanager import read
from buckstop.servers import Installation

TEXTS = (
    *(
        f"route: {{receiver: d}}\nreceivers: [{{name: d}}]\ntemplates: ['{glob}']\n"
        for glob in ("[", "x/[", "[]", "a\\", "[a-", "a*", "", "*/[a]", "\\[")
    ),
    *(
        f"route: {{receiver: d, routes: [{{{field}}}]}}\nreceivers: [{{name: d}}]\n"
        for field in (
            "matchers: ['a=~\"(?<n>x)\"']",
            "matchers: ['a=~\"(?P<n>x)\"']",
            "matchers: ['a=\"(?<n>x)\"']",
            "match_re: {a: '(?<n>x)'}",
        )
    ),
    *(
        "route: {receiver: d}\nreceivers: [{name: d, pushover_configs: "
        f"[{{user_key: a, token: b, retry: {retry}}}]}}]\n"
        for retry in ("1.5h", "-1h", "292y", "2562047h", "2562048h", "9223372036854775808ns", ".5s")
    ),
    *(
        "route: {receiver: d}\nreceivers: [{name: d, webhook_configs: "
        f"[{{url: 'http://a', timeout: {timeout}}}]}}]\n"
        for timeout in (
            "9223372036854775807",
            "9223372036854775808",
            ".nan",
            "1_000",
            "1e400",
            "-1",
        )
    ),
)


@pytest.mark.servers
def test_amtool_takes_what_is_taken_here(each_installation: Installation, tmp_path: Path) -> None:
    """A bad glob or duration keeps any version from loading; a group without a P an old one."""
    file = tmp_path / "a.yml"
    for text in TEXTS:
        file.write_text(text)
        done = subprocess.run(
            [str(each_installation.amtool), "check-config", str(file)],
            capture_output=True,
            check=False,
        )
        _, found = read(text, "a.yml", each_installation.alertmanager_version)
        errors = [one for one in found if one.level == "error"]
        assert (not errors) == (done.returncode == 0), (text, done.stdout, errors)
