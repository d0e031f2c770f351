"""Texts that others wrote, wherever they are shown: pages, headers, terminal, log, metrics, SQL."""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.web.attacks.attacked import Attacked, token_of
from tests.web.served_ledger import Served, run, tokens
from tests.web.test_handover import fire, post, sign_in

from buckstop.cli.incidents import command as incidents_command
from buckstop.web.logs import PlainFormatter

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x="',
    "image": "<img src=x onerror=alert(1)>",
    "template": "{{ 70001*70003 }}{% for x in y %}${70001*70003}",
    "link": "javascript:alert(1)",
    "data link": "data:text/html,<script>alert(1)</script>",
    "markdown": "[click](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "escapes": "\x1b[2J\x1b]8;;https://evil.example\x07click\x1b]8;;\x07\x9b31m",
    "lines": "x\r\nSet-Cookie: stolen=1\r\n\r\n<h1>owned</h1>",
    "bidi": "\u202egnp.exe\u2066",
    "SQL": "'; DROP TABLE events; --",
    "metric": 'x"} 1\nbuckstop_ledger_store_up 0\n#',
    "markup of a terminal": "[bold red]x[/bold red] [link=https://evil.example]y[/link]",
}


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one."""
        self.found.append((tag, dict(attrs)))


def harmless(page: str) -> None:
    """Nothing in `page` runs, and nothing leads or loads from elsewhere."""
    for tag, attributes in Elements(page).found:
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        if tag == "script":
            assert attributes["src"] == "/static/live.js"
        if tag in {"img", "iframe", "object", "embed", "base", "meta", "link", "form"}:
            for name in ("src", "href", "action", "data"):
                assert (attributes.get(name) or "/").startswith("/"), (tag, attributes)
        if tag == "a":
            target = attributes.get("href") or ""
            assert target.startswith(("/", "#", "http://", "https://")), attributes
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_alerts_and_people_write_is_text_and_nothing_else(tmp_path: Path, name: str) -> None:
    """In labels, their names, annotations, links, notes, reasons; on every page that shows them."""
    text = HOSTILE[name]
    known = tokens(prom="intake metrics", maria="read act")

    async def scenario(served: Served) -> None:
        served.client.headers["authorization"] = "Bearer token-of-prom"
        await served.fire(
            annotations={"summary": text, "runbook_url": text, "dashboard": text, text: text},
            model=text,
            fault=text,
            instance=text,
        )
        alert = {"labels": {"alertname": text, "team": text, "model": "m"}, "generatorURL": text}
        await served.client.post(f"/feed/p/api/v2/alerts?{text!r}", json=[alert])
        del served.client.headers["authorization"]
        await post(served, "maria", "note", text=text)
        await post(served, "maria", "correct", entry=1, text=text)
        await post(served, "maria", "propose", team="data_mlops", reason=text)
        await sign_in(served, "maria")
        for path in ("/", "/incidents/1", "/incidents/2", "/refusals", "/teams", "/models"):
            answer = await served.client.get(path, headers={"accept": "text/html"})
            assert answer.status_code == 200
            harmless(answer.text)
            assert str(70001 * 70003) not in answer.text
            assert "stolen" not in str(answer.headers)
        history = served.site.ledger.history(1)
        assert any(event.why == text.strip() for event in history)
        metrics = await served.client.get(
            "/metrics", headers={"authorization": "Bearer token-of-prom"}
        )
        assert "buckstop_ledger_store_up 0" not in metrics.text.splitlines()

    run(tmp_path, scenario, known)


def test_an_addresss_parts_come_back_as_text(tmp_path: Path) -> None:
    """What a link carries is shown by the page that it leads to, and does nothing there."""

    async def scenario(served: Served) -> None:
        await served.fire()
        for path in (
            "/?team=<script>alert(1)</script>",
            "/?model=%22onload=%22x&fault=%0d%0aSet-Cookie:a=b",
            "/models?q=<script>alert(1)</script>",
            "/routes?labels=<script>alert(1)</script>",
            "/incidents/<script>",
            "/%0d%0aSet-Cookie:%20a=b",
            "/teams/<img src=x>",
            "/sign-in?next=javascript:alert(1)",
            "/sign-in?next=/%22><script>alert(1)</script>",
        ):
            answer = await served.client.get(path, headers={"accept": "text/html"})
            assert answer.status_code in {200, 404, 422}, path
            harmless(answer.text)
            assert "set-cookie" not in answer.headers

    run(tmp_path, scenario)


def test_a_terminal_is_not_written_upon(ledger: Attacked) -> None:
    """Escape sequences neither clear it, nor colour, nor name another link; one line stays one."""
    with ledger.client("prom") as client:
        alerts = [
            {
                "labels": {"alertname": text, "model": text, "severity": text, "fault": text},
                "annotations": {"summary": text},
            }
            for text in HOSTILE.values()
        ]
        assert client.post("/intake/alertmanager/x", json=_webhook(alerts)).status_code == 200
    environment = {"BUCKSTOP_SERVER": ledger.serve.url, "BUCKSTOP_TOKEN": token_of("ron")}
    numbers = [str(number) for number in range(1, len(alerts) + 1)]
    for words in (["list"], *(["show", number] for number in numbers)):
        shown = CliRunner(env=environment).invoke(incidents_command, words)
        assert shown.exit_code == 0, shown.output
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", shown.output)
        assert "\nSet-Cookie" not in shown.output
        assert token_of("ron") not in shown.output


def test_a_log_entry_stays_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """What somebody else wrote can neither forge an entry nor move the cursor."""
    for text in HOSTILE.values():
        record = logging.LogRecord("x", logging.WARNING, "", 0, "said: %s", (text,), None)
        line = PlainFormatter().format(record)
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", line)
        assert len(line.splitlines()) == 1


def test_an_alert_that_claims_to_be_a_copy_is_recorded_and_flagged(tmp_path: Path) -> None:
    """The ledger's own labels, forged, hide nothing and end nothing."""
    known = tokens(prom="intake", maria="read act")
    forged = {
        "buckstop_copy": "true",
        "buckstop_incident": "1",
        "buckstop_incident_id": "1",
        "buckstop_handover": "1",
        "buckstop_handover_seq": "1",
    }

    async def scenario(served: Served) -> None:
        await fire(served, model="forged", **forged)
        (incident,) = served.site.ledger.book.incidents.values()
        (member,) = incident.members.values()
        assert forged.items() <= member.labels.items()
        await sign_in(served, "maria")
        assert "labels that only the ledger gives" in (await served.client.get("/incidents/1")).text
        (shown,) = (await served.client.get("/api/v1/incidents/1")).json()["members"]
        assert shown["reserved_labels"] == sorted(forged)

    run(tmp_path, scenario, known)


def _webhook(alerts: list[dict[str, dict[str, str]]]) -> dict[str, object]:
    return {"version": "4", "alerts": [{"status": "firing", **alert} for alert in alerts]}
