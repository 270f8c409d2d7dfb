"""The parts of an Excel workbook (.xlsx): a ZIP archive of XML. Read in pieces, and only so much as we hold. Pure.

What an archive unpacks to is counted before it is unpacked, and a part that claims less than it has is cut off there.
No grid is ever made: a workbook that has cells A1 and XFD1048576 has two cells.
"""

from __future__ import annotations

import posixpath
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from xml.parsers import expat

from openhouse.importing.number_formats import NumberText, number_formats
from openhouse.importing.rows import Unreadable

MOST_UNPACKED = 700_000_000  # bytes of all XML: 100,000 rows of 90 full columns are 400 MB
_MOST_TEXTS = 200_000_000  # bytes that a workbook's list of texts takes in memory
_MOST_PARTS = 10_000
_MOST_SHEETS = 500
_MOST_ELEMENTS = 200_000  # of relations, sheets or styles: Excel makes 65,490 styles at most
_LONGEST_TAG = 16_000_000  # bytes of one element's beginning, which a parser holds until it ends
_PIECE = 1 << 16

_DAMAGED = "The workbook is damaged. Open it in Excel, save it once more, and choose it again."
_TOO_LARGE = "The workbook is too large to be read. Save its sheet as CSV, or in several workbooks."
_PROTECTED = "The workbook is protected by a password. Remove the password in Excel, and choose it again."
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, ValueError, LookupError, NotImplementedError,
)  # fmt: skip
_IS_ENCRYPTED = 1  # a flag of a ZIP entry
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Attributes = dict[str, str]


@dataclass(frozen=True)
class Sheet:
    name: str
    part: str
    hidden: bool


@contextmanager
def damages() -> Iterator[None]:
    """What can go wrong inside, as Unreadable."""
    try:
        yield
    except _DAMAGES as error:
        raise Unreadable(_DAMAGED) from error


class Workbook:
    """`most_texts`: bytes of memory for its list of texts. Raises Unreadable where something is wrong with it."""

    def __init__(self, file: BinaryIO, *, most_texts: int = _MOST_TEXTS) -> None:
        self._most_texts = most_texts
        with damages():
            self._archive = zipfile.ZipFile(file)
            entries = self._archive.infolist()
            _check(entries)
            self._parts = {entry.filename.lower().lstrip("/"): entry for entry in entries if _is_read(entry)}
            self._main = self._main_part()
            self.from_1904 = False
            self.sheets = self._read_sheets()
            self.formats = self._read_styles()
        self._texts: list[str] | None = None

    @property
    def texts(self) -> list[str]:
        """The list that cells refer to."""
        if self._texts is None:
            with damages():
                self._texts = self._read_texts()
        return self._texts

    def pieces(self, part: str) -> Iterator[bytes]:
        """Of a part's XML, unpacked."""
        with self._archive.open(self._parts[part.lower()]) as unpacked:
            while piece := unpacked.read(_PIECE):
                yield piece

    def _main_part(self) -> str:
        for _, attributes in self._elements("_rels/.rels", "Relationship"):
            if attributes.get("Type", "").endswith("/officeDocument"):
                return attributes["Target"].lstrip("/")
        return "xl/workbook.xml"

    def _related(self) -> dict[str, tuple[str, str]]:
        """Kind and name of the parts that the main one refers to, by id."""
        folder, name = posixpath.split(self._main)
        found: dict[str, tuple[str, str]] = {}
        for _, attributes in self._elements(f"{folder}/_rels/{name}.rels", "Relationship"):
            target = posixpath.normpath(posixpath.join("/" + folder, attributes["Target"])).lstrip("/")
            found[attributes["Id"]] = (attributes["Type"].rpartition("/")[2], target)
        return found

    def _read_sheets(self) -> list[Sheet]:
        related = self._related()
        self._by_kind = dict(related.values())
        sheets: list[Sheet] = []
        for tag, attributes in self._elements(self._main, "sheet", "workbookPr"):
            if tag == "workbookPr":
                self.from_1904 = attributes.get("date1904", "0") in ("1", "true", "on")
                continue
            id_ = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            kind, part = related.get(id_, ("", ""))
            if kind == "worksheet" and part.lower() in self._parts and len(sheets) < _MOST_SHEETS:
                hidden = attributes.get("state", "visible") != "visible"
                sheets.append(Sheet(attributes.get("name", ""), part, hidden))
        return sheets

    def _read_styles(self) -> list[NumberText]:
        part = self._by_kind.get("styles", "")
        if part.lower() not in self._parts:
            return []
        codes: dict[int, str] = {}
        used: list[int] = []
        inside = False
        for tag, attributes in self._elements(part, "numFmt", "cellXfs", "xf", "cellStyles"):
            if tag == "numFmt":
                codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            elif tag == "xf":
                if inside:
                    used.append(int(attributes.get("numFmtId", "0")))
            else:
                inside = tag == "cellXfs"
        return number_formats(codes, used, from_1904=self.from_1904)

    def _elements(self, part: str, *wanted: str) -> Iterator[tuple[str, Attributes]]:
        """Those of these names, with their attributes, in the order they begin."""
        if part.lower() not in self._parts:
            return
        found: list[tuple[str, Attributes]] = []

        def start(tag: str, attributes: Attributes) -> None:
            if (name := local_name(tag)) in wanted:
                found.append((name, attributes))

        count = 0
        for _ in parsed(self.pieces(part), start=start):
            count += len(found)
            if count > _MOST_ELEMENTS:
                raise Unreadable(_TOO_LARGE)
            yield from found
            found.clear()

    def _read_texts(self) -> list[str]:
        part = self._by_kind.get("sharedStrings", "")
        if part.lower() not in self._parts:
            return []
        texts: list[str] = []
        pieces: list[str] = []
        held = 0
        in_text = reading_aloud = False

        def start(tag: str, _: Attributes) -> None:
            nonlocal in_text, reading_aloud
            name = local_name(tag)
            in_text = name == "t" and not reading_aloud
            reading_aloud = reading_aloud or name == "rPh"

        def end(tag: str) -> None:
            nonlocal held, in_text, reading_aloud
            in_text = False
            name = local_name(tag)
            if name == "rPh":
                reading_aloud = False
            elif name == "si":
                text = unescaped("".join(pieces))
                pieces.clear()
                texts.append(text)
                held += sys.getsizeof(text) + 8 - len(text)

        def data(text: str) -> None:
            nonlocal held
            if in_text:
                held += len(text)
                pieces.append(text)

        for _ in parsed(self.pieces(part), start=start, end=end, data=data):
            if held > self._most_texts:
                raise Unreadable(_TOO_LARGE)
        return texts


def _is_read(entry: zipfile.ZipInfo) -> bool:
    """Whether it may be a part that we read: pictures and the like are never unpacked, and may be of any size."""
    return entry.filename.lower().endswith((".xml", ".rels"))


def _check(entries: list[zipfile.ZipInfo]) -> None:
    """Before anything is unpacked. Raises Unreadable."""
    if any(entry.flag_bits & _IS_ENCRYPTED for entry in entries):
        raise Unreadable(_PROTECTED)
    unpacked = sum(entry.file_size for entry in entries if _is_read(entry))
    if unpacked > MOST_UNPACKED or len(entries) > _MOST_PARTS:
        raise Unreadable(_TOO_LARGE)


def parsed(
    pieces: Iterator[bytes],
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    data: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Yields after each piece that was parsed. Names have their prefix: `x:sheet`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = _no_doctype
    fed = 0
    for piece in pieces:
        parser.Parse(piece, False)
        fed += len(piece)
        if fed - parser.CurrentByteIndex > _LONGEST_TAG:
            raise Unreadable(_TOO_LARGE)
        yield
    parser.Parse(b"", True)
    yield


def local_name(tag: str) -> str:
    return tag.rpartition(":")[2]


def _no_doctype(*_: object) -> None:
    """Workbooks have none, and entities are declared there."""
    raise Unreadable(_DAMAGED)


def unescaped(text: str) -> str:
    """`_x000D_` is how a workbook writes what XML cannot."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
