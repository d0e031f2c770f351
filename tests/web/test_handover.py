"""Handing over by API and by the page's forms: who may, what refusals say, what pages offer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.web.served_ledger import Served, run, tokens
from tests.web.test_pages import Page, get

KNOWN = tokens(
    prom="intake", maria="read act", li="read act", olga="read act", sam="read act", eve="read act"
)
"""maria is of Infrastructure SRE, li of Data & ML Operations; olga leads Operations, sam is of it;
eve is of none."""


async def post(
    served: Served, person: str, deed: str, **body: object
) -> tuple[int, dict[str, Any]]:
    """Status and answer of an act by `person`."""
    response = await served.client.post(
        f"/api/v1/incidents/1/{deed}",
        json=body,
        headers={"authorization": f"Bearer token-of-{person}"},
    )
    return response.status_code, response.json()


async def fire(served: Served, **changes: str) -> None:
    """Have Prometheus report an alert, with its token."""
    served.client.headers["authorization"] = "Bearer token-of-prom"
    await served.fire(annotations=None, **changes)
    del served.client.headers["authorization"]


async def sign_in(served: Served, person: str) -> str:
    """Sign in on the page; what the forms of incident 1 must send back."""
    served.client.cookies.clear()
    await served.client.post("/sign-in", data={"token": f"token-of-{person}"})
    page = await get(served, "/incidents/1")
    return next((a["value"] or "" for t, a in page.tags if a.get("name") == "form_token"), "")


def actions(page: Page) -> set[str]:
    """What the forms of an incident's page do."""
    sent = [a.get("action") or "" for tag, a in page.tags if tag == "form"]
    return {action.rpartition("/")[2] for action in sent if action.startswith("/incidents/")}


def test_another_team_takes_an_incident_over(tmp_path: Path) -> None:
    """Propose, accept, acknowledge: each by its own team, all on record."""

    async def scenario(served: Served) -> None:
        await fire(served)
        status, asked = await post(
            served, "maria", "propose", team="data_mlops", reason="late features"
        )
        assert status == 200
        assert asked["team"] == "infra_sre"
        assert asked["proposal"]["to_team"] == "data_mlops"
        assert asked["proposal"]["reason"] == "late features"
        status, taken = await post(served, "li", "accept", proposal=1, note="ours")
        assert status == 200
        assert (taken["team"], taken["proposal"]) == ("data_mlops", None)
        assert taken["acknowledged_by"] is None
        assert [(o["team"], o["by"]) for o in taken["owners"]] == [
            ("infra_sre", "configuration"),
            ("data_mlops", "handover"),
        ]
        assert taken["handover"] == "recorded; Alertmanager still notifies Infrastructure SRE"
        assert (await post(served, "maria", "acknowledge"))[0] == 403
        status, acknowledged = await post(served, "li", "acknowledge")
        assert (status, acknowledged["acknowledged_by"]) == (200, "li")
        whole = await served.client.get(
            "/api/v1/incidents/1", headers={"authorization": "Bearer token-of-eve"}
        )
        history = whole.json()["history"]
        assert [(e["kind"], e["by"], e["team"], e["why"]) for e in history[-3:]] == [
            ("proposed", "maria", "infra_sre", "late features"),
            ("accepted", "li", "data_mlops", "ours"),
            ("acknowledged", "li", "data_mlops", ""),
        ]

    run(tmp_path, scenario, KNOWN)


@pytest.mark.parametrize(
    ("person", "deed", "body", "status", "reason"),
    [
        ("eve", "acknowledge", {}, 403, "not_a_member"),
        ("li", "note", {"text": "x"}, 403, "not_a_member"),
        ("li", "resolve", {"reason": "x"}, 403, "not_a_member"),
        ("li", "propose", {"team": "default_ops", "reason": "x"}, 403, "not_a_member"),
        ("maria", "propose", {"team": "nobody", "reason": "x"}, 409, "team_unknown"),
        ("maria", "propose", {"team": "data_mlops", "reason": " "}, 409, "text_missing"),
        ("maria", "accept", {}, 409, "no_proposal"),
        ("maria", "decline", {"reason": "x"}, 409, "no_proposal"),
        ("maria", "withdraw", {}, 409, "no_proposal"),
        ("maria", "assign", {"team": "data_mlops", "reason": "x"}, 403, "not_the_lead"),
        ("eve", "correct", {"entry": 1, "text": "x"}, 403, "not_a_member"),
        ("maria", "correct", {"entry": 77, "text": "x"}, 409, "entry_unknown"),
        (
            "maria",
            "propose",
            {"team": "data_mlops", "reason": "x", "within_seconds": 1e9},
            409,
            "time_limit",
        ),
    ],
)
def test_a_refusal_has_a_word_and_a_sentence(
    tmp_path: Path, person: str, deed: str, body: dict[str, object], status: int, reason: str
) -> None:
    """403 where this person may not, 409 where nobody could; nothing is on record."""

    async def scenario(served: Served) -> None:
        await fire(served)
        recorded = len(served.site.ledger.history(1))
        answered, said = await post(served, person, deed, **body)
        assert (answered, said["reason"]) == (status, reason)
        assert len(said["detail"].split()) > 3
        assert len(served.site.ledger.history(1)) == recorded

    run(tmp_path, scenario, KNOWN)


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("propose", {"team": "data_mlops"}),
        ("propose", {"team": "data_mlops", "reason": "x", "within_seconds": -1}),
        ("accept", {"proposal": 0}),
        ("decline", {}),
        ("correct", {"entry": "x", "text": "x"}),
        ("note", {"text": ""}),
    ],
)
def test_what_cannot_be_meant_is_said_field_by_field(
    tmp_path: Path, deed: str, body: dict[str, object]
) -> None:
    """A request of the wrong form is no refusal of the act."""

    async def scenario(served: Served) -> None:
        await fire(served)
        assert (await post(served, "maria", deed, **body))[0] == 422

    run(tmp_path, scenario, KNOWN)


def test_a_resolved_incident_is_corrected_and_not_handed_over(tmp_path: Path) -> None:
    """The record is put right; the past keeps its owner."""

    async def scenario(served: Served) -> None:
        await fire(served)
        assert (await post(served, "maria", "resolve", reason="pod a"))[0] == 200
        status, said = await post(served, "maria", "propose", team="data_mlops", reason="x")
        assert (status, said["reason"]) == (409, "not_open")
        status, corrected = await post(served, "maria", "correct", entry=4, text="pod b")
        assert (status, corrected["state"], corrected["resolution"]) == (200, "resolved", "pod a")
        await sign_in(served, "eve")
        text = (await get(served, "/incidents/1")).text
        assert "Corrected by entry 5" in text
        assert "Corrected entry 4" in text
        none = await served.client.post(
            "/api/v1/incidents/9/correct",
            json={"entry": 1, "text": "x"},
            headers={"authorization": "Bearer token-of-maria"},
        )
        assert none.status_code == 404

    run(tmp_path, scenario, KNOWN)


def test_a_page_offers_what_its_reader_may_do(tmp_path: Path) -> None:
    """The accountable team, the asked one, a lead and a stranger see different forms."""

    async def scenario(served: Served) -> None:
        await fire(served)
        await sign_in(served, "maria")
        ours = {"acknowledge", "note", "propose", "resolve", "correct"}
        assert actions(await get(served, "/incidents/1")) == ours
        await sign_in(served, "eve")
        page = await get(served, "/incidents/1")
        assert actions(page) == set()
        assert "Only members of Infrastructure SRE act on it" in page.text
        await post(served, "maria", "propose", team="data_mlops", reason="late features")
        await sign_in(served, "maria")
        assert actions(await get(served, "/incidents/1")) == ours - {"propose"} | {"withdraw"}
        await sign_in(served, "li")
        page = await get(served, "/incidents/1")
        assert "Without an answer until 2030-01-31 12:30:00 UTC it falls back" in page.text
        assert actions(page) == {"accept", "decline"}
        assert "Alertmanager goes on to notify" in page.text
        assert "which has not answered" in (await get(served, "/")).text

    run(tmp_path, scenario, KNOWN)


def test_forms_hand_over_without_javascript(tmp_path: Path) -> None:
    """Each form posts, and leads back to a page that shows what it did."""

    async def scenario(served: Served) -> None:
        await fire(served)
        token = await sign_in(served, "maria")
        sent = await served.client.post(
            "/incidents/1/propose",
            data={"form_token": token, "team": "data_mlops", "reason": "late features"},
        )
        assert sent.status_code == 303
        token = await sign_in(served, "li")
        page = await get(served, "/incidents/1")
        number = next(a["value"] or "" for t, a in page.tags if a.get("name") == "proposal")
        wrong = await served.client.post(
            "/incidents/1/accept", data={"form_token": token, "proposal": "x"}
        )
        assert wrong.status_code == 409
        done = await served.client.post(
            "/incidents/1/accept", data={"form_token": token, "proposal": number}
        )
        assert done.status_code == 303
        text = (await get(served, "/incidents/1")).text
        assert "Data & ML Operations is accountable" in text
        assert "Recorded; Alertmanager still notifies Infrastructure SRE" in text
        assert "Alertmanager still notifies Infrastructure SRE" in (await get(served, "/")).text
        nothing = await served.client.post("/incidents/1/steal", data={"form_token": token})
        assert nothing.status_code == 404
        refused = await served.client.post(
            "/incidents/1/correct", data={"form_token": token, "entry": "x", "text": "y"}
        )
        assert refused.status_code == 409
        assert "the record has the entries 1 to" in refused.text

    run(tmp_path, scenario, KNOWN)


def test_the_lead_of_the_unrecognised_assigns_from_the_page(tmp_path: Path) -> None:
    """What no team recognised gets its owner by a person whom the charter names."""

    async def scenario(served: Served) -> None:
        await fire(served, alertname="Strange", accountable_team="nobody")
        await sign_in(served, "sam")
        assert "assign" not in actions(await get(served, "/incidents/1"))
        token = await sign_in(served, "olga")
        assert "assign" in actions(await get(served, "/incidents/1"))
        done = await served.client.post(
            "/incidents/1/assign",
            data={"form_token": token, "team": "data_mlops", "reason": "their table"},
        )
        assert done.status_code == 303
        text = (await get(served, "/incidents/1")).text
        assert "assigned to Data & ML Operations by the lead of Operations" in text

    run(tmp_path, scenario, KNOWN)


def test_a_proposal_falls_back_by_itself(tmp_path: Path) -> None:
    """Without any request the ledger notices that the time to answer is over."""

    async def scenario(served: Served) -> None:
        await fire(served)
        await post(served, "maria", "propose", team="data_mlops", reason="x", within_seconds=60)
        served.clock.advance(61)
        await fire(served)
        assert served.site.ledger.history(1)[-1].body.kind == "proposal_ended"

    run(tmp_path, scenario, KNOWN)


def test_on_an_open_ledger_whoever_reaches_it_acts_for_every_team(tmp_path: Path) -> None:
    """Nobody has shown who they are, so no name is held against the charter."""

    async def scenario(served: Served) -> None:
        await served.fire()
        body = {"team": "data_mlops", "reason": "x"}
        await served.client.post("/api/v1/incidents/1/propose", json=body)
        taken = await served.client.post("/api/v1/incidents/1/accept")
        assert taken.json()["team"] == "data_mlops"

    run(tmp_path, scenario)
