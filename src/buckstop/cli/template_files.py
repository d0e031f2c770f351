"""The template files that an ``alertmanager.yml`` names, read where they lie beside it."""

from __future__ import annotations

import glob
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from buckstop.alertmanager.model import AlertmanagerConfig
from buckstop.document import load

MAX_FILES: Final = 200
"""Template files of one configuration; where there are more, none is followed."""


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A template file that was read whole."""

    display: str
    text: str
    sha256: str


def read_templates(config: AlertmanagerConfig, folder: Path) -> tuple[TemplateFile, ...] | None:
    """The template files of `config`; None unless all that it names can be read here.

    Alertmanager takes a name as one from the folder of its own file. A name without a file is no
    mistake to it, and may have one on the server; so what such a configuration defines is open.

    Args:
        folder: where ``alertmanager.yml`` lies.
    """
    found: list[TemplateFile] = []
    for pattern in config.templates:
        # A star takes hidden files too, as Alertmanager's does.
        paths = sorted(glob.glob(str(folder / pattern), include_hidden=True))  # noqa: PTH207
        if not paths or len(found) + len(paths) > MAX_FILES:
            return None
        for path in paths:
            raw, _ = load(Path(path), path)
            if raw is None:
                return None
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError:
                return None
            found.append(TemplateFile(path, text, hashlib.sha256(raw).hexdigest()))
    return tuple(found)
