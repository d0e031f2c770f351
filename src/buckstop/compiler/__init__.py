"""Charter in; rules, routes, wiring and tests out."""

from buckstop.compiler.manifest_json import ManifestError, read_manifest, write_manifest

__all__ = ["ManifestError", "read_manifest", "write_manifest"]
