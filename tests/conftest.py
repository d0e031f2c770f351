"""The real servers, for every test that needs them."""

from __future__ import annotations

import signal

import pytest
from hypothesis import settings

from buckstop import servers

# A machine that does other work is no defect of what is tested.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# A shell starts its background jobs deaf to Ctrl-C, and so would be what the tests start: a test
# of how a program ends would then judge the shell.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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


@pytest.fixture(scope="session")
def debian14() -> servers.Installation:
    """Debian 14's servers, which still move: Prometheus 3.5, Alertmanager 0.33 or newer."""
    return servers.find("debian14")


@pytest.fixture(scope="session", params=["debian12", "debian13", "debian14"])
def each_installation(request: pytest.FixtureRequest) -> servers.Installation:
    """Each of the releases' servers in turn."""
    return servers.find(request.param)
