"""The real servers, for every test that needs them."""

from __future__ import annotations

import pytest
from hypothesis import settings

from buckstop import servers

# A machine that does other work is no defect of what is tested.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def installation() -> servers.Installation:
    """The servers that PATH or the system's release has."""
    return servers.find()


@pytest.fixture(scope="session")
def debian12() -> servers.Installation:
    """Debian 12's servers: Prometheus 2.42, Alertmanager 0.25."""
    return servers.find("debian12")


@pytest.fixture(scope="session")
def debian13() -> servers.Installation:
    """Debian 13's servers: Prometheus 2.53, Alertmanager 0.28."""
    return servers.find("debian13")


@pytest.fixture(scope="session", params=["debian12", "debian13"])
def each_installation(request: pytest.FixtureRequest) -> servers.Installation:
    """Each of the two releases' servers in turn."""
    return servers.find(request.param)
