"""Who is not let in, who is let do too much, and what is done twice: forgery, scopes, replays."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection
from tests.ledger.ledger_world import feed_alert, labels
from tests.web.served_ledger import FEED, WEBHOOK, Served, run, tokens
from tests.web.test_handover import fire, post, sign_in

from buckstop.web.access import COOKIE
from buckstop.web.asking import ACTS
from buckstop.web.tokens import digest

KNOWN = tokens(
    prom="intake",
    scrape="metrics",
    ron="read",
    maria="read act",
    li="read act",
    eve="read act",
    olga="erase",
)
TOKEN = "token-of-maria"

FORGED = {
    "empty": "",
    "its digest": digest(TOKEN),
    "a digit more": f"{TOKEN}0",
    "a digit less": TOKEN[:-1],
    "another case": TOKEN.upper(),
    "the person's name": "maria",
    "unsigned JWT": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJpYSJ9.",
    "NUL": f"{TOKEN}\x00",
    "SQL": "' OR '1'='1",
    "a list": f"x,{TOKEN}",
    "beyond ASCII": "tökén",
    "very long": "a" * 30_000,
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_opens_nothing(tmp_path: Path, name: str) -> None:
    """Neither as a header, nor in an intake's path, nor as a session, nor on the sign-in page."""
    forged = FORGED[name]

    async def scenario(served: Served) -> None:
        await fire(served)
        client = served.client
        bearer = [(b"authorization", f"Bearer {forged}".encode())]
        assert (await client.get("/api/v1/incidents", headers=bearer)).status_code == 401
        assert (await client.post(FEED, json=[], headers=bearer)).status_code == 401
        assert (await client.get("/metrics", headers=bearer)).status_code == 401
        cookie = [(b"cookie", f"{COOKIE}={forged}".encode())]
        assert (await client.get("/", headers=cookie)).status_code == 303
        signed = await client.post("/sign-in", data={"token": forged})
        assert signed.status_code == 403
        assert "set-cookie" not in signed.headers
        assert len(forged) < 3 or forged not in signed.text

    run(tmp_path, scenario, KNOWN)


@pytest.mark.parametrize(
    "header",
    [
        "Basic " + base64.b64encode(b"maria:" + TOKEN.encode()).decode(),
        f"Token {TOKEN}",
        TOKEN,
        f"Bearer{TOKEN}",
    ],
)
def test_a_token_in_another_scheme_is_no_token(tmp_path: Path, header: str) -> None:
    """One way to show a token, and no other by accident."""

    async def scenario(served: Served) -> int:
        headers = {"authorization": header}
        return (await served.client.get("/api/v1/health", headers=headers)).status_code

    assert run(tmp_path, scenario, KNOWN) == 401


def test_an_address_never_carries_a_token_but_for_the_intakes(tmp_path: Path) -> None:
    """Addresses end up in logs and histories."""

    async def scenario(served: Served) -> None:
        for path in (f"/?token={TOKEN}", f"/api/v1/incidents?access_token={TOKEN}"):
            assert (await served.client.get(path)).status_code in {303, 401}

    run(tmp_path, scenario, KNOWN)


SCOPES = {
    "prom": {"intake"},
    "scrape": {"metrics"},
    "ron": {"read"},
    "maria": {"read", "act"},
    "olga": {"erase"},
}
ASKED = {
    "intake": [("POST", FEED), ("POST", WEBHOOK)],
    "metrics": [("GET", "/metrics")],
    "read": [
        ("GET", "/"),
        ("GET", "/incidents/1"),
        ("GET", "/refusals"),
        ("GET", "/api/v1/incidents"),
        ("GET", "/api/v1/refusals"),
        ("GET", "/api/v1/health"),
        ("GET", "/api/v1/openapi.json"),
        ("HEAD", "/api/v1/incidents"),
    ],
    "act": [
        *(("POST", f"/api/v1/incidents/1/{act}") for act in ACTS),
        *(("POST", f"/incidents/1/{act}") for act in ACTS),
        ("DELETE", "/api/v1/incidents/1"),
        ("PUT", "/api/v1/health"),
        ("PATCH", "/"),
    ],
    "erase": [("POST", "/api/v1/erasures"), ("DELETE", "/api/v1/erasures")],
}


@pytest.mark.parametrize("person", SCOPES)
def test_each_scope_opens_its_own_doors_and_no_other(tmp_path: Path, person: str) -> None:
    """403 by the scope alone, whatever is behind the door."""

    async def scenario(served: Served) -> None:
        await fire(served)
        headers = {"authorization": f"Bearer token-of-{person}"}
        for scope, doors in ASKED.items():
            for method, path in doors:
                answer = await served.client.request(method, path, headers=headers)
                refused = answer.status_code == 403 and "lacks the scope" in answer.text
                if method != "HEAD":
                    assert refused is (scope not in SCOPES[person]), (person, method, path)

    run(tmp_path, scenario, KNOWN)


CROSS_TEAM: dict[str, dict[str, object]] = {
    "acknowledge": {},
    "note": {"text": "x"},
    "resolve": {"reason": "x"},
    "propose": {"team": "data_mlops", "reason": "x"},
    "withdraw": {},
    "assign": {"team": "data_mlops", "reason": "x"},
    "correct": {"entry": 1, "text": "x"},
    "accept": {},
    "decline": {"reason": "x"},
}


@pytest.mark.parametrize("act", CROSS_TEAM)
def test_another_team_does_nothing_by_api_or_form(tmp_path: Path, act: str) -> None:
    """eve is of no team: whatever she tries changes nothing, and is on record."""

    async def scenario(served: Served) -> None:
        await fire(served)
        asked = await post(served, "maria", "propose", team="data_mlops", reason="late")
        assert asked[0] == 200
        before = served.site.ledger.history(1)
        status, said = await post(served, "eve", act, **CROSS_TEAM[act])
        assert status == 403, said
        await sign_in(served, "eve")
        session = served.client.cookies[COOKIE]
        token = served.site.access.form_token(_with_session(session))
        form = {"form_token": token, "proposal": "1", **CROSS_TEAM[act]}
        answer = await served.client.post(f"/incidents/1/{act}", data=form)
        assert answer.status_code == 403
        assert served.site.ledger.history(1) == before
        (refused,) = served.site.ledger.refusals(9)
        assert refused.by.name == "eve"

    run(tmp_path, scenario, KNOWN)


def test_a_name_that_looks_alike_is_another_name(tmp_path: Path) -> None:
    """Persons are compared letter by letter: no case, no spaces, no lookalikes."""
    sly = tokens(prom="intake", Maria="read act", mаria="read act")

    async def scenario(served: Served) -> None:
        await fire(served)
        for person in ("Maria", "m\u0430ria"):
            headers = [(b"authorization", f"Bearer token-of-{person}".encode())]
            answer = await served.client.post(
                "/api/v1/incidents/1/resolve", json={"reason": "x"}, headers=headers
            )
            assert answer.status_code in {401, 403}

    run(tmp_path, scenario, sly)


def test_an_act_that_is_sent_again_is_one_entry(tmp_path: Path) -> None:
    """A double click, a retry after a lost answer, a replay: one acknowledgement, one owner."""

    async def scenario(served: Served) -> None:
        await fire(served)
        again: list[tuple[str, str, dict[str, object]]] = [
            ("maria", "acknowledge", {"note": "looking"}),
            ("maria", "note", {"text": "restarted pod b"}),
            ("maria", "propose", {"team": "data_mlops", "reason": "late"}),
            ("li", "accept", {"proposal": 1}),
            ("li", "correct", {"entry": 2, "text": "it was pod a"}),
        ]
        for person, act, body in again:
            assert (await post(served, person, act, **body))[0] == 200
            entries = len(served.site.ledger.history(1))
            for _ in range(3):
                assert (await post(served, person, act, **body))[0] == 200
            assert len(served.site.ledger.history(1)) == entries, act

    run(tmp_path, scenario, KNOWN)


def test_an_old_yes_does_not_answer_a_new_proposal(tmp_path: Path) -> None:
    """A → B → A: B's acceptance, replayed, takes nothing over again."""

    async def scenario(served: Served) -> None:
        await fire(served)
        await post(served, "maria", "propose", team="data_mlops", reason="late")
        assert (await post(served, "li", "accept", proposal=1))[0] == 200
        await post(served, "li", "propose", team="infra_sre", reason="yours")
        assert (await post(served, "maria", "accept", proposal=2))[0] == 200
        status, said = await post(served, "li", "accept", proposal=1)
        assert (status, said["reason"]) == (409, "no_proposal")
        await post(served, "maria", "propose", team="data_mlops", reason="late again")
        status, said = await post(served, "li", "accept", proposal=1)
        assert (status, said["reason"]) == (409, "proposal_over")
        (incident,) = (
            await served.client.get(
                "/api/v1/incidents", headers={"authorization": "Bearer token-of-ron"}
            )
        ).json()["incidents"]
        assert incident["team"] == "infra_sre"

    run(tmp_path, scenario, KNOWN)


def test_alerts_that_are_sent_again_are_the_same_alerts(tmp_path: Path) -> None:
    """A replayed batch, or a replayed end, opens nothing and resolves nothing twice."""

    async def scenario(served: Served) -> None:
        headers = {"authorization": "Bearer token-of-prom"}
        now = served.clock.now
        firing = [feed_alert(labels(), now)]
        ended = [feed_alert(labels(), now, ended_seconds_ago=0)]
        for batch in (firing, firing, ended, ended):
            answer = await served.client.post(FEED, json=batch, headers=headers)
            assert answer.status_code == 200
        entries = len(served.site.ledger.history(1))
        for batch in (firing, ended):
            await served.client.post(FEED, json=batch, headers=headers)
        assert len(served.site.ledger.history(1)) == entries
        assert served.site.ledger.history(2) == ()

    run(tmp_path, scenario, KNOWN)


def _with_session(session: str) -> HTTPConnection:
    """A request of that session's browser."""
    cookie = f"{COOKIE}={session}".encode()
    return HTTPConnection({"type": "http", "headers": [(b"cookie", cookie)]})
