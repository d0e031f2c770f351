"""The API: listing, showing, acknowledging, resolving; who may, and what refusals say."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.web.served_ledger import FEED, Served, run, tokens

from buckstop.web.asking import ACTS


def test_a_person_acknowledges_and_resolves_under_their_own_name(tmp_path: Path) -> None:
    """The record names who did what, and why."""

    async def scenario(served: Served) -> None:
        await served.fire()
        path = "/api/v1/incidents/1"
        done = await served.client.post(f"{path}/acknowledge", json={"note": "on it"})
        assert done.json()["acknowledged_by"] == "maria"
        ended = await served.client.post(f"{path}/resolve", json={"reason": "rolled back"})
        assert ended.json()["state"] == "resolved"
        assert ended.json()["still_firing"] is True
        history = (await served.client.get(path)).json()["history"]
        assert [(event["kind"], event["by"], event["why"]) for event in history[-2:]] == [
            ("acknowledged", "maria", "on it"),
            ("resolved", "maria", "rolled back"),
        ]
        assert await served.incidents("open") == []
        assert [incident["id"] for incident in await served.incidents("resolved")] == ["1"]

    run(tmp_path, scenario)


def test_a_token_is_a_person_with_limits(tmp_path: Path) -> None:
    """Who may only read cannot acknowledge; who has no token sees nothing at all."""

    async def scenario(served: Served) -> None:
        path = "/api/v1/incidents/1/acknowledge"
        source = {"authorization": "Bearer token-of-prom"}
        reader = {"authorization": "Bearer token-of-li"}
        actor = {"authorization": "bearer token-of-jo"}
        served.client.headers.update(source)
        await served.fire()
        del served.client.headers["authorization"]
        for url in ("/api/v1/incidents", "/api/v1/openapi.json", "/metrics", "/events", FEED):
            refused = await served.client.get(url)
            assert refused.status_code == 401, url
            assert refused.headers["www-authenticate"] == "Bearer"
        assert (await served.client.post(path, headers=reader)).status_code == 403
        assert (await served.client.get("/metrics", headers=reader)).status_code == 403
        done = await served.client.post(path, headers=actor)
        assert done.json()["acknowledged_by"] == "jo"

    run(tmp_path, scenario, tokens(prom="intake", li="read", jo="read act"))


def test_what_belongs_to_no_incident_is_no_incident(tmp_path: Path) -> None:
    """An end that nobody saw begin is on record under 0, which no page shows."""

    async def scenario(served: Served) -> int:
        await served.resolve()
        return (await served.client.get("/api/v1/incidents/0")).status_code

    assert run(tmp_path, scenario) == 404


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("2/acknowledge", {}, 404, "no such incident"),
        ("x/acknowledge", {}, 404, "no such incident"),
        ("1/resolve", {}, 422, "reason"),
        ("1/resolve", {"reason": "  "}, 409, "needs a reason"),
        ("1/resolve", {"reason": "x" * 3000}, 422, "2000"),
        ("1/acknowledge", {"note": 3}, 422, "note"),
    ],
)
def test_a_refusal_says_why(
    tmp_path: Path, path: str, body: dict[str, object], status: int, said: str
) -> None:
    """Every refusal is a sentence that a person can act upon."""

    async def scenario(served: Served) -> tuple[int, str]:
        await served.fire()
        response = await served.client.post(f"/api/v1/incidents/{path}", json=body)
        return response.status_code, response.json()["detail"]

    answered, detail = run(tmp_path, scenario)
    assert answered == status
    assert said in detail


def test_what_is_resolved_already_is_a_conflict(tmp_path: Path) -> None:
    """A late click is told that the incident is over."""

    async def scenario(served: Served) -> None:
        await served.fire()
        await served.resolve()
        response = await served.client.post("/api/v1/incidents/1/acknowledge")
        assert response.status_code == 409
        assert "no longer open" in response.json()["detail"]

    run(tmp_path, scenario)


def test_what_nobody_answers_for_is_listed_apart(tmp_path: Path) -> None:
    """Watchdog is no incident of anybody's."""

    async def scenario(served: Served) -> None:
        await served.fire(alertname="Watchdog")
        assert await served.incidents("all") == []
        listed = (await served.client.get("/api/v1/not-accountable")).json()["incidents"]
        assert [incident["not_accountable"] for incident in listed] == ["dead man's switch"]
        refused = await served.client.post("/api/v1/incidents/1/acknowledge")
        assert refused.status_code == 409

    run(tmp_path, scenario)


def test_every_list_of_incidents_is_given_in_pages(tmp_path: Path) -> None:
    """Ten thousand open incidents are no single answer; one page after another gives them all."""

    async def scenario(served: Served) -> None:
        for number in range(5):
            await served.fire(model=f"model-{number}")
        await served.resolve(model="model-1")
        await served.resolve(model="model-3")
        await served.fire(alertname="Watchdog")

        async def pages(path: str, **asked: str | int) -> list[list[str]]:
            found: list[list[str]] = []
            while True:
                seen = sum(map(len, found))
                query = {**asked, "limit": 2, "offset": seen}
                answer = (await served.client.get(path, params=query)).json()
                found.append([incident["id"] for incident in answer["incidents"]])
                if not answer["more"]:
                    return found

        assert await pages("/api/v1/incidents") == [["1", "3"], ["5"]]
        assert await pages("/api/v1/incidents", state="all") == [["1", "3"], ["5", "4"], ["2"]]
        assert await pages("/api/v1/incidents", state="resolved") == [["4", "2"]]
        assert await pages("/api/v1/not-accountable") == [["6"]]

    run(tmp_path, scenario)


def test_the_api_describes_itself(tmp_path: Path) -> None:
    """OpenAPI names every path and the fields of an incident."""

    async def scenario(served: Served) -> None:
        document = (await served.client.get("/api/v1/openapi.json")).json()
        assert set(document["paths"]) == {
            "/api/v1/incidents",
            "/api/v1/not-accountable",
            "/api/v1/incidents/{incident_id}",
            "/api/v1/health",
            "/api/v1/refusals",
            "/api/v1/comparison",
            "/api/v1/erasures",
            *(f"/api/v1/incidents/{{incident_id}}/{deed}" for deed in ACTS),
        }
        fields = document["components"]["schemas"]["IncidentView"]["properties"]
        assert {"team", "owed", "routed", "withheld", "delivery", "authority"} <= set(fields)

    run(tmp_path, scenario)
