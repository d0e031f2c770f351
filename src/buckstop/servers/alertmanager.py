"""A real Alertmanager as a child process, and its API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from buckstop.servers.failures import ServerRefused
from buckstop.servers.installation import Installation
from buckstop.servers.listener import Listener

CLUSTER = "--cluster.listen-address="
FLAGS = (CLUSTER,)
"""A single Alertmanager: without peers it need not wait for them to settle."""


class Alertmanager(Listener):
    """Alertmanager on a loopback port, from `start` (or ``with``) to `stop`.

    The configuration, its files, the data and the log lie in one folder, a temporary one unless
    given. Paths in the configuration are relative to that folder.
    """

    def __init__(
        self,
        installation: Installation,
        config_text: str,
        files: Mapping[str, str] | None = None,
        *,
        flags: Sequence[str] = (),
        folder: Path | None = None,
        port: int | None = None,
    ) -> None:
        """Write its files.

        Args:
            installation: the programs.
            config_text: the whole ``alertmanager.yml``.
            files: path beside the configuration (a template, a secret) to text.
            flags: more command line flags.
            folder: where its files go; it outlives the server.
            port: a fixed port, or None for a free one.
        """
        super().__init__(
            "Alertmanager",
            lambda port: [
                str(installation.alertmanager),
                f"--config.file={self._config}",
                f"--storage.path={self.folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                # A flag may be given once only.
                *(() if any(one.startswith(CLUSTER) for one in flags) else FLAGS),
                *flags,
            ],
            ready_path="/-/ready",
            folder=folder,
            port=port,
            working_folder=installation.working_folder,
        )
        self._config = self.folder / "alertmanager.yml"
        self._write(config_text, files or {})

    def _write(self, config_text: str | None, files: Mapping[str, str]) -> None:
        if config_text is not None:
            self._config.write_text(config_text, encoding="utf-8")
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def reload(
        self, config_text: str | None = None, files: Mapping[str, str] | None = None
    ) -> None:
        """Load a new configuration; None loads the one it has again. `files` are written too.

        Raises:
            ServerRefused: if it does not take it; it then keeps what it had.
        """
        self._write(config_text, files or {})
        self._checked(self.http.post(f"{self.url}/-/reload"))

    def alerts(self) -> list[dict[str, Any]]:
        """The alerts it holds as the API gives them, ``receivers`` and ``status`` included."""
        alerts = self._checked(self.http.get(f"{self.url}/api/v2/alerts")).json()
        assert isinstance(alerts, list)
        return alerts

    def status(self) -> dict[str, Any]:
        """Version and loaded configuration, as the API gives them."""
        status = self._checked(self.http.get(f"{self.url}/api/v2/status")).json()
        assert isinstance(status, dict)
        return status

    def post_alerts(self, alerts: Sequence[Mapping[str, Any]]) -> None:
        """Send alerts as Prometheus does: ``labels``, ``annotations``, ``startsAt``, ``endsAt``.

        Raises:
            ServerRefused: if it does not take them.
        """
        answer = self.http.post(f"{self.url}/api/v2/alerts", json=[dict(a) for a in alerts])
        self._checked(answer)

    def metrics(self) -> str:
        """Its own metrics, in the text format."""
        return self._checked(self.http.get(f"{self.url}/metrics")).text

    @staticmethod
    def _checked(answer: httpx.Response) -> httpx.Response:
        if answer.is_error:
            raise ServerRefused(f"Alertmanager: {answer.text.strip()}")
        return answer
