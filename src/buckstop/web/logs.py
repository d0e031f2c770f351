"""What the ledger's process writes to its terminal: a line an entry, whatever is in it."""

from __future__ import annotations

import logging

from buckstop.ledger.text import neutral

LINE_CHARACTERS = 4_000


class PlainFormatter(logging.Formatter):
    """Entries of one line: what others wrote can neither begin a new one nor move the cursor."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """The entry's line; a traceback follows it as it is."""
        line = super().formatMessage(record).replace("\n", "\ufffd").replace("\t", " ")
        return neutral(line, LINE_CHARACTERS)


def log_to_terminal(level: int) -> None:
    """Have entries from `level` on written to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlainFormatter())
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # It warns of every request that is no HTTP: whoever sends such could fill a disk with it.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
