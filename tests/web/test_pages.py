"""The pages: one glance, calm when quiet, harmless whatever an alert says."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.ledger.ledger_world import START, feed_alert, labels
from tests.web.served_ledger import FEED, Served, run

BATCH = 60
"""Alerts in one request; Prometheus sends at most 64 at once."""

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'\"><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% include 'x' %}",
    "]]>--><!--",
    "&lt;b&gt;",
    "\u202egnp.exe\u0000\u001b[2J",
    "javascript:alert(1)",
]


class Page(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """All texts, with single spaces."""
        return " ".join(" ".join(self.words).split())


def active(page: Page) -> list[str]:
    """The elements that can run or load something."""
    return [tag for tag, _ in page.tags if tag in {"script", "img", "svg", "iframe", "object"}]


async def get(served: Served, path: str = "/") -> Page:
    """A page that must answer 200."""
    response = await served.client.get(path, headers={"accept": "text/html"})
    assert response.status_code == 200, response.text
    return Page(response.text)


def test_the_board_says_who_answers_for_what(tmp_path: Path) -> None:
    """Team, what is wrong, model, severity, since when, and whether anybody took notice."""

    async def scenario(served: Served) -> str:
        await served.fire(annotations={"summary": "credit answers slowly"})
        served.clock.advance(125)
        return (await get(served)).text

    text = run(tmp_path, scenario)
    for said in (
        "Infrastructure SRE",
        "credit answers slowly",
        "critical",
        "for 2 min",
        "Not acknowledged",
        "Listening to prometheus",
    ):
        assert said in text


def test_the_gravest_comes_first_and_what_is_acknowledged_after_it(tmp_path: Path) -> None:
    """The eye falls on what needs somebody."""

    async def scenario(served: Served) -> str:
        await served.fire(accountable_team="data_mlops", severity="minor", fault="drift")
        await served.fire(severity="critical", model="m1", annotations={"summary": "first"})
        await served.fire(severity="critical", model="m2", annotations={"summary": "second"})
        await served.client.post("/api/v1/incidents/2/acknowledge")
        return (await get(served)).text

    text = run(tmp_path, scenario)
    assert text.index("second") < text.index("first") < text.index("Data & ML Operations")


def test_a_quiet_board_says_so(tmp_path: Path) -> None:
    """Emptiness is good news, and says whether anything is wired at all."""

    async def scenario(served: Served) -> tuple[str, str]:
        unwired = (await get(served)).text
        await served.fire()
        await served.resolve()
        return unwired, (await get(served)).text

    unwired, quiet = run(tmp_path, scenario)
    assert "All quiet" in unwired
    assert "only if Prometheus and Alertmanager are wired" in unwired
    assert "All quiet" in quiet
    assert "wired" not in quiet
    assert "Recently resolved" in quiet


def test_a_misspelt_team_shows_on_the_board(tmp_path: Path) -> None:
    """Who was owed and who answers instead is said where everybody looks."""

    async def scenario(served: Served) -> str:
        await served.fire(alertname="Mine", accountable_team="Infra_SRE")
        return (await get(served)).text

    text = run(tmp_path, scenario)
    assert "Operations" in text
    assert "Owed to Infra_SRE" in text


def test_a_timeline_tells_when_who_why_and_on_what_authority(tmp_path: Path) -> None:
    """Every event is there, the charter's line and digest with the opening."""

    async def scenario(served: Served) -> Page:
        await served.fire()
        await served.client.post("/api/v1/incidents/1/acknowledge", json={"note": "on it"})
        await served.resolve()
        return await get(served, "/incidents/1")

    page = run(tmp_path, scenario)
    for said in (
        "Opened",
        "charter.yaml:23",
        "sha256:abab",
        "Acknowledged maria for infra_sre",
        "Resolved",
    ):
        assert said in page.text
    moments = [attributes["datetime"] for tag, attributes in page.tags if tag == "time"]
    assert START.isoformat(timespec="milliseconds").replace("+00:00", "Z") in moments


@pytest.mark.parametrize(
    "path", ["/incidents/7", "/incidents/x", "/incidents/9" + "9" * 30, "/nowhere"]
)
def test_what_is_not_there_is_a_page_that_says_so(tmp_path: Path, path: str) -> None:
    """A mistyped address leads back to the board."""

    async def scenario(served: Served) -> None:
        response = await served.client.get(path, headers={"accept": "text/html"})
        assert response.status_code == 404
        assert 'href="/"' in response.text

    run(tmp_path, scenario)


@pytest.mark.parametrize("payload", HOSTILE)
def test_an_alerts_text_stays_text(tmp_path: Path, payload: str) -> None:
    """No label or annotation becomes markup, script, link or hidden character."""

    async def scenario(served: Served) -> tuple[Page, Page, Page, Page]:
        harmless = await everything(served, "harmless")
        hostile = await everything(served, payload)
        return *harmless, *hostile

    async def everything(served: Served, text: str) -> tuple[Page, Page]:
        names = ("summary", "description", "runbook_url", f"note {text}")
        await served.fire(
            annotations=dict.fromkeys(names, text), model=text, severity=text, fault=text, pod=text
        )
        newest = (await served.incidents())[-1]["id"]
        path = f"/api/v1/incidents/{newest}"
        await served.client.post(f"{path}/acknowledge", json={"note": text})
        pages = (await get(served), await get(served, f"/incidents/{newest}"))
        await served.client.post(f"{path}/resolve", json={"reason": text})
        return pages

    harmless_board, harmless_sheet, board, sheet = run(tmp_path, scenario)
    for before, after in ((harmless_board, board), (harmless_sheet, sheet)):
        kinds = {tag for tag, _ in before.tags} | {"b", "ul", "li", "h2", "section", "span"}
        assert {tag for tag, _ in after.tags} <= kinds
        assert active(after) == active(before)
        for tag, attributes in after.tags:
            assert not any(name.startswith("on") for name in attributes), tag
            assert not (attributes.get("href") or "").lower().startswith("javascript")
        assert not re.search("[\u202e\u0000\u001b]", after.text)


def test_annotations_link_to_the_web_only_and_tell_it_nothing(tmp_path: Path) -> None:
    """A runbook is one click away; the page that it leads to learns nothing of ours."""

    async def scenario(served: Served) -> Page:
        await served.fire(annotations={"runbook_url": "https://runbooks.example/latency"})
        return await get(served, "/incidents/1")

    page = run(tmp_path, scenario)
    outside = [a for tag, a in page.tags if tag == "a" and "://" in (a.get("href") or "")]
    assert {a["href"] for a in outside} >= {"https://runbooks.example/latency"}
    assert all("noopener" in (a["rel"] or "") for a in outside)


def test_pages_forbid_whatever_is_not_ours(tmp_path: Path) -> None:
    """No inline script or style, no framing, no other site; assets come from the package."""

    async def scenario(served: Served) -> None:
        await served.fire()
        for path in ("/", "/incidents/1"):
            response = await served.client.get(path)
            policy = response.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert response.headers["x-content-type-options"] == "nosniff"
            assert response.headers["cache-control"] == "no-store"
            page = Page(response.text)
            assert not any(tag == "style" or "style" in a for tag, a in page.tags)
            sources = [
                a.get("src") or a.get("href")
                for t, a in page.tags
                if t in {"script", "link", "img"}
            ]
            assert all((source or "").startswith("/static/") for source in sources)
            for source in sources:
                assert (await served.client.get(source or "")).status_code == 200

    run(tmp_path, scenario)


def test_a_very_large_board_is_bounded_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    """A thousand incidents do not make a page that no browser can draw."""

    async def scenario(served: Served) -> str:
        alerts = [feed_alert(labels(model=f"m{i}"), served.clock.now) for i in range(600)]
        for start in range(0, len(alerts), BATCH):
            sent = await served.client.post(FEED, json=alerts[start : start + BATCH])
            assert sent.status_code == 200, sent.text
        return (await get(served)).text

    text = run(tmp_path, scenario)
    assert "600 open incidents" in text
    assert "100 more open incidents" in text


def test_the_link_of_an_alert_leads_to_its_incident(tmp_path: Path) -> None:
    """Whoever is paged lands where they can acknowledge; what is not unique is narrowed down."""

    async def scenario(served: Served) -> None:
        await served.fire()
        await served.fire(model="churn")
        await served.fire(model="churn", fault="drift", accountable_team="data_mlops")
        link = "/?team=infra_sre&model=churn&fault=latency"
        response = await served.client.get(link)
        assert response.status_code == 303
        assert response.headers["location"] == "/incidents/2"
        narrowed = (await get(served, "/?model=churn")).text
        assert "2 open incidents" in narrowed
        assert "Only model churn" in narrowed
        assert "No such incident is open" in (await get(served, "/?model=%3Cb%3E")).text

    run(tmp_path, scenario)
