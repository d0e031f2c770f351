"""Bytes are taken for text exactly where promtool and amtool take them."""

from __future__ import annotations

import codecs
import subprocess
from pathlib import Path

import pytest

from buckstop import alertmanager, prometheus, servers
from buckstop.diagnostics import Level

RULES = "groups:\n- name: größe 😀\n  rules: [{alert: A, expr: up, labels: {a: '\u2028'}}]\n"
CONFIG = "global:\n  external_labels: {a: größe 😀}\nrule_files: []\n"
ROUTES = "route: {receiver: a}\nreceivers: [{name: größe 😀}, {name: a}]\n"
BOM = "\ufeff"


def encodings(text: str) -> dict[str, bytes]:
    """`text` in bytes that a server takes, and in bytes that it does not."""
    high, low = (half.encode("utf-16-le", "surrogatepass") for half in ("\ud83d", "\ude00"))
    little, start = text.encode("utf-16-le"), (BOM + "# ").encode("utf-16-le")
    line_end = "\n".encode("utf-16-le")
    return {
        "UTF-16 LE": codecs.BOM_UTF16_LE + little,
        "UTF-16 BE": codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        "UTF-16 CR LF": (BOM + text.replace("\n", "\r\n")).encode("utf-16-le"),
        "UTF-16 unmarked": little,
        "UTF-16 BE unmarked": text.encode("utf-16-be"),
        "UTF-16 odd": codecs.BOM_UTF16_LE + little + b"\n",
        "UTF-16 BE cut": codecs.BOM_UTF16_BE + text.encode("utf-16-be")[:-1],
        "high half alone": start + high + line_end + little,
        "low half alone": start + low + line_end + little,
        "halves swapped": start + low + high + line_end + little,
        "whole pair": start + high + low + line_end + little,
        "high half at the end": codecs.BOM_UTF16_LE + little + "#".encode("utf-16-le") + high,
        "mark and half": codecs.BOM_UTF16_LE + b"a",
        "UTF-32 LE": (BOM + text).encode("utf-32-le"),
        "UTF-32 BE": (BOM + text).encode("utf-32-be"),
        **{
            f"{name} in {encoding}": (BOM + start_of + text).encode(encoding)
            for encoding in ("utf-8", "utf-16-le", "utf-16-be")
            for name, start_of in {
                "nothing more": "",
                "a second mark": BOM,
                "a mark in a comment": f"# {BOM}\n",
                "a mark on the second line": f"# a\n{BOM}",
                "a mark after a space": f" {BOM}",
                "NUL": "#\0\n",
                "bell": "#\x07\n",
                "delete": "#\x7f\n",
                "next line": "#\x85\n",
                "no character": "#\ufffe\n",
                "the last of a plane": "#\uffff\n",
                "beyond the first plane": "#\U0001f600\n",
            }.items()
        },
    }


@pytest.mark.servers
@pytest.mark.parametrize("kind", ["rules", "config", "routes"])
def test_we_take_for_text_what_the_servers_take(
    each_installation: servers.Installation, tmp_path: Path, kind: str
) -> None:
    """UTF-8, and UTF-16 that says so; nothing that a server reads is called unreadable."""
    promtool, amtool = str(each_installation.promtool), str(each_installation.amtool)
    text, command = {
        "rules": (RULES, [promtool, "check", "rules"]),
        "config": (CONFIG, [promtool, "check", "config", "--syntax-only"]),
        "routes": (ROUTES, [amtool, "check-config"]),
    }[kind]
    file = tmp_path / "x.yml"
    disagreements = []
    for name, raw in encodings(text).items():
        file.write_bytes(raw)
        done = subprocess.run([*command, str(file)], capture_output=True, check=False)
        ours = _errors(kind, raw, each_installation)
        if bool(ours) != bool(done.returncode):
            disagreements.append(f"{name}\n  ours: {ours}\n  theirs: {done.stderr!r}")
    assert not disagreements, "\n".join(disagreements)


def _errors(kind: str, raw: bytes, installation: servers.Installation) -> list[str]:
    prometheus_version = installation.prometheus_version
    match kind:
        case "rules":
            found = prometheus.read_rules(raw, "x", prometheus_version)[1]
        case "config":
            found = prometheus.read_config(raw, "x", prometheus_version)[1]
        case _:
            found = alertmanager.read(raw, "x", installation.alertmanager_version)[1]
    return [one.message for one in found if one.level is Level.ERROR]
