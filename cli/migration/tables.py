"""What becomes of the rows of one table, counted; and the CSV of those that somebody should look at."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.migration.dumps import Dump
from cli.migration.mapping import ACTIVE, DELETED, TableMapping
from cli.rows import Row
from openhouse.crm.export import BEGIN, cell

_NO = frozenset({"", "f", "false", "0", "no", "n"})


@dataclass(frozen=True)
class Remark:
    """`rejected`: nothing of the row is moved; else it is, but for what the sentence says."""

    line: int
    key: str
    why: str
    rejected: bool


@dataclass
class Moved:
    """Of a table. Each row is one of: new, there already, left out as it is deleted there, rejected.

    `found`: how many of the first two are here at the end, read anew.
    """

    name: str
    rows: int
    new: int = 0
    there: int = 0
    left_out: int = 0
    found: int = 0
    ids: set[str] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)
    _keys: dict[str, int] = field(default_factory=dict)  # the lines of rows

    @classmethod
    def of(cls, dump: Dump) -> Moved:
        return cls(dump.name, len(dump.rows))

    @property
    def rejected(self) -> int:
        return sum(remark.rejected for remark in self.remarks)

    @property
    def wanted(self) -> int:
        return self.new + self.there

    @property
    def is_whole(self) -> bool:
        """Whether all that was to be moved is here."""
        return self.found == self.wanted and self.wanted + self.left_out + self.rejected == self.rows

    def leaves_out(self, row: Row, key: str, *, deleted: bool) -> bool:
        """Whether a row is nothing to be moved, whatever else it says."""
        if row.fault:
            self.reject(row, key, row.fault)
        elif not key:
            self.reject(row, key, "it has no id")
        elif key in self._keys:
            self.reject(row, key, f"line {self._keys[key]} has the same id")
        elif deleted:
            self._keys[key] = row.line
            self.left_out += 1
        else:
            self._keys[key] = row.line
            return False
        return True

    def accept(self, id_: str, *, there: bool) -> None:
        self.ids.add(id_)
        self.there += there
        self.new += not there

    def reject(self, row: Row, key: str, why: str, *, accepted: str = "") -> None:
        """`accepted`: what it was to be; it is found out only now that it cannot."""
        if accepted:
            self.ids.discard(accepted)
            self.new -= 1
        self.remarks.append(Remark(row.line, key, why, rejected=True))

    def warn(self, line: int, key: str, why: str) -> None:
        self.remarks.append(Remark(line, key, why, rejected=False))


def is_deleted(mapping: TableMapping, cells: Mapping[str, str]) -> bool:
    """`deleted_at` has a time, `is_deleted` says so, or `is_active` denies it: who may not come in there may not here,
    either.
    """
    deleted, active = (cells.get(mapping.column(role) or "", "").strip().casefold() for role in (DELETED, ACTIVE))
    return deleted not in _NO or (active != "" and active in _NO)


def write_report(path: Path, tables: Iterable[Moved]) -> None:
    """All that was remarked, for a spreadsheet. No text of a dump becomes a formula in it."""
    with path.open("w", newline="", encoding="utf-8", errors="replace") as file:
        file.write(BEGIN)
        writer = csv.writer(file)
        writer.writerow(["Table", "Line", "Id", "What became of it", "Why"])
        for table in tables:
            for each in sorted(table.remarks, key=lambda remark: remark.line):
                ending = "rejected" if each.rejected else "moved, but not in full"
                writer.writerow([table.name, each.line, cell(each.key), ending, cell(each.why)])
