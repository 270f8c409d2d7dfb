"""Which dialect of CSV a text is in: what separates its cells, and how quotes are written inside them. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import log2

from openhouse.importing.labels import is_usual_name
from openhouse.importing.records import Dialect, Record, RecordReader

_LOOKED_AT = 100  # records
_COMMON = ",;\t|"
_OTHERS = "^~:¦§¬\x01\x02\x1c\x1d\x1e\x1f!=`#*/&%"
_NEVER = frozenset("\"'._-@()+\\<>[]{} \r\n")
_ENOUGH, _CLEAR = 0.55, 1.0  # of a score
_MUCH, _VERY_MUCH = 0.2, 0.5  # by which a rare delimiter is better than the usual ones, with a header and without
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE | re.DOTALL)
_SPACED = 0.8  # of a character's places that a space follows: punctuation, then


@dataclass(frozen=True)
class _Rating:
    score: float
    faults: int
    names: int
    dialect: Dialect


def separator_line(line: str) -> str:
    """The delimiter that Excel's own first line names, `sep=;`. Else nothing."""
    match = _SEPARATOR_LINE.fullmatch(line)
    return match[1] if match else ""


def guess_dialect(lines: Sequence[str], *, delimiter: str = "") -> Dialect:
    """By the first lines of a file. `delimiter`: if it is known."""
    candidates = delimiter or _COMMON
    best = max(map(_rate_best, [lines] * len(candidates), candidates), key=lambda rating: rating.score)
    if best.score < _CLEAR and not delimiter:
        others = [_rate_best(lines, other) for other in _others(lines)]
        other = max(others, key=lambda rating: rating.score, default=best)
        if other.score > best.score + (_MUCH if other.names else _VERY_MUCH):
            best = other
    if best.score < _ENOUGH and not delimiter:
        return Dialect("")
    return best.dialect


def _rate_best(lines: Sequence[str], delimiter: str) -> _Rating:
    """The way quotes are written that leaves the fewest records in disorder."""
    plain = Dialect(delimiter)
    variants = [plain]
    text = "".join(lines)
    if '\\"' in text or f"\\{delimiter}" in text:
        variants.append(replace(plain, escape=True))
    if _is_quoted_singly(lines, delimiter):
        variants.append(replace(plain, quote="'"))
        if "\\'" in text:
            variants.append(Dialect(delimiter, "'", escape=True))
    ratings = [_rate(lines, dialect) for dialect in variants]
    return max(ratings, key=lambda rating: (round(rating.score, 6), -rating.faults))


def _is_quoted_singly(lines: Sequence[str], delimiter: str) -> bool:
    return any(line.startswith("'") and f"'{delimiter}'" in line for line in lines[:5])


def _rate(lines: Sequence[str], dialect: Dialect) -> _Rating:
    """From 0 for a character that separates nothing to some 3: alike records, columns with names, many columns."""
    records = list(_some(lines, dialect))
    faults = sum(1 for record in records if record.fault)
    widths = Counter(len(record.cells) for record in records)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    widest = max(widths, default=0)
    if width < 2 and widest >= 2:  # lists with many short lines
        width, count = max(((w, n) for w, n in widths.items() if w >= 2), key=lambda item: (item[1], item[0]))
    if width < 2:
        return _Rating(0, faults, 0, dialect)
    names = max(sum(map(is_usual_name, record.cells)) for record in records if len(record.cells) >= 2)
    score = (count - 0.3 * faults) / len(records) + 0.1 * min(names, 10) + 0.05 * log2(width)
    if dialect.quote == "'":
        score += 0.1  # of two readings that are as good, the one without quotes in its cells
    if _is_spaced(lines, dialect.delimiter):
        score -= 0.3
    return _Rating(score, faults, names, dialect)


def _some(lines: Sequence[str], dialect: Dialect) -> Iterator[Record]:
    return islice(RecordReader(dialect).records(lines), _LOOKED_AT)


def _is_spaced(lines: Sequence[str], delimiter: str) -> bool:
    text = "".join(lines)
    places = text.count(delimiter)
    return delimiter != "\t" and text.count(delimiter + " ") > _SPACED * places


def _others(lines: Sequence[str]) -> list[str]:
    """Characters that stand in most lines, the likelier first."""
    counts: Counter[str] = Counter()
    for line in lines[:_LOOKED_AT]:
        counts.update({character for character in line if not character.isalnum() and character not in _NEVER})
    often = [character for character, count in counts.items() if 2 * count >= min(len(lines), _LOOKED_AT)]
    known = [character for character in _OTHERS if character in often]
    return known + sorted(set(often) - set(known))
