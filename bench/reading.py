"""Reading files: rows a second of CPU and memory, for 100,000 rows as CSV, as an Excel workbook and as vCards.

Each file is read in a process of its own. Beside ours calamine, a reader of workbooks in Rust, as the measure of what
can be had: it keeps a whole sheet in memory, and does not tell a percentage, or a ZIP code with a zero, from a number.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.command import Benchmark, Result, exit_with
from bench.report import paragraph, table
from deployed import ROOT
from deployed.terminal import Steps

ROWS, QUICK_ROWS = 100_000, 200
MOST_MB = 512  # of a step's function
NAMES = (
    "First Name", "Last Name", "Email", "Phone", "Street", "City", "State", "ZIP", "Price", "Closing Date",
    "Notes", "Tags",
    *(f"Custom {number}" for number in range(8)),
)  # fmt: skip
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = {"ZIP": 1, "Price": 2, "Closing Date": 3}
FORMATS = ("00000", "$#,##0", "mm/dd/yyyy")

_OURS = """
with open(sys.argv[1], "rb") as file:
    table = read_table(file, "bench")
    opened = time.process_time()
    rows = sum(1 for _ in table.rows())
"""
_CALAMINE = """
workbook = CalamineWorkbook.from_path(sys.argv[1])
opened = time.process_time()
rows = sum(1 for _ in workbook.get_sheet_by_index(0).iter_rows()) - 1
"""
_READ = """
import json, re, resource, sys, time
from pathlib import Path
{imports}
begun = time.process_time()
{reading}
ended = time.process_time()
status = Path("/proc/self/status")
if status.exists():  # what the parent had is not in it
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) / 1024
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"rows": rows, "open": opened - begun, "seconds": ended - opened, "peak_mb": peak}}))
"""
OURS = _READ.format(imports="from openhouse.importing.tables import read_table", reading=_OURS)
CALAMINE = _READ.format(imports="from python_calamine import CalamineWorkbook", reading=_CALAMINE)


@dataclass(frozen=True)
class Case:
    name: str
    suffix: str
    write: Callable[[Path, int], None]
    script: str = OURS


def measure(quick: bool, steps: Steps) -> Result:
    rows = QUICK_ROWS if quick else ROWS
    found: list[Result] = []
    with tempfile.TemporaryDirectory() as directory:
        for case in CASES:
            path = Path(directory) / f"file{case.suffix}"
            with steps.step(f"{case.name}, {rows:,} rows"):
                if not path.exists():
                    case.write(path, rows)
                found.append({"name": case.name, "megabytes": path.stat().st_size / 1e6, **_read(case.script, path)})
    return {"columns": len(NAMES), "cases": found}


def _read(script: str, path: Path) -> Result:
    packages = os.pathsep.join([str(ROOT / "layers" / "openhouse" / "python"), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        env={**os.environ, "PYTHONPATH": packages},
        capture_output=True,
        check=True,
        text=True,
    )
    result: Result = json.loads(done.stdout)
    return result


def report(measured: Mapping[str, Any]) -> str:
    rows = [
        (
            case["name"],
            f"{case['megabytes']:.0f} MB",
            f"{case['rows']:,}",
            f"{case['open']:.2f} s",
            f"{case['seconds']:.2f} s",
            f"{case['rows'] / case['seconds']:,.0f}",
            f"{case['peak_mb']:.0f} MB",
        )
        for case in measured["cases"]
    ]
    text = (
        f"Files of {measured['columns']} columns (vCards have fewer), each read in a process of its own. To open a "
        f"file is to find out what is in it; vCards are all read for that. A step of an import has {MOST_MB} MB."
    )
    head = ("file", "size", "rows", "open", "read", "rows/s", "peak memory")
    return f"{table(head, rows)}\n\n{paragraph(text)}"


# The files -----------------------------------------------------------------------------------------------------------


def _records(rows: int) -> Iterator[Sequence[str]]:
    chance = random.Random(1)
    for number in range(rows):
        yield (
            f"Ana{number}", "O'Neil, Jr." if number % 3 == 0 else "Ruiz", f"a{number}@example.com",
            f"(661) 555-{number % 10_000:04}", f"{number} Main St", "Bakersfield", "CA", "02108",
            str(chance.randrange(100_000, 900_000)), str(chance.randrange(45_000, 47_000)),
            'said "yes"\nand more' if number % 5 == 0 else "", "VIP, Past", *[f"custom value {number % 100}"] * 8,
        )  # fmt: skip


def _csv(path: Path, rows: int, **dialect: Any) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, **dialect)
        writer.writerow(NAMES)
        writer.writerows(_records(rows))


def _quoted_csv(path: Path, rows: int) -> None:
    _csv(path, rows, quoting=csv.QUOTE_ALL)


def _vcards(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for first, last, email, phone, street, city, state, zip_, *_ in _records(rows):
            lines = (
                "BEGIN:VCARD", "VERSION:3.0", f"N:{last.replace(',', '')};{first};;;", f"FN:{first} {last}",
                f"EMAIL;type=HOME:{email}", f"TEL;type=CELL;type=pref:{phone}",
                f"ADR;type=HOME:;;{street};{city};{state};{zip_};US", "NOTE:met at the open house", "END:VCARD", "",
            )  # fmt: skip
            file.write("\r\n".join(lines))


def _workbook(path: Path, rows: int) -> None:
    """As Excel writes it: texts in a list that cells refer to."""
    texts: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{RELATIONS}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="A" sheetId="1" r:id="a"/></sheets>'
            "</workbook>",
        )
        parts = {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
        related = "".join(
            f'<Relationship Id="{"abc"[number]}" Type="{RELATIONS}/{kind}" Target="{part}"/>'
            for number, (kind, part) in enumerate(parts.items())
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>')
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for line, cells in enumerate([NAMES, *_records(rows)], 1):
                sheet.write(_sheet_row(line, cells, texts).encode())
            sheet.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{text.replace('&', '&amp;')}</t></si>" for text in texts)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{items}</sst>')
        codes = "".join(
            f'<numFmt numFmtId="{number}" formatCode="{code}"/>' for number, code in enumerate(FORMATS, 164)
        )
        used = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 164, 165, 166))
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellXfs>{used}</cellXfs></styleSheet>',
        )


def _sheet_row(line: int, cells: Sequence[str], texts: dict[str, int]) -> str:
    written = []
    for name, letter, cell in zip(NAMES, "ABCDEFGHIJKLMNOPQRST", cells, strict=True):
        if line > 1 and name in STYLES:
            written.append(f'<c r="{letter}{line}" s="{STYLES[name]}"><v>{int(cell)}</v></c>')
        elif cell:
            written.append(f'<c r="{letter}{line}" t="s"><v>{texts.setdefault(cell, len(texts))}</v></c>')
    return f'<row r="{line}">{"".join(written)}</row>'


CASES = (
    Case("CSV", ".csv", _csv),
    Case("CSV, all quoted", ".quoted.csv", _quoted_csv),
    Case("vCards", ".vcf", _vcards),
    Case("workbook", ".xlsx", _workbook),
    Case("workbook, by calamine", ".xlsx", _workbook, CALAMINE),
)

BENCHMARK = Benchmark("reading", __doc__.partition("\n")[0], measure, report)

if __name__ == "__main__":
    exit_with(BENCHMARK.run)
