"""What can go wrong with real servers, each with what the user can do."""

from __future__ import annotations


class ServersMissing(Exception):  # noqa: N818
    """Prometheus or Alertmanager cannot be had here; the text names the commands that mend it."""


class ServerFailed(Exception):  # noqa: N818
    """A server did not start or has ended; the text ends with its last log lines."""


class ServerRefused(Exception):  # noqa: N818
    """A running server answered that it will not: a bad configuration, a bad query."""


class NotInTime(TimeoutError):  # noqa: N818
    """A condition did not come to hold; the text says what was seen last."""
