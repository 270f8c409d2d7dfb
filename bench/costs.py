"""What one change costs by patch and by refetch: bytes, AWS calls, read and write units, for few and many viewers.

The refetch design is the usual one: a notice makes every viewer fetch the list of 50 records again. Where a server has
a room per person, team and brokerage, and sends to each, whoever is in all three gets three notices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bench import idle, record_sizes
from bench.calls import RECORDS, count
from bench.command import Benchmark, Result, exit_with
from bench.report import paragraph, table
from deployed.terminal import Steps

VIEWERS = (1, 3, 50)
COPIES = 3
NOTICE = '{"type":"data:update","data":{"entity":"escrows"}}'
NAMES = {
    "each": "bytes, each viewer",
    "all": "bytes, all viewers",
    "calls": "AWS calls",
    "readUnits": "read units",
    "writeUnits": "write units",
}


def measure(quick: bool, steps: Steps) -> Result:
    viewers = VIEWERS[:2] if quick else VIEWERS
    rows: list[Result] = []
    with steps.step("counting what a change costs") as tell:
        for counted in count(RECORDS[:5] if quick else RECORDS, viewers):
            rows.append(counted.wire())
            tell(f"{counted.viewers} viewers")
    with steps.step("counting what changes cost on average"):
        sizes = record_sizes.measure(quick)
    return {"records": len(RECORDS[:5] if quick else RECORDS), "rows": rows, "sizes": sizes}


def by_patch(row: Mapping[str, Any]) -> dict[str, float]:
    return {"each": row["patchBytes"] / row["viewers"], "all": row["patchBytes"], **_total(row["patch"])}


def by_refetch(row: Mapping[str, Any], copies: int) -> dict[str, float]:
    """Each of the `copies` of a notice makes each viewer fetch the list."""
    patching, refetching, viewers = _total(row["patch"]), _total(row["refetch"]), row["viewers"]
    each = copies * (len(NOTICE) + row["refetchBytes"])
    found = {name: patching[name] + viewers * copies * refetching[name] for name in patching}
    found["calls"] += viewers * (copies - 1)  # posts; of the first notice they are in the patch's calls already
    return {"each": each, "all": viewers * each, **found}


def report(result: Mapping[str, Any]) -> str:
    rows = []
    for row in result["rows"]:
        viewers = f"{row['viewers']} viewers" if row["viewers"] > 1 else "1 viewer"
        ours, once, thrice = by_patch(row), by_refetch(row, 1), by_refetch(row, COPIES)
        for name, text in NAMES.items():
            cells = [f"{ours[name]:,.0f}"]
            for theirs in (once, thrice):
                cells += [f"{theirs[name]:,.0f}", f"{theirs[name] / ours[name]:,.1f}x"]
            rows.append([f"{viewers}: {text}", *cells])
    about = paragraph(
        "One change of one record, until every viewer has it: by patch, and by fetching the list of "
        f"{result['records']} records again. 'of {COPIES} copies': as where people are in {COPIES} rooms that are all "
        "told, and fetch each time. The write, the lookup of members and the posts are in all columns. AWS calls are "
        "DynamoDB's and `@connections`'s, counted on the functions' own code over moto; units are computed from item "
        "sizes by DynamoDB's published rules."
    )
    compared = table(["", "by patch", "by refetch", "ratio", f"of {COPIES} copies", "ratio"], rows)
    parts = (about, compared, _where_it_goes(result), record_sizes.report(result["sizes"]), idle.report())
    return "\n\n".join(parts)


def _where_it_goes(result: Mapping[str, Any]) -> str:
    rows = []
    for line in result["rows"][0]["patch"]:
        if line["calls"]:
            call = f"{line['function']}: {line['operation']}"
            rows.append([call, f"{line['calls']}", f"{line['readUnits']:g}", f"{line['writeUnits']:g}"])
            rows += [[f"  {what}", "", "", f"{spent:g}"] for what, spent in line["written"].items()]
    about = paragraph(
        "Where the units of one change go. Items of a transaction cost twice, their rows in indexes once. "
        "A record of less than a kilobyte costs 2 write units less."
    )
    return f"{about}\n\n{table(['', 'calls', 'read units', 'write units'], rows)}"


def _total(lines: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    listed = list(lines)
    return {name: sum(line[name] for line in listed) for name in ("calls", "readUnits", "writeUnits")}


BENCHMARK = Benchmark("costs", "Count what one change costs, by patch and by refetch.", measure, report)

if __name__ == "__main__":
    exit_with(BENCHMARK.run)
