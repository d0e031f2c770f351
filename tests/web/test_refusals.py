"""Refusals on the record: by API, by form, by scope; shown by API, page and terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.web.served_ledger import Served, run, tokens
from tests.web.test_handover import fire, post, sign_in
from tests.web.test_pages import Page, get

from buckstop.ledger.domain.act_events import Refused
from buckstop.ledger.store import SqliteStore

KNOWN = tokens(
    prom="intake", maria="read act", li="read act", sam="read act", olga="read act", ron="read"
)


async def refusals(served: Served) -> list[dict[str, Any]]:
    """What the API lists, newest first."""
    response = await served.client.get(
        "/api/v1/refusals", headers={"authorization": "Bearer token-of-maria"}
    )
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["refusals"]
    return found


@pytest.mark.parametrize(
    ("person", "deed", "body", "reason"),
    [
        ("li", "acknowledge", {}, "not_a_member"),
        ("li", "resolve", {"reason": "x"}, "not_a_member"),
        ("sam", "assign", {"team": "data_mlops", "reason": "x"}, "not_the_lead"),
        ("ron", "acknowledge", {}, "scope"),
    ],
)
def test_who_may_not_is_on_record(
    tmp_path: Path, person: str, deed: str, body: dict[str, object], reason: str
) -> None:
    """Who, what, on which incident and why: before they have heard the no."""

    async def scenario(served: Served) -> None:
        await fire(served)
        assert (await post(served, person, deed, **body))[0] == 403
        (refusal,) = await refusals(served)
        assert (refusal["person"], refusal["act"], refusal["incident"]) == (person, deed, 1)
        assert (refusal["reason"], refusal["times"]) == (reason, 1)
        assert len(refusal["why"].split()) > 3
        (event,) = served.site.ledger.refusals(9)
        assert isinstance(event.body, Refused)

    run(tmp_path, scenario, KNOWN)


def test_how_things_stand_is_no_refusal_of_a_person(tmp_path: Path) -> None:
    """A late click or a forgotten reason is told, and accuses nobody."""

    async def scenario(served: Served) -> None:
        await fire(served)
        assert (await post(served, "maria", "accept"))[0] == 409
        assert (await post(served, "maria", "resolve", reason=" "))[0] == 409
        assert await refusals(served) == []

    run(tmp_path, scenario, KNOWN)


def test_forms_are_held_to_the_same_rules(tmp_path: Path) -> None:
    """A form that no page of ours made, and one of our own that its sender may not send."""

    async def scenario(served: Served) -> None:
        await fire(served)
        await sign_in(served, "maria")
        await served.client.post("/incidents/1/resolve", data={"form_token": "x", "reason": "x"})
        await fire(served, model="churn", accountable_team="data_mlops")
        await sign_in(served, "li")
        page = await get(served, "/incidents/2")
        token = next(a["value"] for _, a in page.tags if a.get("name") == "form_token")
        refused = await served.client.post(
            "/incidents/1/resolve", data={"form_token": token, "reason": "x"}
        )
        assert refused.status_code == 403
        assert "Only members of Infrastructure SRE" in Page(refused.text).text
        found = [(one["person"], one["act"], one["reason"]) for one in await refusals(served)]
        assert found == [("li", "resolve", "not_a_member"), ("maria", "resolve", "form")]

    run(tmp_path, scenario, KNOWN)


def test_the_page_shows_them_to_whoever_may_read(tmp_path: Path) -> None:
    """The board leads to it."""

    async def scenario(served: Served) -> None:
        await fire(served)
        await sign_in(served, "ron")
        assert "Nothing has been refused" in (await get(served, "/refusals")).text
        await post(served, "li", "resolve", reason="x")
        text = (await get(served, "/refusals")).text
        assert "li : resolve of #1" in text
        assert "Only members of Infrastructure SRE resolve" in text
        assert 'href="/refusals"' in (await served.client.get("/")).text

    run(tmp_path, scenario, KNOWN)


def test_trying_without_end_does_not_fill_the_record(tmp_path: Path) -> None:
    """What was counted is recorded when the ledger stops, if not before."""

    async def scenario(served: Served) -> None:
        await fire(served)
        for _ in range(30):
            assert (await post(served, "li", "resolve", reason="x"))[0] == 403
        assert len(await refusals(served)) == 1

    run(tmp_path, scenario, KNOWN)
    store = SqliteStore(tmp_path / "ledger.db")
    reader = store.reader()
    bodies = [event.body for event in reader.apart("refused", 9)]
    assert [body.times for body in bodies if isinstance(body, Refused)] == [29, 1]
    reader.close()
    store.close()
