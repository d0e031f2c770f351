"""One private PostgreSQL for all tests of the ledger that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.ledger.postgres_server import PostgresServer, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The running server."""
    with postgres_server() as server:
        yield server
