"""``python -m buckstop`` is the same command as ``buckstop``."""

from __future__ import annotations

from buckstop.cli import main

if __name__ == "__main__":
    main()
