"""The two append-only files between the service, the world and the evaluation job.

One JSON object a line. The service writes a prediction when it answers; the world writes a label
when an outcome becomes known; the evaluation job follows both and joins them by id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from buckstop.demo.model import FEATURES


@dataclass(frozen=True, slots=True)
class Prediction:
    """One answer of the service: `at_seconds` is Unix time, `features` in the order of FEATURES."""

    id: str
    at_seconds: float
    score: float
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """The outcome of one applicant, known at `at_seconds` (Unix time)."""

    id: str
    at_seconds: float
    defaulted: bool


def write_prediction(prediction: Prediction) -> str:
    """The line for `prediction`, newline included."""
    features = dict(zip(FEATURES, prediction.features, strict=True))
    row = {
        "id": prediction.id,
        "at": prediction.at_seconds,
        "score": prediction.score,
        "features": features,
    }
    return json.dumps(row) + "\n"


def write_label(label: Label) -> str:
    """The line for `label`, newline included."""
    row = {"id": label.id, "at": label.at_seconds, "defaulted": label.defaulted}
    return json.dumps(row) + "\n"


def read_prediction(line: bytes) -> Prediction:
    """The inverse of `write_prediction`."""
    row = json.loads(line)
    features: Mapping[str, float] = row["features"]
    return Prediction(
        row["id"], row["at"], row["score"], tuple(features[name] for name in FEATURES)
    )


def read_label(line: bytes) -> Label:
    """The inverse of `write_label`."""
    row = json.loads(line)
    return Label(row["id"], row["at"], row["defaulted"])


class Follower:
    """Reads what was appended to a file since the last time, whole lines only.

    A line whose writer has not come to its end yet stays for the next call.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._rest = b""

    def lines(self) -> list[bytes]:
        """The complete new lines, without their newlines; empty while the file does not exist."""
        if self._file is None:
            try:
                self._file = self._path.open("rb")
            except FileNotFoundError:
                return []
        *whole, self._rest = (self._rest + self._file.read()).split(b"\n")
        return whole

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
