"""How long one message takes to the first, the median and the last of many sockets: ours beside Socket.IO.

Both begin with the message in a server's hands, send the same commit, and are received by one and the same program.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from statistics import median
from typing import Any

from bench import breaks
from bench.api_gateway import api_gateway
from bench.backend import RATES, TEAM, Backend, backend
from bench.command import Benchmark, Result, exit_with
from bench.node import Program, installed, program
from bench.report import paragraph, table
from deployed.terminal import CommandFailed, Steps
from openhouse.delivery.census import SMALL
from openhouse.delivery.rate_limiter import Traffic

SOCKETS = (20, 200, 1_000)
BROADCASTS = 30  # of each kind
OURS, THEIRS = "ours", "socket.io"
PLACES = ("first", "median", "last")
PAUSE = 0.05  # seconds between two
EVENT = {  # with what a commit adds, some 600 bytes
    "type": "escrow:updated",
    "data": {
        "escrowId": "01a20594-c049-7800-a03d-d2131af2e972",
        "version": 7,
        "updatedBy": "ava",
        "changes": {"purchasePriceCents": 42_500_000, "updatedAt": "2026-03-02T12:00:00.000Z", "notes": "n" * 250},
    },
}


def measure(quick: bool, steps: Steps) -> Result:
    sizes, broadcasts = ((20,), 3) if quick else (SOCKETS, BROADCASTS)
    rows: list[Result] = []
    with steps.step("broadcasts") as tell:
        for size in sizes:
            tell(f"to {size:,} sockets of each kind")
            rows.append({"sockets": size, **_broadcasts(size, broadcasts)})
    return {
        "version": installed("socket.io"),
        "broadcasts": broadcasts,
        "rows": rows,
        "breaks": breaks.measure(quick, steps),
    }


def _broadcasts(size: int, broadcasts: int) -> Result:
    with (
        api_gateway() as api,
        backend(api) as ours,
        program("socket_io_server.mjs") as theirs,
        program("receivers.mjs") as receivers,
    ):
        port = theirs.hear()["port"]
        urls = [f"ws://127.0.0.1:{api.port}/live?ticket={ours.ticket()}" for _ in range(size)]
        receivers.tell(open=OURS, urls=urls)
        _expect(receivers, "opened", OURS)
        urls = [f"http://127.0.0.1:{port}"] * size
        receivers.tell(open=THEIRS, urls=urls, options={"transports": ["websocket"]})
        _expect(receivers, "opened", THEIRS)
        # A room has as many posts a second as the limit says: each broadcast begins when the last is paid for.
        pause = PAUSE + size / RATES[Traffic.SMALL if size <= SMALL else Traffic.LARGE]
        found: dict[str, list[list[float]]] = {OURS: [], THEIRS: []}
        bytes_ = 0
        for turn in range(broadcasts + 1):
            began, commit = _send_ours(ours)
            bytes_ = len(commit)
            found[OURS].append(_places(receivers, OURS, began))
            time.sleep(PAUSE)
            theirs.say(commit)
            began = theirs.hear()["at"]
            found[THEIRS].append(_places(receivers, THEIRS, began))
            time.sleep(pause)
            if turn == 0:  # the first of a process costs more
                found = {OURS: [], THEIRS: []}
        medians = {
            kind: dict(zip(PLACES, map(median, zip(*times, strict=True)), strict=True)) for kind, times in found.items()
        }
        return {"bytes": bytes_, **medians}


def _send_ours(ours: Backend) -> tuple[int, str]:
    """When the commit began, and its text."""
    began = time.monotonic_ns()
    ours.commit(TEAM, EVENT)
    entry = ours.table.entries[-1]
    ours.deliver()
    assert entry.commit is not None
    return began, entry.commit


def _places(receivers: Program, kind: str, began: int) -> list[float]:
    """Milliseconds to the first, the median and the last socket."""
    heard = _expect(receivers, "kind", kind)
    times = sorted(1e-6 * (moment - began) for moment in heard["times"])
    return [times[0], median(times), times[-1]]


def _expect(receivers: Program, name: str, value: str) -> dict[str, Any]:
    heard = receivers.hear()
    if heard.get(name) != value:
        raise CommandFailed(f"The receivers should tell {name}={value}, and tell {json.dumps(heard)[:200]}")
    return heard


def report(result: Mapping[str, Any]) -> str:
    rows, faster = [], 0
    for row in result["rows"]:
        for place in PLACES:
            ours, theirs = row[OURS][place], row[THEIRS][place]
            faster += theirs < ours
            name = f"{row['sockets']:,} sockets: {place}"
            rows.append([name, f"{ours:.1f}", f"{theirs:.1f}", f"{ours / theirs:.1f}x"])
    about = paragraph(
        f"Time from a server's hands to a socket, in ms: {result['broadcasts']} broadcasts each way, in turns, of a "
        f"commit of {result['rows'][0]['bytes']} bytes; medians. Ours: the commit, the fan-out, a signed HTTP post for "
        "each socket, the stand-in of API Gateway; left out are DynamoDB's, Lambda's and (above 200 sockets) SQS's own "
        "time, and the up to 250 ms until Lambda polls the stream. "
        f"Socket.IO {result['version']}: one process, `io.to(room).emit`; it keeps nothing. One program receives both."
    )
    why = paragraph(
        f"Socket.IO is faster in {faster} of {len(rows)} rows: it writes straight into sockets that its one process "
        "holds. A function holds none: ours writes the commit to the room's log, looks the members up, and makes a "
        "signed HTTP post for each of them. For that any number of functions serve any number of sockets, and what a "
        "socket misses is in the log."
    )
    found = table(["", "ours", "Socket.IO", "ours takes"], rows)
    return "\n\n".join([about, found, why, breaks.report(result["breaks"])])


BENCHMARK = Benchmark(
    "sockets", "Measure a message's way to many sockets, and what a break of the network loses.", measure, report
)

if __name__ == "__main__":
    exit_with(BENCHMARK.run)
