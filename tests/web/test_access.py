"""The door: loopback and its traps, tokens, sessions, forms from elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tests.web.served_ledger import Served, run, tokens

from buckstop.web.access import COOKIE, SESSION_HOURS, SESSIONS_OF_TOKEN, is_loopback
from buckstop.web.tokens import Tokens, TokensError, digest, read_tokens

NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)

KNOWN = tokens(jo="read act", prom="intake")
AS_PROM = {"authorization": "Bearer token-of-prom"}


async def opened(served: Served) -> None:
    """One incident, posted by who may."""
    served.client.headers.update(AS_PROM)
    await served.fire()
    del served.client.headers["authorization"]


async def signed_in(served: Served) -> httpx.Response:
    """A session of jo's."""
    return await served.client.post("/sign-in", data={"token": "token-of-jo", "next": "/"})


async def form_token(served: Served) -> str:
    """What the incident's page puts into its forms."""
    found = re.search(
        r'name="form_token" value="(\w+)"', (await served.client.get("/incidents/1")).text
    )
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:9890", "", "[::1", "localhost.evil"]
)
def test_on_loopback_other_names_are_turned_away(tmp_path: Path, host: str) -> None:
    """A page whose name server points at 127.0.0.1 reads nothing here (DNS rebinding)."""

    async def scenario(served: Served) -> int:
        return (await served.client.get("/api/v1/incidents", headers={"host": host})).status_code

    assert run(tmp_path, scenario) == 421


@pytest.mark.parametrize("host", ["localhost:9890", "127.0.0.1", "[::1]:9890"])
def test_on_loopback_its_own_names_are_let_in(tmp_path: Path, host: str) -> None:
    """Every way to write this machine works."""

    async def scenario(served: Served) -> int:
        return (await served.client.get("/", headers={"host": host})).status_code

    assert run(tmp_path, scenario) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1234"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_sites_page_changes_nothing(tmp_path: Path, headers: dict[str, str]) -> None:
    """A browser on this machine cannot be made to acknowledge by a page it visits."""

    async def scenario(served: Served) -> None:
        await served.fire()
        plain = {**headers, "content-type": "text/plain"}
        for path in (
            "/api/v1/incidents/1/acknowledge",
            "/incidents/1/acknowledge",
            "/feed/p/api/v2/alerts",
        ):
            response = await served.client.post(path, content="{}", headers=plain)
            assert response.status_code == 403
        assert (await served.incidents())[0]["acknowledged_by"] is None

    run(tmp_path, scenario)


def test_an_open_ledger_refuses_what_a_proxy_forwards(tmp_path: Path) -> None:
    """Put behind a proxy without tokens, loopback would be open to the world."""

    async def scenario(served: Served) -> None:
        response = await served.client.get("/", headers={"x-forwarded-for": "203.0.113.5"})
        assert response.status_code == 403
        assert "--tokens" in response.json()["detail"]

    run(tmp_path, scenario)


def test_pages_ask_for_a_token_and_lead_back(tmp_path: Path) -> None:
    """Who follows a link signs in once and sees what they came for."""

    async def scenario(served: Served) -> None:
        await opened(served)
        turned = await served.client.get("/incidents/1")
        assert turned.status_code == 303
        assert turned.headers["location"] == "/sign-in?next=/incidents/1"
        linked = await served.client.get("/?team=infra_sre&model=credit")
        form = await served.client.get(linked.headers["location"])
        assert 'name="next" value="/?team=infra_sre&amp;model=credit"' in form.text
        wrong = await served.client.post("/sign-in", data={"token": "guess", "next": "/"})
        assert wrong.status_code == 403
        assert "set-cookie" not in wrong.headers
        right = await served.client.post(
            "/sign-in", data={"token": "token-of-jo", "next": "/incidents/1"}
        )
        assert right.headers["location"] == "/incidents/1"
        cookie = right.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "token-of-jo" not in cookie
        page = await served.client.get("/incidents/1")
        assert page.status_code == 200
        assert "Acknowledge as jo" in page.text

    run(tmp_path, scenario, KNOWN)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/\tx", "evil", ""]
)
def test_signing_in_never_leads_elsewhere(tmp_path: Path, elsewhere: str) -> None:
    """The sign-in page is no open redirect."""

    async def scenario(served: Served) -> str:
        data = {"token": "token-of-jo", "next": elsewhere}
        return (await served.client.post("/sign-in", data=data)).headers["location"]

    assert run(tmp_path, scenario, KNOWN) == "/"


def test_a_session_ends_by_time_by_sign_out_and_with_its_token(tmp_path: Path) -> None:
    """Revoking a token ends its sessions at once."""

    async def scenario(served: Served) -> None:
        await signed_in(served)
        assert (await served.client.get("/")).status_code == 200
        served.clock.advance(SESSION_HOURS * 3600 + 1)
        assert (await served.client.get("/")).status_code == 303
        await signed_in(served)
        await served.client.post("/sign-out")
        assert (await served.client.get("/")).status_code == 303
        await signed_in(served)
        served.site.access.tokens = tokens(prom="intake")
        assert (await served.client.get("/")).status_code == 303

    run(tmp_path, scenario, KNOWN)


def test_a_form_needs_the_token_of_its_page(tmp_path: Path) -> None:
    """A forged form is refused; the page's own is accepted and leads back to the page."""

    async def scenario(served: Served) -> None:
        await opened(served)
        await signed_in(served)
        right = await form_token(served)
        for forged in ("", "x", right[:-1], "ä"):
            response = await served.client.post(
                "/incidents/1/acknowledge", data={"form_token": forged}
            )
            assert response.status_code == 403
        done = await served.client.post(
            "/incidents/1/acknowledge", data={"form_token": right, "note": "looking"}
        )
        assert done.status_code == 303
        page = (await served.client.get("/incidents/1")).text
        assert "looking" in page
        refused = await served.client.post(
            "/incidents/1/resolve", data={"form_token": right, "reason": " "}
        )
        assert refused.status_code == 409
        assert "needs a reason" in refused.text

    run(tmp_path, scenario, KNOWN)


def test_a_session_that_may_only_read_sees_no_buttons(tmp_path: Path) -> None:
    """What somebody may not do is not offered."""

    async def scenario(served: Served) -> str:
        await opened(served)
        await signed_in(served)
        return (await served.client.get("/incidents/1")).text

    assert (
        "<button"
        not in run(tmp_path, scenario, tokens(jo="read", prom="intake")).partition("<main")[2]
    )


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("ledger.example", False),
    ],
)
def test_what_counts_as_loopback(host: str, *, loopback: bool) -> None:
    """An address that other machines can reach is never taken for loopback."""
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("until", "valid"),
    [
        ("2030-01-31", True),
        ("2030-01-30", False),
        ("2030-01-31T12:00:01Z", True),
        ("2030-01-31T12:00:00Z", False),
        ("2030-01-31T13:00:00+02:00", False),
    ],
)
def test_a_token_ends_when_its_line_says(tmp_path: Path, until: str, *, valid: bool) -> None:
    """A day is valid to its end, in UTC; what was given out for a time opens nothing after it."""
    path = tmp_path / "tokens"
    path.write_text(f"jo read until={until} {digest('secret')}\n")
    assert (read_tokens(path).holder("secret", NOW) is not None) is valid


def test_a_session_ends_with_its_token(tmp_path: Path) -> None:
    """Whoever signed in before the end is not in after it."""

    async def scenario(served: Served) -> None:
        (jo,) = tokens(jo="read act").entries
        ends = served.clock.now + timedelta(seconds=60)
        served.site.access.tokens = Tokens((replace(jo, until=ends),))
        await signed_in(served)
        assert (await served.client.get("/")).status_code == 200
        served.clock.advance(60)
        assert (await served.client.get("/")).status_code == 303
        assert (await signed_in(served)).status_code == 403

    run(tmp_path, scenario, KNOWN)


def test_who_signs_in_without_end_throws_out_only_themselves(tmp_path: Path) -> None:
    """One holder's many sessions end that holder's oldest, never those of others."""

    async def scenario(served: Served) -> None:
        access = served.site.access
        ours = access.sign_in("token-of-jo")
        first = access.sign_in("token-of-prom")
        for _ in range(SESSIONS_OF_TOKEN):
            assert access.sign_in("token-of-prom")
        for session, status in ((ours, 200), (first, 303)):
            served.client.cookies.set(COOKIE, session or "")
            assert (await served.client.get("/")).status_code == status

    run(tmp_path, scenario, tokens(jo="read", prom="read"))


def test_a_tokens_file_that_everybody_can_write_is_refused(tmp_path: Path) -> None:
    """Whoever could write to it could let themselves in."""
    path = tmp_path / "tokens"
    path.write_text(f"jo read {digest('secret')}\n")
    path.chmod(0o666)
    with pytest.raises(TokensError, match="chmod o-w"):
        read_tokens(path)


def test_a_tokens_file_is_read(tmp_path: Path) -> None:
    """Comments and blank lines are left out; a token finds its person."""
    path = tmp_path / "tokens"
    path.write_text(f"# who\n\njo@acme.example read act {digest('secret').upper()}\n")
    holder = read_tokens(path).holder("secret", NOW)
    assert holder is not None
    assert holder.person == "jo@acme.example"
    assert read_tokens(path).holder("Secret", NOW) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no token in it"),
        ("jo read", "a person, scopes and a SHA-256"),
        (f"jo reed {'a' * 64}", "unknown scope 'reed'"),
        (f"jo read the-token-itself-in-full {'a' * 64}", "unknown scope; known"),
        (f"jo read until=soon {'a' * 64}", "names no day as until=2030-01-31"),
        (f"jo read {'a' * 64}\nmaria read {'A' * 64}", "the same token stands in a line above"),
        (f"jo\u202e read {'a' * 64}", "characters nobody sees"),
        ("jo read the-token-itself", "never write the token itself"),
    ],
)
def test_a_mistake_in_the_tokens_file_is_named_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    """Nobody is locked out, or let in, by a slip that goes unnoticed."""
    path = tmp_path / "tokens"
    path.write_text(text)
    with pytest.raises(TokensError, match=said) as failed:
        read_tokens(path)
    assert "the-token-itself" not in str(failed.value)
    assert str(path) in str(failed.value)
