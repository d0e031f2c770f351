"""``python -m buckstop.servers debian12 debian13``: fetch the servers before they are needed.

``python -m buckstop.servers --path`` prints the folders of promtool and amtool as ``PATH`` wants
them, so that a shell can use the very programs that the tests use.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import get_args

from buckstop.servers.discovery import Versions, find
from buckstop.servers.failures import ServersMissing


def main(arguments: list[str]) -> int:
    """Find each of the versions named, `any` where none is; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m buckstop.servers", description=__doc__)
    parser.add_argument(
        "versions", nargs="*", metavar="VERSION", help=", ".join(get_args(Versions))
    )
    parser.add_argument("--path", action="store_true", help="print the folders of the tools")
    options = parser.parse_args(arguments)
    folders: list[str] = []
    try:
        for wanted in get_args(Versions):
            if wanted in (options.versions or ["any"]):
                found = find(wanted, progress=lambda line: print(line, file=sys.stderr, flush=True))
                folders += [str(found.promtool.parent), str(found.amtool.parent)]
    except ServersMissing as error:
        print(error, file=sys.stderr)
        return 1
    if options.path:
        print(os.pathsep.join(dict.fromkeys(folders)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
