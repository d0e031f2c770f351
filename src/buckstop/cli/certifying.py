"""``check --certificate FILE``: what was proven, written for `buckstop certificate verify`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from buckstop import __version__
from buckstop.cli.input_search import STANDARD_INPUT
from buckstop.cli.inputs import Inputs
from buckstop.cli.main import CommandFailed
from buckstop.cli.reading import Reading
from buckstop.cli.report import Report
from buckstop.document import NotWrittenError, write_atomically
from buckstop.prover.certifying import MadeOf, certificate


def write_certificate(
    path: Path, report: Report, reading: Reading, inputs: Inputs, beside: Iterable[Path | None]
) -> None:
    """Write the certificate of `report` to the file at `path`.

    Args:
        beside: further files that say something of the inputs, such as a teams file.

    Raises:
        CommandFailed: there is nothing in files to certify, an input could not be read, or the
            file cannot be written.
    """
    if report.unusable:
        raise CommandFailed(f"{path} was not written, because not all inputs could be read")
    config = None if reading.given is None else reading.given.config
    if report.examination is None or reading.given is None or config is None:
        raise CommandFailed(
            f"{path} was not written: a certificate is of rule files and an alertmanager.yml, "
            "plain or in Kubernetes objects; build a charter, then certify the build"
        )
    if any(file.path == STANDARD_INPUT for file in inputs.objects):
        raise CommandFailed(
            f"{path} was not written: nobody could verify it, for standard input cannot be read "
            "again; give files"
        )
    said = [file for file in beside if file is not None]
    hashes = [
        *reading.hashes,
        *((str(file), hashlib.sha256(file.read_bytes()).hexdigest()) for file in said),
    ]
    value = certificate(
        reading.given, report.examination, hashes, _made_of(reading, inputs), __version__
    )
    try:
        write_atomically(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")
    except NotWrittenError as error:
        raise CommandFailed(str(error)) from error


def _made_of(reading: Reading, inputs: Inputs) -> MadeOf:
    plain = None if inputs.alertmanager is None else inputs.alertmanager.display
    if reading.objects is None:
        assert plain is not None, "there are routes"
        return MadeOf(plain)
    routed = reading.objects.routed
    routes = plain if routed is None else routed.file
    assert routes is not None, "there are routes"
    return MadeOf(
        routes,
        tuple(file.display for file in inputs.objects),
        inputs.alertmanager_object,
        inputs.prometheus_object,
        plain,
    )
