"""What sockets cost that only stay open: by AWS's prices, for what clients, functions and settings do.

Prices of us-east-1, on demand, November 2026, without free tiers:
https://aws.amazon.com/api-gateway/pricing/ https://aws.amazon.com/lambda/pricing/
https://aws.amazon.com/dynamodb/pricing/on-demand/ https://aws.amazon.com/cloudwatch/pricing/ (logs, X-Ray)
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.report import paragraph, table
from openhouse.api.actions.presence import PRESENCE
from openhouse.collaboration.sightings import BEAT_SECONDS
from openhouse.rooms.allowance import LUMP
from openhouse.settings import DirectorySettings

SECONDS = 30 * 24 * 3_600  # of a month
SOCKETS = 1_000
MILLION = 1_000_000

MINUTES = 0.25 / MILLION  # of a socket
MESSAGE = 1.00 / MILLION  # of 32 KB, either way
CALL = 0.20 / MILLION
GB_SECOND = 0.000_013_333_4  # of arm64
READ = 0.125 / MILLION  # a read unit
WRITE = 0.625 / MILLION  # a write unit
GIGABYTE_OF_LOGS = 0.50
TRACE = 5.00 / MILLION

MEMORY_GB, CALL_SECONDS = 0.5, 0.010  # of the function that answers a ping
ACCESS_LINE, SYSTEM_LINES = 330, 640  # bytes: API Gateway's line of a message; Lambda's start and report
TRACED_A_SECOND, TRACED_OF_OTHERS = 1.0, 0.05  # Lambda's own sampling


@dataclass(frozen=True, kw_only=True)
class Design:
    """`read_units` and `write_units` of a ping, from a person in three rooms. `logged`: bytes of a ping."""

    ping_seconds: float
    read_units: float
    logged: int
    traced: bool
    write_units: float = 0.0


# A ping each 30 s whatever arrives, strongly consistent heads, a line of API Gateway and two of Lambda for each.
BEFORE = Design(ping_seconds=30, read_units=4, logged=ACCESS_LINE + SYSTEM_LINES, traced=True)
NOW = Design(ping_seconds=DirectorySettings.ping_seconds, read_units=2.5, logged=0, traced=False)
# What beats cost beside that, as somebody's absence is noticed within 45 s: `tests/functional/bench/test_presence.py`.
BEATS = Design(ping_seconds=BEAT_SECONDS, read_units=1.0, write_units=1 + PRESENCE.cost / LUMP, logged=0, traced=False)


def dollars(design: Design) -> dict[str, float]:
    """Of `SOCKETS` for a month, by what they are for."""
    pings_a_second = SOCKETS / design.ping_seconds
    pings = pings_a_second * SECONDS
    others = max(0.0, pings_a_second - TRACED_A_SECOND)
    traces = min(pings_a_second, TRACED_A_SECOND + TRACED_OF_OTHERS * others) * SECONDS if design.traced else 0.0
    return {
        "open sockets": SOCKETS * SECONDS / 60 * MINUTES,
        "messages": pings * 2 * MESSAGE,
        "functions": pings * (CALL + MEMORY_GB * CALL_SECONDS * GB_SECOND),
        "reads": pings * design.read_units * READ,
        "writes": pings * design.write_units * WRITE,
        "logs": pings * design.logged / 1e9 * GIGABYTE_OF_LOGS,
        "traces": traces * TRACE,
    }


def report() -> str:
    designs = [dollars(design) for design in (BEFORE, NOW, BEATS)]
    rows = [[name, *(f"{each[name]:,.2f}" for each in designs)] for name in designs[0]]
    rows.append(["together", *(f"{sum(each.values()):,.2f}" for each in designs)])
    about = paragraph(
        f"{SOCKETS:,} sockets that nothing happens on, for 30 days, in US dollars: as it was (a ping every "
        f"{BEFORE.ping_seconds:.0f} s), as it is (every {NOW.ping_seconds:.0f} s), and with the beats of clients "
        f"that tell who is there instead (every {BEATS.ping_seconds:.0f} s)."
    )
    return f"{about}\n\n{table(['', 'was', 'is', 'beats'], rows)}"
