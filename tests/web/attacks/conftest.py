"""One ledger for all attacks of a file: it must outlive each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.web.attacks.attacked import Attacked, attacked


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """A running ledger; at the end of all attacks it ends cleanly, without a traceback."""
    with attacked(tmp_path_factory.mktemp("attacked")) as running:
        yield running
        assert running.serve.stop() == 0
        assert "Traceback" not in running.serve.log
