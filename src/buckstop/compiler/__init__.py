"""Charter in; rules, routes, wiring and tests out."""

from buckstop.compiler.build import Build, build
from buckstop.compiler.manifest_json import ManifestError, read_manifest, write_manifest
from buckstop.compiler.targets import Targets

__all__ = [
    "Build",
    "ManifestError",
    "Targets",
    "build",
    "read_manifest",
    "write_manifest",
]
