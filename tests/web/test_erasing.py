"""Erasing a person through the running ledger: gone from disk and memory, and on record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.ledger.record.recorded import found
from tests.web.served_ledger import Served, run, tokens

KNOWN = tokens(prom="intake", jo="read act", maria="read act", dpo="erase read")
NOTE = "asked the people who deployed at noon"


def as_(person: str) -> dict[str, str]:
    """The headers of a person."""
    return {"authorization": f"Bearer token-of-{person}"}


async def acted(served: Served) -> None:
    """An incident that jo has acknowledged, and maria has noted something of."""
    served.client.headers.update(as_("prom"))
    await served.fire()
    path = "/api/v1/incidents/1"
    served.client.headers.update(as_("jo"))
    assert (await served.client.post(f"{path}/acknowledge", json={"note": NOTE})).is_success
    served.client.headers.update(as_("maria"))
    assert (await served.client.post(f"{path}/note", json={"text": "jo is on it"})).is_success
    served.client.headers.update(as_("dpo"))


def test_a_person_is_erased_while_the_ledger_runs(tmp_path: Path) -> None:
    """No answer, page or byte on disk has the name or the words; who erased, and why, is on record,
    and the ledger goes on recording."""

    async def scenario(served: Served) -> None:
        await acted(served)
        body = {"person": "jo", "reason": "request 17"}
        answer = await served.client.post("/api/v1/erasures", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.json() == {"texts": 2, "events": 1, "mentions": [5]}
        shown = (await served.client.get("/api/v1/incidents/1")).json()
        assert shown["acknowledged_by"] == "erased"
        assert NOTE not in json.dumps(shown)
        assert NOTE not in (await served.client.get("/incidents/1")).text
        (listed,) = await served.incidents()
        assert (listed["acknowledged_by"], listed["acknowledgement"]) == ("erased", "erased")
        assert NOTE.encode() not in b"".join(
            path.read_bytes() for path in tmp_path.glob("ledger.db*")
        )
        on_record = (await served.client.get("/api/v1/erasures")).json()["erasures"]
        assert [(one["by"], one["reason"], one["texts"], one["events"]) for one in on_record] == [
            ("dpo", "request 17", 2, [4])
        ]
        again = await served.client.post("/api/v1/erasures", json=body)
        assert again.json()["texts"] == 0
        assert len((await served.client.get("/api/v1/erasures")).json()["erasures"]) == 1
        served.client.headers.update(as_("prom"))
        await served.fire(model="churn")
        served.client.headers.update(as_("maria"))
        assert len(await served.incidents()) == 2

    run(tmp_path, scenario, KNOWN)
    assert found(tmp_path / "ledger.db") == []


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"person": "jo", "reason": " "}, 409, "needs a person, a reason"),
        ({"person": "jo", "reason": "JO asked"}, 409, "leave it out"),
        ({"person": "dpo", "reason": "x"}, 409, "somebody else must erase"),
        ({"person": "", "reason": "x"}, 422, "person"),
        ({"person": "jo", "reason": "x" * 3000}, 422, "2000"),
    ],
)
def test_what_is_not_erased_is_said(
    tmp_path: Path, body: dict[str, str], status: int, said: str
) -> None:
    """And nothing is erased by that."""

    async def scenario(served: Served) -> None:
        await acted(served)
        answer = await served.client.post("/api/v1/erasures", json=body)
        assert answer.status_code == status
        assert said in answer.json()["detail"]
        (listed,) = await served.incidents()
        assert listed["acknowledged_by"] == "jo"

    run(tmp_path, scenario, KNOWN)


def test_who_lacks_the_scope_erases_nobody(tmp_path: Path) -> None:
    """Not even whoever may act; and the try is on record."""

    async def scenario(served: Served) -> None:
        await acted(served)
        body = {"person": "jo", "reason": "request 17"}
        answer = await served.client.post("/api/v1/erasures", json=body, headers=as_("maria"))
        assert answer.status_code == 403
        (refused,) = (await served.client.get("/api/v1/refusals")).json()["refusals"]
        assert (refused["person"], refused["act"]) == ("maria", "erase")

    run(tmp_path, scenario, KNOWN)
