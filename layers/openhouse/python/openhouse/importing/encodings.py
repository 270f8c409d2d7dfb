"""Which characters the bytes of a text file are. Pure.

A mark at the start decides, else the pattern of NUL bytes (UTF-16), else whether the bytes are UTF-8. What is neither
is read as Windows-1252, which Latin-1 is a part of: guesses by letter frequencies turn names into another language's.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

_CHUNK = 1 << 16
_SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENOUGH = 100  # bytes that are not UTF-8, to decide that the file is not
_LEAST_NULS = 0.02  # of all bytes, for UTF-16: line breaks and delimiters alone make more of them
_ONE_SIDED = 0.9  # of the NULs, on even or on odd places
_UNDEFINED = bytes.maketrans(bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D]), b"?????")


@dataclass(frozen=True)
class Encoding:
    """`errors`: the error handler to decode with."""

    name: str
    errors: str = "strict"
    notes: tuple[str, ...] = ()


def find_encoding(file: BinaryIO) -> Encoding:
    """Reads the whole file, from its start."""
    file.seek(0)
    sample = file.read(_SAMPLE)
    name = _by_mark(sample)
    if name not in ("", "utf-8-sig"):
        return Encoding(name, "replace")
    if not name and (wide := _utf16_by_nuls(sample)):
        return Encoding(wide, "replace", (f"The file does not say how it is encoded; it was read as {wide.upper()}.",))
    return _utf8_or_windows(file, name or "utf-8")


def start_of(sample: bytes) -> str:
    """The first bytes of a file as text, good enough to see what it is: ASCII is right, and what is no text shows."""
    return sample.decode(_by_mark(sample) or _utf16_by_nuls(sample) or "latin-1", "replace")


def _by_mark(sample: bytes) -> str:
    return next((name for mark, name in _MARKS if sample.startswith(mark)), "")


def _utf16_by_nuls(sample: bytes) -> str:
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    nuls = even + odd
    if nuls < _LEAST_NULS * len(sample) or not nuls:
        return ""
    if odd >= _ONE_SIDED * nuls:
        return "utf-16-le"
    if even >= _ONE_SIDED * nuls:
        return "utf-16-be"
    return ""


def _utf8_or_windows(file: BinaryIO, name: str) -> Encoding:
    bad, good = _count_utf8(file)
    if not bad:
        return Encoding(name)
    if good > bad or name == "utf-8-sig":
        places = "one place" if bad == 1 else f"{bad} places"
        return Encoding(name, _MIXED, (f"The file is UTF-8 but for {places}, read as Windows-1252.",))
    if _is_windows(file):
        return Encoding("cp1252", notes=("The file is not UTF-8; it was read as Windows-1252.",))
    return Encoding("latin-1", notes=("The file is not UTF-8; it was read as Latin-1.",))


def _count_utf8(file: BinaryIO) -> tuple[int, int]:
    """Bytes that are not UTF-8, and characters of several bytes that are. Ends early if the file is something else."""
    bad = good = 0
    rest = b""
    file.seek(0)
    while bad <= max(good, _ENOUGH):
        chunk = file.read(_CHUNK)
        if chunk.isascii() and not rest:
            if not chunk:
                break
            continue
        rest, more_bad, more_good = _count_in_chunk(rest + chunk, final=not chunk)
        bad += more_bad
        good += more_good
    return bad, good


def _count_in_chunk(data: bytes, *, final: bool) -> tuple[bytes, int, int]:
    """What is to be decoded with the next chunk, then the two counts."""
    bad = good = start = 0
    while True:
        try:
            text, used = codecs.utf_8_decode(data[start:], "strict", final)
        except UnicodeDecodeError as error:
            bad += error.end - error.start
            good += _several(error.object[: error.start].decode())
            start += error.end
        else:
            return data[start + used :], bad, good + _several(text)


def _several(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _is_windows(file: BinaryIO) -> bool:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        if chunk.translate(_UNDEFINED) != chunk:
            return False
    return True


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_MIXED = "openhouse-windows-1252"
codecs.register_error(_MIXED, _as_windows)


def lines_of(file: BinaryIO, encoding: Encoding) -> Iterator[str]:
    """From the start, each with its line break as it is: LF, CR or both."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding.name, encoding.errors, newline="")
    try:
        for line in text:  # noqa: UP028 - `yield from` would close the file with this generator
            yield line
    finally:
        if not text.closed:  # by whoever lets go of the file first
            text.detach()  # which would close the file
