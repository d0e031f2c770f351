"""``python -m buckstop.servers debian12 debian13``: fetch the servers before they are needed."""

from __future__ import annotations

import sys
from typing import get_args

from buckstop.servers.discovery import Versions, find
from buckstop.servers.failures import ServersMissing


def main(arguments: list[str]) -> int:
    """Find each of the versions named, `any` where none is; the exit status."""
    try:
        for wanted in get_args(Versions):
            if wanted in (arguments or ["any"]):
                find(wanted, progress=lambda line: print(line, file=sys.stderr, flush=True))
    except ServersMissing as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
