"""A room's figures of one module: how many records have which status, how many are archived, and its totals. Pure.

Figures are documents of whole numbers, nested at most once, in wire form:
`{counts: {opened: 3, ...}, archived: 1, openVolumeCents: 127500000, commissionCents: {"2026-03": 1062500}}`.
`counts` leaves archived records out; what the totals count, their module says.
"""

from __future__ import annotations

from collections.abc import Iterable

from openhouse.core.merge_patch import Document
from openhouse.crm.changes import Change
from openhouse.crm.module import Module, Record


def zero(module: Module) -> Document:
    """The figures of a room without records."""
    return {"counts": dict.fromkeys(module.transitions, 0), "archived": 0, **module.totals().model_dump(by_alias=True)}


def contribution(module: Module, record: Record) -> Document:
    """What one record adds to them."""
    count: Document = {"archived": 1} if record.archived else {"counts": {record.status: 1}}
    return {**count, **module.totals.of(record).model_dump(by_alias=True)}


def after_changes(module: Module, figures: Document, changes: Iterable[Change], room: str) -> Document:
    """The figures of `room` after these changes of its records."""
    for change in changes:
        if change.before and change.before.room == room:
            figures = add(figures, contribution(module, change.before), -1)
        if change.after and change.after.room == room:
            figures = add(figures, contribution(module, change.after))
    return without_zeros(figures, zero(module))


def add(figures: Document, more: Document, sign: int = 1) -> Document:
    total = dict(figures)
    for name, value in more.items():
        if isinstance(value, dict):
            total[name] = add(total.get(name, {}), value, sign)
        else:
            total[name] = total.get(name, 0) + sign * value
    return total


def without_zeros(figures: Document, zero: Document) -> Document:
    """Without zeros that `zero` does not show: a month without commissions is not told."""
    return {
        name: without_zeros(value, zero.get(name, {})) if isinstance(value, dict) else value
        for name, value in figures.items()
        if value != 0 or name in zero
    }
