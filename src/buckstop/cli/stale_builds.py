"""Builds beside the charter, in step with it or not: by the digest that each build carries."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from buckstop.cli.codes import BUILD_STALE
from buckstop.cli.input_kinds import InputFile
from buckstop.cli.inputs import Inputs
from buckstop.diagnostics import Diagnostic, Span

_KEY = '"charter_digest"'


def stale_builds(inputs: Inputs, digest: str, found: list[Diagnostic]) -> Sequence[InputFile]:
    """The manifests of builds that are not of the charter with `digest`; `found` says so of each.

    Builds whose files are taken and those that are passed over are both looked at.
    """
    from buckstop.compiler import ManifestError, read_manifest

    assert inputs.charter is not None
    stale: list[InputFile] = []
    taken = () if inputs.manifest is None else (inputs.manifest,)
    for file in (*taken, *inputs.passed_over):
        try:
            built = read_manifest(file.text).charter_digest
        except ManifestError as error:
            said = f"cannot be compared with the charter: {error}"
        else:
            if built == digest:
                continue
            said = "was built from another charter, or from this one before it was changed"
        stale.append(file)
        found.append(
            Diagnostic(
                BUILD_STALE,
                f"the build in {file.path.parent} {said}",
                _place(file),
                hint=_hint(inputs.charter, file.path.parent),
            )
        )
    return stale


def _place(file: InputFile) -> Span:
    """Of the digest, or of the file's start."""
    for number, line in enumerate(file.text.splitlines(), start=1):
        at = line.find(_KEY)
        if at >= 0:
            return Span(file.display, number, at + 1, number, len(line) + 1)
    return Span(file.display, 1, 1, 1, 1)


def _hint(charter: Path, folder: Path) -> str:
    return f"run `buckstop build {shlex.quote(str(charter))} -o {shlex.quote(str(folder))}`"
