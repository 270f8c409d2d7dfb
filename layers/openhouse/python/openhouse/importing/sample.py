"""The rows that say how a table is to be read: the first ones, and of the others those that say something new."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from openhouse.importing import days, numbers
from openhouse.importing.cells import is_nothing

FITS = 0.6  # so much of a column has to be of a kind
_FIRST, _MORE = 5_000, 1_000  # rows
_SHOWS = 1_000  # characters of a cell, which may have a million
_FEW = 200  # different values of a column, as of a vocabulary


@dataclass(frozen=True)
class Sample:
    """Each row is as long as the header."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Sample:
        """However many rows there are, no more than some thousand are kept."""
        width = len(columns)
        kept: list[tuple[str, ...]] = []
        news: _News | None = None
        for row in rows:
            cells = tuple([*row, *[""] * (width - len(row))][:width])
            if len(kept) < _FIRST:
                kept.append(cells)
                continue
            news = news or _News(cls(tuple(columns), tuple(kept)))
            if len(kept) < _FIRST + _MORE and news.are_in(cells):
                kept.append(cells)
        return cls(tuple(columns), tuple(kept))

    @cached_property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """Of each column, what is not empty: the beginning of each cell, which shows what it is."""
        return tuple(
            tuple(cell.strip()[:_SHOWS] for row in self.rows if not is_nothing(cell := row[index]))
            for index in range(len(self.columns))
        )

    @cached_property
    def numeric_sign(self) -> str:
        """What the columns of numbers show together of the sign that divides decimals, if they agree."""
        shown = [numbers.decimal_sign_of(texts) for texts in self.texts if share(texts, is_number) >= FITS]
        signs = set(filter(None, shown))
        return signs.pop() if len(signs) == 1 else ""

    @cached_property
    def day_order(self) -> str:
        """The same of the order of day and month."""
        shown = [days.order_of(texts) for texts in self.texts if share(texts, is_day) >= FITS]
        orders = {order for order in shown if order in (days.MONTH_FIRST, days.DAY_FIRST)}
        return orders.pop() if len(orders) == 1 else ""


class _News:
    """What a row can say that those before it have not: a word of few, the order of days, the sign of decimals."""

    def __init__(self, sample: Sample) -> None:
        distinct = [set(texts) for texts in sample.texts]
        self._few = {index: seen for index, seen in enumerate(distinct) if len(seen) <= _FEW}
        self._shows = {
            index: show
            for index, texts in enumerate(sample.texts)
            for show in (days.order_of, numbers.decimal_sign_of)
            if not show(texts) and share(texts, is_day if show is days.order_of else is_number) >= FITS
        }

    def are_in(self, cells: Sequence[str]) -> bool:
        new = [
            seen
            for index, seen in self._few.items()
            if cells[index].strip() not in seen and not is_nothing(cells[index])
        ]
        shown = [index for index, show in self._shows.items() if show([cells[index]])]
        for index, seen in self._few.items():
            seen.add(cells[index].strip())
        for index in shown:
            del self._shows[index]
        return bool(new or shown)


def share(texts: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(map(bool, map(test, texts))) / len(texts) if texts else 0.0


def is_day(text: str) -> bool:
    return days.taken_apart(text) is not None or bool(re.fullmatch(r"\d{5}(\.\d+)?", text))


def is_number(text: str) -> bool:
    return numbers.taken_apart(text) is not None
