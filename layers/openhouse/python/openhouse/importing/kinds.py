"""What kind of file it is, by its content: names lie. Pure."""

from __future__ import annotations

import re
import zipfile
from enum import Enum, auto
from typing import BinaryIO

from openhouse.importing.encodings import start_of
from openhouse.importing.rows import Unreadable

_START = 8_192  # bytes that are looked at
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DIRECTORY = 1 << 20  # bytes of an old Office file in which its streams are named

_CSV_OR_EXCEL = "Export or save the list as CSV or as an Excel workbook (.xlsx), and choose that file."
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_ARCHIVES = (b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ\x00")
_JSON = re.compile(r'\{\s*"|\[\s*[\[{]|\{\s*\}')
_HTML = re.compile(r"<(!doctype\s+html|html|head|body|table|meta|style|script|div)\b", re.IGNORECASE)
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\v\f\r\x1a\x1b\x01\x02\x1c\x1d\x1e\x1f")  # some are delimiters
_MOST_CONTROLS = 0.02  # of the characters, in a text
_FEW_CONTROLS = 10


class Kind(Enum):
    TEXT = auto()
    WORKBOOK = auto()
    VCARD = auto()


def kind_of(file: BinaryIO) -> Kind:
    """Raises Unreadable for what is none of these, with a sentence that says what it is and what to do."""
    file.seek(0)
    start = file.read(_START)
    if not start:
        raise Unreadable("The file is empty.")
    if start.startswith(b"PK"):
        return _kind_of_zip(file)
    if start.startswith(_OLD_OFFICE):
        raise Unreadable(_old_office(file))
    if what := _foreign(start):
        raise Unreadable(f"This is {what}, not a list. {_CSV_OR_EXCEL}")
    return _kind_of_text(start_of(start))


def _foreign(start: bytes) -> str:
    if b"%PDF-" in start[:1024]:
        return "a PDF"
    if start.startswith(_PICTURES) or start[4:8] == b"ftyp" or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return "a picture or a video"
    if start.startswith(_ARCHIVES):
        return "a compressed archive"
    if start.startswith(b"SQLite format 3"):
        return "a database"
    if start.startswith(b"{\\rtf"):
        return "a text document (RTF)"
    return ""


def _old_office(file: BinaryIO) -> str:
    file.seek(0)
    if _ENCRYPTED in file.read(_DIRECTORY):
        return "This workbook is protected by a password. Open it in Excel, remove the password, and choose it again."
    return (
        "This is a file of an old version of Excel (.xls) or of another old Office program. "
        "Open it in Excel, save it as an Excel workbook (.xlsx), and choose that file."
    )


def _kind_of_zip(file: BinaryIO) -> Kind:
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable("The file is damaged: a part of it is missing. Export or download it once more.") from error
    if any(name.lower().endswith("workbook.bin") for name in names):
        raise Unreadable("This is a binary workbook (.xlsb). Save it in Excel as .xlsx, and choose that file.")
    if "[Content_Types].xml" in names and any(name.lower().startswith("xl/") for name in names):
        return Kind.WORKBOOK
    raise Unreadable(_other_zip(names))


def _other_zip(names: set[str]) -> str:
    if "content.xml" in names:
        return "This is a file of LibreOffice or OpenOffice. Save it as an Excel workbook (.xlsx) or as CSV."
    if any(name.endswith(".iwa") for name in names):
        return "This is a file of Apple Numbers. Export it from Numbers as CSV or Excel, and choose that file."
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return f"This is a document of Word or PowerPoint, not a list. {_CSV_OR_EXCEL}"
    return "This is a ZIP archive. Unpack it, and choose the file inside that has the list."


def _kind_of_text(start: str) -> Kind:
    text = start.replace("\x00", "").lstrip("\ufeff \t\r\n")
    upper = text[:64].upper()
    if not text:
        raise Unreadable("The file is empty but for spaces and line breaks.")
    if sum(map(_CONTROLS.__contains__, text)) > max(_FEW_CONTROLS, _MOST_CONTROLS * len(text)):
        raise Unreadable(f"This is no text and no workbook. {_CSV_OR_EXCEL}")
    if upper.startswith("BEGIN:VCARD"):
        return Kind.VCARD
    if upper.startswith("BEGIN:VCALENDAR"):
        raise Unreadable("This is a calendar, not a list of records.")
    if text.startswith("<") and _HTML.search(text):
        raise Unreadable(
            "This is a web page, whatever its name says: some programs export lists so. "
            "Open it in Excel, save it as an Excel workbook (.xlsx), and choose that file."
        )
    if upper.startswith("<?XML"):
        raise Unreadable(f"This is an XML file. {_CSV_OR_EXCEL}")
    if _JSON.match(text):
        raise Unreadable(f"This is JSON, which programs read. {_CSV_OR_EXCEL}")
    return Kind.TEXT
