"""A real Prometheus as a child process, and its API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from buckstop.servers.failures import ServerRefused
from buckstop.servers.installation import Installation
from buckstop.servers.listener import Listener

RULES_FOLDER = "rules"
"""Beside the configuration; it says ``rule_files: [rules/*.yml]`` to have them read."""
FLAGS = ("--web.enable-lifecycle", "--rules.alert.resend-delay=1s")
"""Reload over HTTP; send an alert that still fires on every evaluation, not once a minute."""


class Prometheus(Listener):
    """Prometheus on a loopback port, from `start` (or ``with``) to `stop`.

    The configuration, rules, data and log lie in one folder, a temporary one unless given.
    """

    def __init__(
        self,
        installation: Installation,
        config_text: str,
        rules: Mapping[str, str] | None = None,
        *,
        flags: Sequence[str] = (),
        folder: Path | None = None,
        port: int | None = None,
    ) -> None:
        """Write its files.

        Args:
            installation: the programs.
            config_text: the whole ``prometheus.yml``.
            rules: file name (``model.yml``) to text, for `RULES_FOLDER`.
            flags: more command line flags.
            folder: where its files go; it outlives the server.
            port: a fixed port, or None for a free one.
        """
        super().__init__(
            "Prometheus",
            lambda port: [
                str(installation.prometheus),
                f"--config.file={self._config}",
                f"--storage.tsdb.path={self.folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                *FLAGS,
                *flags,
            ],
            ready_path="/-/ready",
            folder=folder,
            port=port,
            working_folder=installation.working_folder,
        )
        self._config = self.folder / "prometheus.yml"
        self._rule_files: frozenset[str] = frozenset()
        self._write(config_text, rules)

    def _write(self, config_text: str | None, rules: Mapping[str, str] | None) -> None:
        folder = self.folder / RULES_FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        if config_text is not None:
            self._config.write_text(config_text, encoding="utf-8")
        if rules is not None:
            for name in self._rule_files - rules.keys():
                (folder / name).unlink(missing_ok=True)
            for name, text in rules.items():
                (folder / name).write_text(text, encoding="utf-8")
            self._rule_files = frozenset(rules)

    def reload(
        self, config_text: str | None = None, rules: Mapping[str, str] | None = None
    ) -> None:
        """Load new files; what is None stays as it is. `rules` replaces those given before.

        Raises:
            ServerRefused: if it does not take them; it then keeps what it had.
        """
        self._write(config_text, rules)
        answer = self.http.post(f"{self.url}/-/reload")
        if answer.is_error:
            raise ServerRefused(f"Prometheus did not reload: {answer.text.strip()}")

    def query(self, promql: str) -> list[Any]:
        """The result of an instant query, as the API gives it: ``metric`` and ``value`` each.

        Raises:
            ServerRefused: if the query is wrong.
        """
        data = self._get("query", {"query": promql})
        result = data["result"]
        assert isinstance(result, list)
        return result

    def alerts(self) -> list[dict[str, Any]]:
        """Pending and firing alerts, as the API gives them."""
        alerts = self._get("alerts")["alerts"]
        assert isinstance(alerts, list)
        return alerts

    def rules(self) -> list[dict[str, Any]]:
        """The rule groups it has loaded, as the API gives them."""
        groups = self._get("rules")["groups"]
        assert isinstance(groups, list)
        return groups

    def loaded_config(self) -> str:
        """The configuration that it has loaded, with all defaults and without secrets."""
        text = self._get("status/config")["yaml"]
        assert isinstance(text, str)
        return text

    def targets(self) -> list[dict[str, Any]]:
        """The active scrape targets, as the API gives them."""
        targets = self._get("targets")["activeTargets"]
        assert isinstance(targets, list)
        return targets

    def _get(self, what: str, parameters: Mapping[str, str] | None = None) -> dict[str, Any]:
        answer = self.http.get(f"{self.url}/api/v1/{what}", params=parameters)
        body = answer.json()
        if answer.is_error:
            raise ServerRefused(f"Prometheus: {body.get('error', answer.text)}")
        data = body["data"]
        assert isinstance(data, dict)
        return data
