"""From lines to records of cells, in one dialect of CSV. Pure.

A cell that begins with a quote goes on to the quote before the next delimiter, over line breaks too. Where there is no
such quote, or something else follows it, the record is faulty, and reading goes on with the next line that has as many
cells as others: a bad quote costs its own row.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MOST_LINES = 1_000  # of one record
_MOST_CHARACTERS = 4_000_000  # of one record of several lines
_PATIENCE = 20  # long searches for the end of a record, after which none is searched for beyond its line
_LONG_SEARCH = 50  # lines
_RECOVERY = 20  # lines after a faulty one among which a whole record is looked for
_BREAKS = "\r\n"

_UNCLOSED = "a quotation mark is not closed, so its cells cannot be told apart"
_MISPLACED = "a quotation mark stands inside a cell, so its cells cannot be told apart"


@dataclass(frozen=True)
class Dialect:
    """`delimiter`: one character, or nothing for a file of one column.

    `escape`: whether a backslash makes any character a part of its cell.
    """

    delimiter: str
    quote: str = '"'
    escape: bool = False


@dataclass(frozen=True)
class Record:
    line: int
    cells: tuple[str, ...]
    fault: str = ""


class RecordReader:
    """`width`: how many cells a good record has at the least, if that is known."""

    def __init__(self, dialect: Dialect, width: int = 0) -> None:
        self._dialect = dialect
        self._width = width
        self._patience = _PATIENCE
        self._end = dialect.delimiter or "\x00"  # after the last cell; no text has it
        quote, end = re.escape(dialect.quote), re.escape(self._end)
        if dialect.escape:
            inside = rf"(?:[^{quote}\\]|{quote}{quote}|\\.)*+"
            plain = rf"(?:\\.|[^{end}\\])*+"
        else:
            inside = rf"[^{quote}]*+(?:{quote}{quote}[^{quote}]*+)*+"
            plain = rf"[^{end}]*+"
        cell = rf"(?: *{quote}(?:{inside}){quote} *|(?!{quote}){plain})"
        self._whole = re.compile(rf"(?:{cell}{end})++\Z", re.DOTALL)
        self._open = re.compile(rf"(?:{cell}{end})*+{quote}(?:{inside})\Z", re.DOTALL)
        self._cells = re.compile(rf"(?: *{quote}({inside}){quote} *|(?!{quote})({plain})){end}", re.DOTALL)

    def records(self, lines: Iterable[str]) -> Iterator[Record]:
        """All but empty lines, which are no records."""
        source = _Lines(lines)
        while (line := source.take()) is not None:
            text = line.rstrip(_BREAKS)
            if text and not text.isspace():
                yield self._record(text, line, source)

    def _record(self, text: str, line: str, source: _Lines) -> Record:
        number = source.number
        dialect = self._dialect
        if dialect.quote not in text and not dialect.escape:
            return Record(number, tuple(text.split(dialect.delimiter)) if dialect.delimiter else (text,))
        if self._is_whole(text):
            return Record(number, self._split(text))
        is_open = self._open.match(line) is not None
        if is_open and (longer := self._longer(line, source)):
            return Record(number, self._split(longer))
        rest = self._rest_of_faulty(source)
        return Record(number, self._split_faulty(line + rest), _UNCLOSED if is_open else _MISPLACED)

    def _is_whole(self, text: str) -> bool:
        return self._whole.match(text + self._end) is not None

    def _longer(self, line: str, source: _Lines) -> str:
        """The record with the lines that belong to it, which are taken. Empty if it has no good end."""
        text, count = line, 0
        while self._patience and count < _MOST_LINES and len(text) < _MOST_CHARACTERS:
            count += 1
            more = source.ahead(count)
            if more is None:
                break
            text += more
            if self._dialect.quote not in more:
                continue
            ended = text.rstrip(_BREAKS)
            if self._is_whole(ended):
                source.skip(count)
                return ended
            if not self._open.match(text):
                break
        if count > _LONG_SEARCH:
            self._patience -= 1
        return ""

    def _rest_of_faulty(self, source: _Lines) -> str:
        """What follows up to the next good record, if that is near: a faulty cell may have had several lines."""
        if self._width < 2:
            return ""
        rest: list[str] = []
        while len(rest) < _RECOVERY:
            more = source.ahead(len(rest) + 1)
            if more is None or self._looks_good(more):
                source.skip(len(rest))
                return "".join(rest)
            rest.append(more)
        return ""

    def _looks_good(self, line: str) -> bool:
        text = line.rstrip(_BREAKS)
        if self._is_whole(text):
            return len(self._split(text)) >= self._width
        return text.count(self._dialect.delimiter) >= self._width - 1

    def _split(self, text: str) -> tuple[str, ...]:
        """Of a whole record."""
        quote, found = self._dialect.quote, self._cells.findall(text + self._end)
        if self._dialect.escape:
            return tuple(_ESCAPED.sub(r"\1", quoted.replace(quote * 2, quote) or plain) for quoted, plain in found)
        return tuple(quoted.replace(quote * 2, quote) if quoted else plain for quoted, plain in found)

    def _split_faulty(self, text: str) -> tuple[str, ...]:
        """What could be: every delimiter ends a cell."""
        parts = text.split(self._dialect.delimiter) if self._dialect.delimiter else [text]
        return tuple(part.strip(self._dialect.quote + _BREAKS) for part in parts)


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class _Lines:
    """Lines with a look ahead, numbered from 1."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._source = iter(lines)
        self._waiting: deque[str] = deque()
        self.number = 0  # of the line taken last

    def take(self) -> str | None:
        line = self._waiting.popleft() if self._waiting else next(self._source, None)
        if line is not None:
            self.number += 1
        return line

    def ahead(self, count: int) -> str | None:
        """The line that is taken after `count - 1` others."""
        while len(self._waiting) < count:
            line = next(self._source, None)
            if line is None:
                return None
            self._waiting.append(line)
        return self._waiting[count - 1]

    def skip(self, count: int) -> None:
        for _ in range(count):
            self.take()
