"""Secrets: whatever happens, no token or session is in a log, a page, an answer or the record."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.requests import Request
from tests.web.attacks.attacked import Attacked, token_of
from tests.web.served_ledger import Served, run, tokens
from tests.web.test_handover import sign_in

from buckstop.cli.ack import command as ack_command
from buckstop.web import intake
from buckstop.web.access import COOKIE
from buckstop.web.tokens import digest

KNOWN = tokens(prom="intake metrics", maria="read act", ron="read")
SECRETS = ("token-of-prom", "token-of-maria", "token-of-ron", "token-of-nobody")
IN_PATH = "/feed/p/token-of-prom/api/v2/alerts"


def test_with_everything_logged_no_secret_is_anywhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Good, refused, malformed and failing requests, with debug logging of everything."""
    seen: list[str] = []

    async def scenario(served: Served) -> None:
        client = served.client
        bearer = {"authorization": "Bearer token-of-maria"}
        requests = [
            ("POST", IN_PATH, {"content": b"["}),
            ("POST", IN_PATH, {"json": [{"labels": {"alertname": "A"}}]}),
            ("POST", IN_PATH + "/", {"json": []}),
            ("POST", IN_PATH.replace("feed/p", "feed/.p"), {"json": []}),
            ("GET", IN_PATH, {}),
            ("POST", "/intake/alertmanager/x/token-of-prom", {"json": {}}),
            ("POST", "/intake/alertmanager/x/token-of-nobody", {"json": {}}),
            ("GET", "/metrics", {"headers": {"authorization": "Bearer token-of-prom"}}),
            ("GET", "/api/v1/health", {"headers": bearer}),
            ("GET", "/api/v1/incidents?limit=x", {"headers": bearer}),
            ("GET", "/api/v1/incidents/9", {"headers": bearer}),
            ("GET", "/nowhere", {"headers": {**bearer, "accept": "text/html"}}),
            ("POST", "/api/v1/incidents/1/resolve", {"headers": bearer, "json": {"x": 1}}),
            ("POST", "/sign-in", {"data": {"token": "token-of-nobody"}}),
            ("POST", "/sign-in", {"data": {"token": "token-of-maria"}}),
            ("GET", "/", {"headers": bearer}),
            ("GET", "/refusals", {"headers": {"authorization": "Bearer token-of-ron"}}),
        ]
        for method, path, options in requests:
            answer = await client.request(method, path, **options)  # type: ignore[arg-type]
            seen.append(answer.text)
            seen.extend(value for name, value in answer.headers.items() if name != "location")
        await sign_in(served, "maria")
        session = client.cookies[COOKIE]
        seen.append((await client.get("/", headers={"accept": "text/html"})).text)

        async def fails(request: Request, _place: object) -> bytes:
            raise RuntimeError("the disk is on fire")

        monkeypatch.setattr(intake, "_body", fails)
        with pytest.raises(RuntimeError):
            await client.post(IN_PATH, json=[])
        assert session not in "\n".join(seen)
        assert session not in caplog.text

    with caplog.at_level(logging.DEBUG):
        run(tmp_path, scenario, KNOWN)
    assert "the disk is on fire" in caplog.text
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    # httpx is the test's own client, and logs the addresses that it asks for.
    entries = [entry for entry in caplog.records if entry.name != "httpx"]
    logged = "\n".join(f"{entry.getMessage()} {entry.exc_text}" for entry in entries)
    for secret in SECRETS:
        assert secret not in "\n".join(seen)
        assert secret not in logged
        assert secret.encode() not in stored
        assert digest(secret) not in "\n".join(seen)


def test_a_process_and_its_command_line_keep_secrets(ledger: Attacked) -> None:
    """What the process wrote to its terminal, and what a command says when it is refused."""
    with ledger.client("prom") as client:
        path = f"/feed/p/{token_of('prom')}/api/v2/alerts"
        assert client.post(path, json=[{"labels": {"alertname": "A"}}]).status_code == 200
        client.post(path, content=b"{")
    ledger.raw(f"BROKEN {path}\r\n\r\n".encode())
    ledger.raw(f"POST {path} HTTP/9.9\r\n\r\n".encode())
    for person in ("ron", "li"):
        environment = {"BUCKSTOP_SERVER": ledger.serve.url, "BUCKSTOP_TOKEN": token_of(person)}
        refused = CliRunner(env=environment).invoke(ack_command, ["1"])
        assert refused.exit_code != 0
        assert token_of(person) not in refused.output + refused.stderr
    nobody = {"BUCKSTOP_SERVER": "http://127.0.0.1:9", "BUCKSTOP_TOKEN": token_of("ron")}
    failed = CliRunner(env=nobody).invoke(ack_command, ["1"])
    assert token_of("ron") not in failed.output + failed.stderr
    with ledger.client("prom") as client:
        metrics = client.get("/metrics").text
    for text in (ledger.serve.log, metrics):
        assert not re.search("[0-9a-f]{64}", text.replace(_config_digest(ledger), ""))


def _config_digest(ledger: Attacked) -> str:
    """What the ledger says of its configuration, which is no secret."""
    with ledger.client("ron") as client:
        return str(client.get("/api/v1/health").json()["config_digest"]).removeprefix("sha256:")
