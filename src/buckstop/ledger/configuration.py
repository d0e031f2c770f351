"""The configuration by which owners are found, read from a build and from Alertmanager."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from buckstop.alertmanager import Router, read
from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.compiler import ManifestError, read_manifest
from buckstop.diagnostics import Diagnostic, Level
from buckstop.ledger.owner import Accountability, config_digest

MANIFEST = "accountability.json"
ROUTES = "alertmanager/alertmanager.yml"
FILE_BYTES = 256 * 1024 * 1024


class ConfigurationError(Exception):
    """A build that cannot be used; the message says which file, what is wrong, and the mend."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The texts that decide who answers.

    Attributes:
        folder: the build.
        routes: the route tree in force: what Alertmanager says it has loaded, else the build's.
        routes_from: where `routes` was read.
    """

    folder: Path
    manifest: str
    routes: str
    routes_from: str

    def with_live_routes(self, text: str, url: str) -> Configuration:
        """The same build with the tree that the Alertmanager at `url` says it has loaded."""
        return replace(self, routes=text, routes_from=url)

    def accountability(self) -> Accountability:
        """Who answers for what. Raises ConfigurationError."""
        try:
            manifest = read_manifest(self.manifest)
        except ManifestError as error:
            raise ConfigurationError(
                f"{self.folder / MANIFEST}: {error}; make it again: buckstop build -o {self.folder}"
            ) from error
        _, router = self.routing()
        return Accountability(manifest, router, config_digest(self.manifest, self.routes))

    def routing(self) -> tuple[AlertmanagerConfig, Router]:
        """The routes, read. Raises ConfigurationError."""
        config, diagnostics = read(self.routes, self.routes_from)
        if config is None:
            raise ConfigurationError(_first_error(diagnostics, self.routes_from))
        return config, Router(config)


def read_build(folder: Path) -> Configuration:
    """The configuration that ``buckstop build -o FOLDER`` wrote. Raises ConfigurationError."""
    routes = folder / ROUTES
    return Configuration(
        folder, _text(folder / MANIFEST, folder), _text(routes, folder), str(routes)
    )


def stamp(folder: Path) -> tuple[tuple[int, int], ...]:
    """What changes when the build is written again; (0, 0) for a file that cannot be seen."""
    stamps = []
    for name in (MANIFEST, ROUTES):
        try:
            status = (folder / name).stat()
            stamps.append((status.st_mtime_ns, status.st_size))
        except OSError:
            stamps.append((0, 0))
    return tuple(stamps)


def _text(path: Path, folder: Path) -> str:
    try:
        if path.stat().st_size > FILE_BYTES:
            raise ConfigurationError(f"{path}: larger than {FILE_BYTES // 1024**2} MiB")
        if not path.is_file():
            # Reading a named pipe would wait for a writer for ever.
            raise ConfigurationError(f"{path}: not a file")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{path}: {error.strerror or error}; --build takes the folder that "
            f"`buckstop build -o {folder}` wrote"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not UTF-8 at byte {error.start}") from error


def _first_error(diagnostics: tuple[Diagnostic, ...], name: str) -> str:
    errors = [found for found in diagnostics if found.level is Level.ERROR]
    if not errors:
        return f"{name}: no Alertmanager configuration"
    return f"{errors[0].span or name}: {errors[0].message}"
