"""Tools of others to measure against, each in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def installed(name: str, version: str) -> Path:
    """The folder of the programs of a package from PyPI, installed if need be.

    Kept in ``~/.cache/buckstop/peers`` (or below ``$XDG_CACHE_HOME``), so that what the peer
    needs is never mixed with what Buckstop needs.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    environment = cache / "buckstop" / "peers" / f"{name}-{version}"
    programs = environment / "bin"
    if not (programs / name).exists():
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", f"{name}=={version}"]
        subprocess.run(pip, check=True)
    return programs
