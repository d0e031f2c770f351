"""``check --certificate FILE``: what was proven, written for `buckstop certificate verify`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from buckstop import __version__
from buckstop.cli.inputs import Inputs
from buckstop.cli.main import CommandFailed
from buckstop.cli.reading import Reading
from buckstop.cli.report import Report
from buckstop.document import NotWrittenError, write_atomically
from buckstop.prover.certifying import certificate


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
    if report.examination is None or reading.given is None or inputs.alertmanager is None:
        raise CommandFailed(
            f"{path} was not written: a certificate is of rule files and an alertmanager.yml"
        )
    if reading.objects is not None:
        raise CommandFailed(f"{path} was not written: Kubernetes objects cannot be certified yet")
    said = [file for file in beside if file is not None]
    hashes = [
        *reading.hashes,
        *((str(file), hashlib.sha256(file.read_bytes()).hexdigest()) for file in said),
    ]
    value = certificate(
        reading.given, report.examination, hashes, inputs.alertmanager.display, __version__
    )
    try:
        write_atomically(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")
    except NotWrittenError as error:
        raise CommandFailed(str(error)) from error
