"""The pages about who would answer: by model and fault, by team, by route."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from tests.ledger.ledger_machine import accountability
from tests.web.served_ledger import Served, run
from tests.web.test_pages import HOSTILE, Page, active, get

from buckstop.alertmanager import Router, read
from buckstop.web.matrix_view import matrix
from buckstop.web.routes_view import DRAWN_ROUTES, LabelsError, read_labels, tree


def test_the_matrix_says_who_answers_for_which_fault_of_which_model(tmp_path: Path) -> None:
    """Team, open incidents, and what nothing watches; each leads on to more."""

    async def scenario(served: Served) -> Page:
        await served.fire()
        return await get(served, "/models")

    page = run(tmp_path, scenario)
    assert "the routes that are loaded agree" in page.text
    assert "Infrastructure SRE" in page.text
    assert "1 open" in page.text
    links = {attrs.get("href") for tag, attrs in page.tags if tag == "a"}
    assert {"/teams/infra_sre", "/models/credit", "/?model=credit&fault=latency"} <= links


def test_routes_that_contradict_the_charter_are_shown_where_they_do(tmp_path: Path) -> None:
    """The hole is seen at its model and fault before an alert falls into it."""
    loaded = accountability()
    other = "route: {receiver: data_mlops}\nreceivers: [{name: data_mlops}]\n"
    config, _ = read(other, "alertmanager.yml")
    assert config is not None
    whole = matrix(type(loaded)(loaded.manifest, Router(config), loaded.config_digest))
    amiss = [
        (model, fault)
        for model, row in whole.rows.items()
        for fault, answering in row.items()
        if any(one.amiss for one in answering)
    ]
    assert ("credit", "latency") in amiss
    assert whole.amiss > 0

    async def scenario(served: Served) -> str:
        served.site.matrix = served.site.ledger.accountability, whole
        return (await get(served, "/models")).text

    assert f"{whole.amiss} contradicted by the routes that are loaded" in run(tmp_path, scenario)


def test_a_model_shows_its_alerts_and_the_lines_that_decide(tmp_path: Path) -> None:
    """From the matrix to the alert names and the charter in one step."""

    async def scenario(served: Served) -> tuple[str, int]:
        await served.fire(annotations={"summary": "credit answers slowly"})
        shown = await get(served, "/models/credit")
        return shown.text, (await served.client.get("/models/nothing")).status_code

    text, missing = run(tmp_path, scenario)
    assert "charter.yaml:23" in text
    assert "credit answers slowly" in text
    assert missing == 404


def test_a_team_shows_what_it_answers_for_and_how_soon_it_did(tmp_path: Path) -> None:
    """Open incidents, duties, people, and times taken from what is resolved."""

    async def scenario(served: Served) -> tuple[str, str, str]:
        await served.fire()
        served.clock.advance(120)
        await served.client.post("/api/v1/incidents/1/acknowledge")
        served.clock.advance(480)
        await served.resolve()
        await served.fire(model="other", annotations={"summary": "slow again"})
        every = (await get(served, "/teams")).text
        missing = await served.client.get("/teams/nobody", headers={"accept": "text/html"})
        assert missing.status_code == 404
        return every, (await get(served, "/teams/infra_sre")).text, missing.text

    every, one, missing = run(tmp_path, scenario)
    assert "acknowledged after 2 min, resolved after 10 min (1 incident)" in every
    assert "acknowledged after 2 min, resolved after 10 min (1 incident)" in one
    for said in ("Infrastructure SRE", "1 open", "slow again", "not acknowledged", "latency"):
        assert said in one
    assert "No such team" in missing


def test_pasted_labels_light_the_way_of_their_alert(tmp_path: Path) -> None:
    """Who would answer and who is told is said, and each route says what it does."""

    async def scenario(served: Served) -> Page:
        pasted = quote('{accountable_team="infra_sre", severity="critical"}')
        return await get(served, f"/routes?labels={pasted}")

    page = run(tmp_path, scenario)
    assert "Infrastructure SRE would answer" in page.text
    classes = [attrs.get("class") or "" for tag, attrs in page.tags if tag == "li"]
    assert "route notifies" in classes
    assert "route not-taken" in classes


@pytest.mark.parametrize(
    ("pasted", "labels"),
    [
        ('{a="b", c=d}', {"a": "b", "c": "d"}),
        ('a="b"\nc="d, e",\n', {"a": "b", "c": "d, e"}),
        ('{"a": "b", "c": ""}', {"a": "b"}),
        ('{"a b"="c"}', {"a b": "c"}),
        ("", {}),
    ],
)
def test_labels_are_taken_as_people_have_them(pasted: str, labels: dict[str, str]) -> None:
    """From a page of Prometheus, a log, or JSON; an empty value is no label."""
    assert read_labels(pasted) == labels


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ('a=~"b"', "one value for each label"),
        ('a="b", a="c"', "gives a twice"),
        ('{"a": 1}', "must be a text"),
        ('{"a": "b"', "no JSON"),
        ("nonsense", "write alertname="),
        ("a=b," * 4_000, "more than"),
    ],
)
def test_what_is_no_label_set_is_said(pasted: str, said: str) -> None:
    """Nobody takes the answer for another question."""
    with pytest.raises(LabelsError, match=said):
        read_labels(pasted)


def test_refused_labels_are_said_on_the_page_and_kept_in_the_field(tmp_path: Path) -> None:
    """What was pasted can be mended where it stands."""

    async def scenario(served: Served) -> tuple[int, Page]:
        answer = await served.client.get("/routes?labels=nonsense", headers={"accept": "text/html"})
        return answer.status_code, Page(answer.text)

    status, page = run(tmp_path, scenario)
    assert status == 422
    assert "These are no labels" in page.text
    assert "nonsense" in page.text


def test_of_a_large_tree_the_way_alone_is_drawn() -> None:
    """Ten thousand routes are not a page; the one that is taken is."""
    routes = "".join(
        f"  - {{receiver: r, matchers: ['n=\"{number}\"']}}\n" for number in range(DRAWN_ROUTES)
    )
    config, _ = read(f"route:\n  receiver: r\n  routes:\n{routes}receivers: [{{name: r}}]\n", "a")
    assert config is not None
    root = tree(Router(config), {}, {}, {"n": "7"})
    assert [child.part for child in root.children] == ["notifies"]
    assert root.left_out == DRAWN_ROUTES - 1


def test_hostile_labels_stay_harmless(tmp_path: Path) -> None:
    """What is pasted is shown as text alone."""

    async def scenario(served: Served) -> list[Page]:
        pages = []
        for text in HOSTILE:
            answer = await served.client.get(
                "/routes", params={"labels": text}, headers={"accept": "text/html"}
            )
            pages.append(Page(answer.text))
        return pages

    quiet, *pages = [active(page) for page in run(tmp_path, scenario)]
    assert all(found == quiet for found in pages)
