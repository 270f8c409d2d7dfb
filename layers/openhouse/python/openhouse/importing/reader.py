"""A row's cells to a document that the module accepts, with warnings of what is left out, or the reason it is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from openhouse.core.errors import Invalid
from openhouse.core.wire import parse
from openhouse.crm.module import Module
from openhouse.importing.cells import UnreadableCell, is_nobody, is_nothing, lines, one_line
from openhouse.importing.composing import Composed
from openhouse.importing.mapping import Mapping as Decided
from openhouse.importing.numbers import taken_apart
from openhouse.importing.targets import OWNER, Kind, Target, target_named, targets_of
from openhouse.importing.values import Context, emails_of, phones_of, value_of

_STORED = {
    "id": "new",
    "version": 1,
    "room": "new",
    "ownerId": "new",
    "createdAt": "2000-01-01T00:00:00.000Z",
    "createdBy": "new",
    "updatedAt": "2000-01-01T00:00:00.000Z",
    "updatedBy": "new",
}
_NO_LABELS = frozenset({"smtp", "ex", "internet", "*", "pref"})
_SHOWN = 60  # characters of a cell in a sentence
_NAMES = ("firstName", "lastName", "company")
_GENERAL = {"propertyType": "residential"}  # what another column may say more exactly
_TEXTS = frozenset({Kind.TEXT, Kind.STATE, Kind.ZIP, Kind.NAME, Kind.PLACE, Kind.TIME})
_PLAIN_TEXTS = frozenset({"city", *_NAMES})


@dataclass(frozen=True)
class Read:
    """`document`: on the wire. `warnings`: column, field and what was left out, why. `owner`: whose it is, in the words
    of the file. `rejected`: why there is no record; then the document is empty.
    """

    document: dict[str, Any]
    warnings: tuple[tuple[str, str, str], ...] = ()
    rejected: str | None = None
    owner: str | None = None


@dataclass(frozen=True)
class _Planned:
    index: int
    name: str
    target: Target
    reading: Mapping[str, Any]
    beside: int | None = None  # where the label or the unit of its values stands


class Reader:
    def __init__(self, mapping: Decided, context: Context, plan: Sequence[_Planned]) -> None:
        self._context = context
        self._constants = mapping.constants
        self._plan = plan
        self._targets = targets_of(context.module)
        self._columns = {planned.target.field: planned.name for planned in reversed(plan)}

    @classmethod
    def of(cls, mapping: Decided, module: Module, *, this_year: int, time_zone: str | None = None) -> Reader:
        """`time_zone`: where the clocks hang that the file's times are of. Raises ValueError if a field is gone."""
        targets = targets_of(module)
        for column in mapping.columns:
            target_named(column.target or OWNER, module)
        plan = [
            _Planned(index, column.name, targets[column.target], column.reading, _beside(mapping, index))
            for index, column in enumerate(mapping.columns)
            if column.target and targets[column.target].kind not in (Kind.LABEL, Kind.UNIT)
        ]
        plan.sort(key=lambda planned: (planned.reading.get("rank", [0, 0]), planned.index))
        return cls(mapping, Context(module, this_year, time_zone), plan)

    def read(self, cells: Sequence[str]) -> Read:
        row = Composed(self._targets, self._context)
        warnings: list[tuple[str, str, str]] = []
        owner = None
        for planned in self._plan:
            text = cells[planned.index] if planned.index < len(cells) else ""
            if self._is_nothing(text, planned.target):
                continue
            if planned.target.name == OWNER:
                owner = None if is_nobody(text) else one_line(text)
                continue
            try:
                self._put(row, planned, text, cells, partial(self._warn, warnings, planned.name))
            except UnreadableCell as error:
                warnings.append((planned.name, planned.target.field, f"{_shown(text)} is not {error}"))
        document = {**row.document(partial(self._warn_of, warnings)), **self._constants}
        return self._checked(document, warnings, owner, row.called)

    def _is_nothing(self, text: str, target: Target) -> bool:
        if target.kind is Kind.WORDS and "none" in target.choices and one_line(text).casefold() == "none":
            return False
        return is_nothing(text, name=target.field in _NAMES, day=target.kind in (Kind.DAY, Kind.MOMENT))

    def _warn(self, warnings: list[tuple[str, str, str]], column: str, field: str, reason: str) -> None:
        warnings.append((column, field, reason))

    def _warn_of(self, warnings: list[tuple[str, str, str]], field: str, reason: str) -> None:
        warnings.append((self._columns.get(field, ""), field, reason))

    def _put(self, row: Composed, planned: _Planned, text: str, cells: Sequence[str], warn: Any) -> None:
        target = planned.target
        if _is_contact(target):
            self._put_contact(row, planned, text, cells, warn)
        elif target.kind is Kind.LONG_TEXT:
            label = planned.reading.get("label")
            row.notes[target.name].append(f"{label}: {lines(text)}" if label else lines(text))
        elif target.kind in _TEXTS and (
            target.part or target.name in _PLAIN_TEXTS or target.kind is not Kind.TEXT or "ddress" in target.name
        ):
            row.parts[target.name] = (
                text.strip() if "ddress" in target.name or target.kind is Kind.PLACE else one_line(text)
            )
        else:
            self._put_value(row, planned, text, cells)

    def _put_value(self, row: Composed, planned: _Planned, text: str, cells: Sequence[str]) -> None:
        target, reading = planned.target, planned.reading
        if target.name in row.fields and row.fields[target.name] != _GENERAL.get(target.name):
            return  # another column has said it
        if planned.beside is not None and planned.beside < len(cells) and (unit := cells[planned.beside].strip()):
            if (written := taken_apart(f"1 {unit}")) is None or not written.unit:
                raise UnreadableCell(f"clear: {unit} is no unit that we know")
            reading = {**reading, "unit": written.unit}
        try:
            value = value_of(text, target, reading, self._context)
        except UnreadableCell:
            if target.name in row.fields:
                return
            if target.field == "country":
                row.parts["country?"] = one_line(text)
            raise
        row.fields[target.name] = value
        if target.kind is Kind.MONEY:
            written = taken_apart(text)
            unit = (written.unit if written else "") or reading.get("unit", "")
            if target.name == "hoaFeeCents" and unit in ("monthly", "quarterly", "annually"):
                row.period = unit

    def _put_contact(self, row: Composed, planned: _Planned, text: str, cells: Sequence[str], warn: Any) -> None:
        kind = planned.target.kind
        texts = (emails_of if kind is Kind.EMAIL else phones_of)(text)
        stand_ins = set(planned.reading.get("standIns", ()))
        label = planned.reading.get("label", "")
        if planned.beside is not None and planned.beside < len(cells):
            said = re.sub(r"^\*\s*", "", one_line(cells[planned.beside]))
            label = said if said and said.casefold() not in _NO_LABELS else label
        if text.strip().casefold() in stand_ins:
            return
        if texts[0]:
            row.called.setdefault(planned.target.name, one_line(text) if len(texts[0]) == 1 else texts[0][0])
        row.contacts[planned.target.name] += [(one, label) for one in texts[0] if one.casefold() not in stand_ins]
        if not row.contacts[planned.target.name]:
            del row.contacts[planned.target.name]
        for wrong in texts[1]:
            what = "a valid e-mail address" if kind is Kind.EMAIL else "a valid phone number"
            warn(planned.target.name, f"{_shown(wrong)} is not {what}")

    def _checked(
        self,
        document: dict[str, Any],
        warnings: list[tuple[str, str, str]],
        owner: str | None,
        called: Mapping[str, str],
    ) -> Read:
        """Leaves out what the module refuses while there is a record without it."""
        model = self._context.module.model
        status = {"status": self._context.module.first_status}
        for _ in range(len(document) + 2):
            try:
                parsed = parse(model, {**_STORED, **status, **document})
            except Invalid as invalid:
                errors = invalid.extra["errors"]
                if not sum(self._mended(document, one, warnings, called) for one in errors):  # each of them
                    return Read({}, tuple(warnings), self._reason(errors, warnings), owner)
            else:
                stored = parsed.wire()
                return Read({name: stored[name] for name in document if name in stored}, tuple(warnings), None, owner)
        return Read({}, tuple(warnings), "it cannot be made valid", owner)

    def _mended(
        self,
        document: dict[str, Any],
        error: Mapping[str, str],
        warnings: list[tuple[str, str, str]],
        called: Mapping[str, str],
    ) -> bool:
        path, message = error["field"], error["message"]
        name = path.partition(".")[0]
        if name in _NAMES and not any(document.get(one) for one in _NAMES):
            return self._named(document, warnings, called)
        target = self._targets.get(name)
        if name not in document or (target and target.required) or name in self._constants:
            return False
        value = document[name]
        entries = value if isinstance(value, dict) else ()
        if entry := next((one for one in entries if f"{path}.".startswith(f"{name}.{one}.")), None):
            value.pop(entry)
            self._warn_of(warnings, name, f"{_shown(entry)} {message}")
            if not value:
                document.pop(name)
            return True
        document.pop(name)
        self._warn_of(warnings, name, f"{_shown(str(value))} {message}")
        return True

    def _named(self, document: dict[str, Any], warnings: list[tuple[str, str, str]], called: Mapping[str, str]) -> bool:
        """Whoever has only a telephone number, or an e-mail address, is called that."""
        if not (known := called.get("phone") or called.get("email")) or "lastName" not in self._targets:
            return False
        document["lastName"] = known
        self._warn_of(warnings, "lastName", f"there is no name, so it is {known}")
        return True

    def _reason(self, errors: Iterable[Mapping[str, str]], warnings: Sequence[tuple[str, str, str]]) -> str:
        why = {field: reason for _, field, reason in warnings}
        said = (
            f"{one['field']}: {one['message']}" + (f" ({why[one['field']]})" if one["field"] in why else "")
            for one in errors
        )
        return "; ".join(said)


def _beside(mapping: Decided, index: int) -> int | None:
    """Of a column, the nearest one that says what its values are: with the same number, where there are several."""
    column = mapping.columns[index]
    wanted = {f"{column.target}.label", f"{column.target}.unit"}
    number = column.reading.get("rank", [0, 1])
    found = [
        (abs(place - index), place)
        for place, other in enumerate(mapping.columns)
        if other.target in wanted and (other.target.endswith(".unit") or other.reading.get("number", 1) == number[1])
    ]
    return min(found)[1] if found else None


def _is_contact(target: Target) -> bool:
    return target.kind in (Kind.PHONE, Kind.EMAIL)


def _shown(text: str) -> str:
    line = one_line(text)
    return repr(line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…")
