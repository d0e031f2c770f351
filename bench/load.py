"""Posts bodies to a server as fast as so many clients can; a process of its own.

``python -m bench.load URL CLIENTS SECONDS < bodies`` reads one body a line, and prints as JSON what
came of them. What it takes of the processor itself is told apart, for it shares the machine.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from statistics import quantiles
from urllib.parse import urlsplit


async def main(url: str, clients: int, seconds: float, bodies: list[bytes]) -> None:
    """Post all `bodies`, at most for `seconds`; print figures as JSON."""
    parts = urlsplit(url)
    waiting, taken, answers = iter(bodies), list[float](), dict[int, int]()
    ends = time.perf_counter() + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for body in waiting:
            started = time.perf_counter()
            if started > ends:
                break
            head = (
                f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode("ascii") + body)
            said = await reader.readuntil(b"\r\n\r\n")
            lines = said.decode("latin-1").split("\r\n")
            length = next(
                (
                    int(line.partition(":")[2])
                    for line in lines
                    if line.lower()[:15] == "content-length:"
                ),
                0,
            )
            await reader.readexactly(length)
            status = int(lines[0].split()[1])
            answers[status] = answers.get(status, 0) + 1
            taken.append(time.perf_counter() - started)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    wall_seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    # A single answer is its own median.
    cuts = quantiles(taken * 2, n=100)
    figures = {
        "answers": answers,
        "wall_seconds": wall_seconds,
        "processor_seconds": used.ru_utime + used.ru_stime,
        "median_seconds": cuts[49],
        "late_seconds": cuts[98],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    _, address, number, limit = sys.argv
    lines = sys.stdin.buffer.read().splitlines()
    asyncio.run(main(address, int(number), float(limit), lines))
